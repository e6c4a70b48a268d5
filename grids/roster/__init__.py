"""The duty roster and leave."""
