"""Common parts of pages and API: refusals, forms, menus, limits, cache."""
