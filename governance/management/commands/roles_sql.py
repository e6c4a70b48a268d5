"""Prints what a database administrator runs once, as superuser and connected to the platform's database."""

from argparse import ArgumentParser

from django.conf import settings
from django.core.management.base import BaseCommand

from governance.environment import DatabaseUrl
from governance.tenancy.roles import database_sql, roles_sql


class Command(BaseCommand):
    """Touches no database itself, so it also works before there is one."""

    help = "Print the SQL that makes or mends the roles and the rights of the database; safe to run again."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One switch: whether the two log-in roles get the passwords that stand in the two URLs."""
        parser.add_argument(
            "--with-passwords",
            action="store_true",
            help="set the passwords of DATABASE_URL and OWNER_DATABASE_URL; the output is then a secret",
        )

    def handle(self, *, with_passwords: bool, **options: object) -> None:
        """Write the statements in the order in which they must run."""
        runtime = settings.DATABASES["default"]
        owner = DatabaseUrl.parse(settings.OWNER_DATABASE_URL).password if with_passwords else None
        statements = roles_sql(owner or None, (with_passwords and runtime["PASSWORD"]) or None)
        self.stdout.write("\n".join([*statements, *database_sql(runtime["NAME"])]))
