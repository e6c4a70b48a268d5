"""Access control: log-ins, roles, permissions, API tokens."""
