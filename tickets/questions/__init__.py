"""Extra questions for reports of a category."""
