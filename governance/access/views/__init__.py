"""Pages of log-in and of API tokens."""
