"""Service hours and the points for them. Nothing is built yet."""
