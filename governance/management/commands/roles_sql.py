"""Print the SQL that a database administrator runs once, as superuser."""

import os
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from governance.environment import DatabaseUrl
from governance.tenancy.roles import database_sql, roles_sql


class Command(BaseCommand):
    help = __doc__
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--with-passwords",
            action="store_true",
            help="also set the passwords in OWNER_DATABASE_URL and DATABASE_URL",
        )

    def handle(self, *args: Any, with_passwords: bool, **options: Any) -> None:
        name = connection.settings_dict["NAME"]
        passwords = (_password("OWNER_DATABASE_URL"), _password("DATABASE_URL")) if with_passwords else ()
        if not with_passwords:
            self.stdout.write("-- in any database, as superuser; set passwords afterwards with \\password")
        self.stdout.write("\n".join(roles_sql(*passwords)))
        self.stdout.write(f"\n-- connected to {name}")
        self.stdout.write("\n".join(database_sql(name)))


def _password(variable: str) -> str:
    """The password in a database URL of the environment; CommandError without one."""
    url = os.environ.get(variable)
    password = DatabaseUrl.parse(url).password if url else ""
    if not password:
        raise CommandError(f"{variable} has no password.")
    return password
