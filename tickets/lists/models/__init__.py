"""Models of saved views and exports."""
