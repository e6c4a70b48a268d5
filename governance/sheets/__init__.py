"""Settings as sheets: taken out to Excel, edited there, and brought back after a look at the differences."""
