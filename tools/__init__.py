"""What the makers of the platform run: install, check, translate."""
