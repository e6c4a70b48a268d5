"""Setup checks of the consultation app; there are none yet."""
