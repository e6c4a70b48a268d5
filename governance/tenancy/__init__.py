"""Tenancy: districts, the scope of a transaction, row-level security."""
