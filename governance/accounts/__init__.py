"""Accounts: log in and out, change a password, issue API tokens."""
