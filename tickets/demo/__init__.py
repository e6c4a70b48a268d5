"""Demo: a synthetic district, made by calling the actions through simulated time, from a seed."""
