"""A synthetic district, made by driving the actions through simulated time from a seed."""
