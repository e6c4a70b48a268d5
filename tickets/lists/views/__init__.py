"""Pages of the ticket list, its map, saved views and exports."""
