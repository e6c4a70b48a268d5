"""SQL of the database roles, run once by a database administrator or by the one-machine start.

owner     owns the schema, migrates and dumps; BYPASSRLS, because dumps must include every tenant
runtime   role of requests and workers; neither superuser nor BYPASSRLS, so no query can leave its tenant
clock     owns the functions that read due deadlines across tenants; cannot log in
search    owns the function that searches words through an index; cannot log in
"""

OWNER = "governance_owner"
RUNTIME = "governance_runtime"
CLOCK = "governance_clock"
SEARCH = "governance_search"
#: Statements and details of errors hold names and telephones, so the server's log leaves them out.
QUIET_ABOUT_DATA = ("log_min_error_statement = panic", "log_error_verbosity = terse", "log_statement = none")


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _role(name: str, options: str, password: str | None = None) -> str:
    secret = f" PASSWORD {_literal(password)}" if password else ""
    return (
        f"DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{name}') "
        f"THEN CREATE ROLE {name}; END IF; END $$;\nALTER ROLE {name} {options}{secret};"
    )


def roles_sql(owner_password: str | None = None, runtime_password: str | None = None) -> list[str]:
    """Statements that create or correct the four roles; idempotent, run by a superuser in any database."""
    return [
        _role(OWNER, "LOGIN NOSUPERUSER BYPASSRLS NOCREATEDB NOCREATEROLE", owner_password),
        _role(RUNTIME, "LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE", runtime_password),
        _role(CLOCK, "NOLOGIN NOSUPERUSER NOBYPASSRLS"),
        _role(SEARCH, "NOLOGIN NOSUPERUSER NOBYPASSRLS"),
        f"GRANT {CLOCK}, {SEARCH} TO {OWNER};",
        f"ALTER ROLE {RUNTIME} SET plan_cache_mode = force_custom_plan;",
        *(f"ALTER ROLE {role} SET {setting};" for role in (OWNER, RUNTIME) for setting in QUIET_ABOUT_DATA),
    ]


def database_sql(database: str) -> list[str]:
    """Statements for one database, run by a superuser connected to it; idempotent."""
    quoted = '"' + database.replace('"', '""') + '"'
    return [
        f"ALTER DATABASE {quoted} OWNER TO {OWNER};",
        f"REVOKE ALL ON DATABASE {quoted} FROM PUBLIC;",
        f"GRANT CONNECT, TEMPORARY ON DATABASE {quoted} TO {RUNTIME};",
        f"ALTER SCHEMA public OWNER TO {OWNER};",
        "REVOKE CREATE ON SCHEMA public FROM PUBLIC;",
        f"GRANT USAGE ON SCHEMA public TO {RUNTIME}, {CLOCK}, {SEARCH};",
    ]
