"""Check every chain and every digest of the event log, and print each break."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from governance.events import log
from governance.events.models import Event
from governance.management.tenants import tenant_named
from governance.tenancy.models import Tenant
from governance.tenancy.scope import scope


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--tenant", metavar="SLUG", help="只查一个区县")

    def handle(self, *args: Any, **options: Any) -> None:
        tenants = [tenant_named(options["tenant"])] if options["tenant"] else Tenant.objects.all()
        broken = sum(self._verify(tenant) for tenant in tenants)
        if broken:
            raise CommandError(f"{broken} 处不符 breaks")

    def _verify(self, tenant: Tenant) -> int:
        with scope(tenant):
            breaks = list(log.verify())
            count = Event.objects.count()
        for found in breaks:
            self.stderr.write(
                f"{tenant.slug}: {found.subject_type}:{found.subject_id} #{found.seq} {found.why}"
            )
        self.stdout.write(f"{tenant.slug}: {count} 条记录 events, {len(breaks)} 处不符 breaks")
        return len(breaks)
