"""Tags of the ticket pages."""
