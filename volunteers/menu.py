"""Menu entries of the volunteers app; there are none yet."""
