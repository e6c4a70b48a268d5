"""Menu entries of the consultation app; there are none yet."""
