"""The models of the volunteers app; each room defines its own. There are none yet."""
