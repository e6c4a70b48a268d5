"""Import outlines of areas from GeoJSON; each feature names its area by `code` (or `adcode`)."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from governance.access import actors
from governance.errors import DomainError
from governance.management.tenants import add_tenant_argument, tenant_named
from governance.tenancy.scope import scope
from grids import coordinates
from grids.areas import shapes


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="GeoJSON (UTF-8)")
        add_tenant_argument(parser)
        parser.add_argument(
            "--datum", choices=coordinates.DATUMS, default=coordinates.WGS84, help="文件的坐标系"
        )
        parser.add_argument("--dry-run", action="store_true", help="只检查，不保存")

    def handle(self, *args: Any, **options: Any) -> None:
        tenant = tenant_named(options["tenant"])
        try:
            features = shapes.read(options["file"].read_text(encoding="utf-8-sig"))
            with scope(tenant):
                given = {"datum": options["datum"], "dry_run": options["dry_run"]}
                by = actors.system(tenant.pk)
                taken = shapes.take_in(features, by=by, at=timezone.now(), **given)
        except (DomainError, OSError, UnicodeDecodeError) as error:
            raise CommandError(str(error)) from error
        for name, reason in taken.refused:
            self.stderr.write(f"{name}: {reason}")
        prefix = "[试运行] " if options["dry_run"] else ""
        self.stdout.write(
            f"{prefix}新增 {taken.created}，更新 {taken.changed}，相同 {taken.same}，有误 {len(taken.refused)}"
        )
