"""Print the SQL that a database administrator runs once, as superuser."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection

from governance.tenancy.roles import database_sql, roles_sql


class Command(BaseCommand):
    help = __doc__
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        name = connection.settings_dict["NAME"]
        self.stdout.write("-- in any database, as superuser; set passwords afterwards with \\password")
        self.stdout.write("\n".join(roles_sql()))
        self.stdout.write(f"\n-- connected to {name}")
        self.stdout.write("\n".join(database_sql(name)))
