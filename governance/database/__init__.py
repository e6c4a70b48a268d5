"""Django's PostgreSQL backend with psycopg's own compiled loader for timestamps."""
