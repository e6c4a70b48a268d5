"""Create an API token for a program and print it once: issue_token USER --tenant SLUG."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from governance.access.models import User
from governance.access.permissions import TOKEN_SCOPES
from governance.accounts import actions as account_actions
from governance.management.tenants import add_tenant_argument, tenant_named


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("user", help="登录名")
        add_tenant_argument(parser)
        parser.add_argument("--name", default="issue_token", help="用途")
        parser.add_argument("--days", type=int, default=365)
        parser.add_argument("--scope", action="append", choices=sorted(TOKEN_SCOPES), help="默认全部")

    def handle(self, *args: Any, **options: Any) -> None:
        tenant = tenant_named(options["tenant"])
        user = User.objects.filter(username=options["user"]).first()
        if user is None:
            raise CommandError(f"没有用户 no user “{options['user']}”")
        text = account_actions.create_token(
            user,
            tenant,
            name=options["name"],
            scopes=options["scope"] or sorted(TOKEN_SCOPES),
            at=timezone.now(),
            days=options["days"],
        )
        self.stdout.write(text)
