"""Remove names and phones from tickets that were closed longer ago than the district's retention period."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from governance.tenancy.models import Tenant
from governance.tenancy.scope import scope
from tickets.privacy.actions import requests as privacy


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--tenant", help="只处理这个区县 one district only")
        parser.add_argument("--dry-run", action="store_true", help="只数不改 count only")

    def handle(self, *args: Any, **options: Any) -> None:
        tenants = Tenant.objects.filter(active=True)
        if options["tenant"]:
            tenants = tenants.filter(slug=options["tenant"])
            if not tenants:
                raise CommandError(f"没有区县 no district: {options['tenant']}")
        for tenant in tenants:
            if options["dry_run"]:
                with scope(tenant):
                    count = sum(1 for _pk in privacy.to_be_anonymised(timezone.now()))
            else:
                count = privacy.anonymise(tenant, at=timezone.now())
            months = tenant.setting("retention_months")
            self.stdout.write(f"{tenant.slug}: {count} 件 tickets (> {months} 个月 months)")
