"""Public facts of tickets: list, map, figures."""
