"""Models of a ticket and of the records that belong to it."""
