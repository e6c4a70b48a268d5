"""Whose row is this: tenants, the scope, row-level security."""
