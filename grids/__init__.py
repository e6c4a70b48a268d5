"""The territory, its units, and the people who serve in them."""
