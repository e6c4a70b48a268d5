"""Pages of officers: the ticket page, bulk moves, inbox, codes to print."""
