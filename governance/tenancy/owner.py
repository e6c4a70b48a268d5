"""Work as the database owner: migrations, dumps, and grants to the runtime role."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from governance.environment import DatabaseUrl
from governance.tenancy.roles import CLOCK, RUNTIME, SEARCH


def _log_in_as(user: str, password: str) -> None:
    connection.close()
    connection.close_pool()
    connection.settings_dict["USER"], connection.settings_dict["PASSWORD"] = user, password


@contextmanager
def as_owner() -> Iterator[None]:
    """Connect the default connection as the owner. Raises ImproperlyConfigured without OWNER_DATABASE_URL."""
    if not settings.OWNER_DATABASE_URL:
        raise ImproperlyConfigured("缺少环境变量 missing environment variable: OWNER_DATABASE_URL")
    owner = DatabaseUrl.parse(settings.OWNER_DATABASE_URL)
    before = connection.settings_dict["USER"], connection.settings_dict["PASSWORD"]
    _log_in_as(owner.user, owner.password)
    try:
        yield
    finally:
        _log_in_as(*before)


def grant_runtime(sender: Any = None, **kwargs: Any) -> None:
    """Grant the runtime role all four verbs on each table, or insert and read if it is append-only.

    Runs after every migration and can be repeated.
    """
    tables = connection.introspection.table_names()
    kept = {m._meta.db_table for m in apps.get_models() if getattr(m, "append_only", False)}
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        cursor.execute(f"GRANT USAGE ON SCHEMA public TO {RUNTIME}, {CLOCK}, {SEARCH}")
        for table in tables:
            cursor.execute(f"REVOKE ALL ON {quote(table)} FROM {RUNTIME}")
            if table == "django_migrations":
                verbs = "SELECT"
            else:
                verbs = "SELECT, INSERT" if table in kept else "SELECT, INSERT, UPDATE, DELETE"
            cursor.execute(f"GRANT {verbs} ON {quote(table)} TO {RUNTIME}")
        cursor.execute(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {RUNTIME}")
