"""Load published holidays into a tenant's calendar, and print the changes."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from governance.clocks import calendar_rows, holidays
from governance.clocks.calendar_rows import Difference
from governance.clocks.holidays import Holiday
from governance.clocks.models import Clock
from governance.errors import DomainError
from governance.tenancy.models import Tenant
from governance.tenancy.scope import scope


class Command(BaseCommand):
    help = (
        "Load published holidays (from chinesecalendar, or a JSON file of name, date, isOffDay) for a tenant."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, help="JSON file; without it the library's years")
        parser.add_argument("--tenant", required=True)
        parser.add_argument("--year", type=int, action="append", help="only this year (repeatable)")
        parser.add_argument("--dry-run", action="store_true", help="show the difference, change nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        tenant = Tenant.objects.filter(slug=options["tenant"]).first()
        if tenant is None:
            raise CommandError(_("没有区县 %(slug)s") % {"slug": options["tenant"]})
        try:
            self._load(tenant, options)
        except DomainError as error:
            raise CommandError(str(error)) from error

    def _load(self, tenant: Tenant, options: dict[str, Any]) -> None:
        path, wanted = options["file"], options["year"]
        if path:
            years = {y: days for y, days in holidays.of_file(path).items() if not wanted or y in wanted}
        else:
            years = {year: holidays.of_library(year) for year in wanted or holidays.covered_years()}
        if not years:
            raise CommandError(_("没有可导入的年份"))
        with scope(tenant):
            for year, days in sorted(years.items()):
                self._year(year, days, path.name if path else holidays.LIBRARY, options["dry_run"])
            self._provisional()

    def _year(self, year: int, days: list[Holiday], source: str, dry: bool) -> None:
        found = (
            calendar_rows.difference(year, days)
            if dry
            else calendar_rows.load_year(year, days, source=source)
        )
        self._show(year, found)
        if not dry:
            self.stdout.write(_("%(year)s 年已标为已公布") % {"year": year})

    def _show(self, year: int, found: Difference) -> None:
        self.stdout.write(
            _("%(year)s 年：新增 %(added)d 天，变更 %(changed)d 天，删除 %(removed)d 天")
            % {
                "year": year,
                "added": len(found.added),
                "changed": len(found.changed),
                "removed": len(found.removed),
            }
        )
        for sign, days in (("+", found.added), ("~", found.changed)):
            for day in days:
                self.stdout.write(f"  {sign} {day.date} {_('休') if day.off else _('班')} {day.name}")
        for removed in found.removed:
            self.stdout.write(f"  - {removed}")

    def _provisional(self) -> None:
        waiting = Clock.objects.filter(ended_at__isnull=True, provisional=True).count()
        if waiting:
            self.stdout.write(
                _("%(count)d 个未结时限按暂定日历计算，请先运行 recompute_clocks --preview 查看变动")
                % {"count": waiting}
            )
