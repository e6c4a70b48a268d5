"""Create the demo district: a synthetic territory with people, and the tickets of 90 days."""

import os
import random
import secrets
from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.contrib.auth.hashers import make_password
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from governance.access.models import User
from governance.accounts.demo_accounts import DEMO_ACCOUNTS
from governance.events import feed
from governance.tenancy.actions import create_tenant
from governance.tenancy.models import Tenant
from governance.tenancy.scope import scope
from tickets.demo.one_day import play
from tickets.demo.simulation import Play
from tickets.demo.territory import ROOT, build

SLUG, DAYS = "demo", 90


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--tickets", type=int, default=1500, help="默认 1500")
        parser.add_argument("--play", action="store_true", help="在已有示范区演一天 play one day")
        parser.add_argument("--seconds", type=float, default=60, help="演一天用多少秒，默认 60")
        parser.add_argument("--seed", type=int, default=2026)

    def handle(self, *args: Any, **options: Any) -> None:
        if options["play"]:
            self._play(options)
        else:
            self._make(options)

    def _play(self, options: dict[str, Any]) -> None:
        tenant = Tenant.objects.filter(slug=SLUG).first()
        if tenant is None:
            raise CommandError("还没有示范区，先运行 demo there is no demo district yet")
        end = play(
            tenant,
            at=timezone.now(),
            seconds=options["seconds"],
            seed=options["seed"],
            tell=self.stdout.write,
        )
        self.stdout.write(f"示范区的时间现在是 the district's time stands at {end:%Y-%m-%d %H:%M}")

    def _make(self, options: dict[str, Any]) -> None:
        if Tenant.objects.filter(slug=SLUG).exists():
            raise CommandError("示范区已存在 the demo district is there already")
        at, password = timezone.now(), os.environ.get("DEMO_PASSWORD") or secrets.token_urlsafe(9) + "-7Q"
        begin = at - timedelta(days=DAYS)
        with transaction.atomic():
            tenant = create_tenant(slug=SLUG, name="示范区", code=ROOT, opened_at=begin)
        hashed = make_password(password)
        with scope(tenant):
            rng = random.Random(options["seed"])  # noqa: S311 - a story, not a secret
            district = build(tenant, rng, begin.date() - timedelta(days=1), hashed)
        self._operator(hashed)
        tenant.refresh_from_db()
        Play(district, begin, at).run(options["tickets"])
        feed.deliver(tenant, at)
        self._tell(password)

    def _operator(self, hashed: str) -> None:
        User.objects.get_or_create(username="operator", defaults={"password": hashed, "is_operator": True})

    def _tell(self, password: str) -> None:
        for username, role, english in DEMO_ACCOUNTS:
            self.stdout.write(f"{username:12} {role} {english}")
        if not os.environ.get("DEMO_PASSWORD"):
            self.stdout.write(f"密码 password: {password}")
