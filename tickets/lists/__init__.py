"""Lists of tickets: filters, columns, saved views, map, export."""
