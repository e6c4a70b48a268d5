"""The territory tree: areas, outlines, recutting."""
