"""Django's migrate, run as the owner: the runtime role may not change tables."""

from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands.migrate import Command as Migrate
from django.db import connection

from governance.database import history
from governance.tenancy.owner import as_owner


class Command(Migrate):
    """The same options as Django's command; needs OWNER_DATABASE_URL. Refuses a database of an older version."""

    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        with as_owner():
            self._refuse_older_data()
            super().handle(*args, **{**options, "skip_checks": True})

    def _refuse_older_data(self) -> None:
        if "django_migrations" not in connection.introspection.table_names():
            return
        with connection.cursor() as cursor:
            cursor.execute(history.APPLIED)
            unknown = history.unknown_migrations(cursor.fetchall())
        if unknown:
            raise CommandError(
                f"This database was made by an older version ({unknown[-1]}), which this version cannot "
                "continue. Nothing in it was changed. Use a new database."
            )
