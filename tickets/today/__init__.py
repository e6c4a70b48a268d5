"""The first page of the desk and the morning brief."""
