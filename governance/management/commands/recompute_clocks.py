"""Show which open clocks a changed calendar would move, or move them."""

from argparse import ArgumentParser
from typing import Any
from zoneinfo import ZoneInfo

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from governance.clocks.models import Purpose
from governance.clocks.recompute import Move, recompute
from governance.tenancy.models import Tenant


class Command(BaseCommand):
    help = "Compare open clocks with today's calendars (--preview) or move them (--apply). Repeatable."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--tenant", required=True)
        mode = parser.add_mutually_exclusive_group(required=True)
        mode.add_argument("--preview", action="store_true")
        mode.add_argument("--apply", action="store_true")
        parser.add_argument("--after", type=int, default=0, help="go on after this clock id")
        parser.add_argument("--lines", type=int, default=50, help="how many moved promises to list")

    def handle(self, *args: Any, **options: Any) -> None:
        tenant = Tenant.objects.filter(slug=options["tenant"]).first()
        if tenant is None:
            raise CommandError(_("没有区县 %(slug)s") % {"slug": options["tenant"]})
        at = timezone.now()
        found = recompute(tenant, at=at, apply=options["apply"], after=options["after"])
        for move in found.moves[: options["lines"]]:
            self.stdout.write(_line(move, ZoneInfo(tenant.zone)))
        self.stdout.write(
            _("共查 %(seen)d 个，移动 %(moved)d 个，其中新超时 %(late)d 个、不再超时 %(saved)d 个")
            % {
                "seen": found.seen,
                "moved": len(found.moves),
                "late": sum(move.newly_breached for move in found.moves),
                "saved": sum(move.newly_saved for move in found.moves),
            }
        )


def _line(move: Move, zone: ZoneInfo) -> str:
    was, now = (at.astimezone(zone).strftime("%Y-%m-%d %H:%M") for at in (move.was_due, move.due_at))
    mark = _("新超时") if move.newly_breached else _("不再超时") if move.newly_saved else ""
    label = Purpose(move.purpose).label
    return f"{move.subject_type}:{move.subject_id} {label} {was} -> {now} {mark}".rstrip()
