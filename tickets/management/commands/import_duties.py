"""Import a duty list (履职事项清单) as a draft version; with --publish, publish it from its first day."""

from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from governance.access import actors
from governance.management.importing import ImportCommand
from governance.sheets.tables import Report, Row
from governance.tenancy.scope import current
from grids import tree as territory
from tickets.duties import imports as duty_imports
from tickets.duties.actions import versions as duty_versions

SHOWN = 20


class Command(ImportCommand):
    help = __doc__
    wanted = duty_imports.WANTED

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--publish", action="store_true", help="导入后立即发布")
        parser.add_argument("--name", default="", help="清单名称，默认用文件名")
        parser.add_argument("--from", dest="since", metavar="YYYY-MM-DD", help="施行日期，默认今天")

    def bring_in(self, rows: list[Row], **options: Any) -> Report:
        at, by = timezone.now(), actors.system(current().pk)
        try:
            since = date.fromisoformat(options["since"]) if options["since"] else territory.local_day(at)
        except ValueError as error:
            raise CommandError("--from YYYY-MM-DD") from error
        name = options["name"] or Path(options["file"]).stem[:100]
        done = duty_imports.import_duties(
            rows, name=name, valid_from=since, by=by, at=at, dry_run=options["dry_run"]
        )
        self._show(done.differences)
        if done.version and options["publish"]:
            duty_versions.publish(done.version, by=by, at=at)
            self.stdout.write(f"已发布 published: {name}, {since}")
        return done.report

    def _show(self, differences: duty_imports.Differences) -> None:
        self.stdout.write(differences.words())
        for sign, changes in (
            ("+", differences.added),
            ("-", differences.removed),
            ("~", differences.changed),
        ):
            for change in changes[:SHOWN]:
                fields = "; ".join(f"{label}: {was} → {now}" for label, was, now in change.fields)
                self.stdout.write(f"{sign} {change.code} {change.name} {fields}".rstrip())
            if len(changes) > SHOWN:
                self.stdout.write(f"{sign} … {len(changes) - SHOWN}")
