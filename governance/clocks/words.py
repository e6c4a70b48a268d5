"""Remaining and overdue time in words, and as parts that a page can lay out by itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from governance.clocks.calendar import MINUTE, Calendar, Mode, Term, Unit, micros

DAY, HOUR = 1440 * MINUTE, 60 * MINUTE


@dataclass(frozen=True, slots=True)
class Remaining:
    """Time to (or past) a due time: workdays or natural days, hours, minutes; fractions of a minute
    dropped."""

    overdue: bool
    days: int
    hours: int
    minutes: int
    working: bool

    def phrase(self) -> str:
        """ "剩 2 个工作日 3 小时", "已超时 40 分钟"."""
        length = duration(self.days, self.hours, self.minutes, working=self.working)
        return (_("已超时 %(length)s") if self.overdue else _("剩 %(length)s")) % {"length": length}


def describe_remaining(calendar: Calendar, at: datetime, due: datetime, unit: Unit) -> Remaining:
    """What lies between an instant and a due time, in the kind of time the promise is counted in."""
    first, last = min(at, due), max(at, due)
    if unit == Unit.NATURAL_MINUTES:
        days, rest = divmod(micros(last) - micros(first), DAY)
    else:
        left = calendar.remaining(first, last, Term(Unit.WORKDAYS, Mode.SAME_CLOCK))
        days, rest = left.days, left.micros
    hours, rest = divmod(rest, HOUR)
    return Remaining(at > due, days, hours, rest // MINUTE, unit != Unit.NATURAL_MINUTES)


def duration(days: int, hours: int, minutes: int, *, working: bool) -> str:
    """A length of time in words; parts that are nought are left out."""
    parts = []
    if days and working:
        parts.append(ngettext("%(count)d 个工作日", "%(count)d 个工作日", days) % {"count": days})
    elif days:
        parts.append(ngettext("%(count)d 天", "%(count)d 天", days) % {"count": days})
    if hours:
        parts.append(ngettext("%(count)d 小时", "%(count)d 小时", hours) % {"count": hours})
    if minutes:
        parts.append(ngettext("%(count)d 分钟", "%(count)d 分钟", minutes) % {"count": minutes})
    return " ".join(parts) or _("不足 1 分钟")


def amount(count: int, unit: str) -> str:
    """A budget or a use in its own unit: "5 个工作日", "4 小时", "1 小时 30 分钟"."""
    if unit == Unit.WORKDAYS:
        return ngettext("%(count)d 个工作日", "%(count)d 个工作日", count) % {"count": count}
    if unit == Unit.NATURAL_MINUTES and count >= 1440:
        days, rest = divmod(count, 1440)
        return duration(days, *divmod(rest, 60), working=False)
    return duration(0, *divmod(count, 60), working=False) if count else _("0 分钟")
