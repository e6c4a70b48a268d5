"""The tests mirror the rooms; journeys walk through all of them."""
