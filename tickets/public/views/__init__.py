"""Public pages: the list, the map, the areas."""
