"""Setup checks of the volunteers app; there are none yet."""
