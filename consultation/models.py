"""The models of the consultation app; each room defines its own. There are none yet."""
