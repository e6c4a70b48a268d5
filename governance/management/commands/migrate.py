"""Django's migrate, run as the owner: the runtime role may not change tables."""

from typing import Any

from django.core.management.commands.migrate import Command as Migrate

from governance.tenancy.owner import as_owner


class Command(Migrate):
    """The same options as Django's command; needs OWNER_DATABASE_URL."""

    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        with as_owner():
            super().handle(*args, **{**options, "skip_checks": True})
