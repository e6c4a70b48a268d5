"""The territory and who serves it."""
