"""Time in words: time left, time overdue, moments, reasons and policies.

Pages, notices, REST and the terminal all use these texts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from governance.clocks.calendar import MINUTE, Calendar, Mode, Term, Unit, micros
from governance.clocks.models import Purpose, Step
from governance.clocks.policies import Policy

DAY, HOUR = 1440 * MINUTE, 60 * MINUTE


@dataclass(frozen=True, slots=True)
class Remaining:
    """Time to (or after) a due time: workdays or natural days, hours, minutes.

    Without fractions of a minute.
    """

    overdue: bool
    days: int
    hours: int
    minutes: int
    working: bool

    def phrase(self, due: str = "") -> str:
        """ "剩 2 个工作日 3 小时", "已超时 40 分钟"; outside working hours "已超时（今日 17:30 到期）"."""
        if self.overdue and due and self._is_nothing:
            return _("已超时（%(due)s 到期）") % {"due": due}
        return (_("已超时 %(length)s") if self.overdue else _("剩 %(length)s")) % {"length": self.length}

    @property
    def _is_nothing(self) -> bool:
        """Is it less than a minute of working time, as after closing time?"""
        return not (self.days or self.hours or self.minutes)

    @property
    def length(self) -> str:
        """The length only: "2 个工作日 3 小时"."""
        return duration(self.days, self.hours, self.minutes, working=self.working)

    def sentence(self, due: str) -> str:
        """In a sentence: "还剩 3 小时，周四 11:00 到期", "已超时 1 小时 20 分钟（周一 09:00 到期）".

        `due` is a text from `moment`.
        """
        if self.overdue and self._is_nothing:
            return self.phrase(due)
        text = _("已超时 %(length)s（%(due)s 到期）") if self.overdue else _("还剩 %(length)s，%(due)s 到期")
        return text % {"length": self.length, "due": due}

    def while_paused(self, cause: str) -> str:
        """ "已暂停（等居民补充），还剩 3 小时"."""
        head = _("已暂停（%(cause)s）") % {"cause": cause} if cause else _("已暂停")
        rest = _("已超时 %(length)s") if self.overdue else _("还剩 %(length)s")
        return _("%(head)s，%(rest)s") % {"head": head, "rest": rest % {"length": self.length}}


def describe_remaining(
    calendar: Calendar, at: datetime, due: datetime, unit: Unit, budget: int | None = None
) -> Remaining:
    """The time between a moment and a due time, in natural or working time, by the clock's unit.

    Of a `budget` in workdays never more than the budget is left: the rest of the first day does not count.
    """
    first, last = min(at, due), max(at, due)
    if unit == Unit.NATURAL_MINUTES:
        days, rest = divmod(micros(last) - micros(first), DAY)
    else:
        left = calendar.remaining(first, last, Term(Unit.WORKDAYS, Mode.SAME_CLOCK))
        days, rest = left.days, left.micros
        if rest and rest == calendar.open_on(last):  # from opening to closing time is one day
            days, rest = days + 1, 0
    if unit == Unit.WORKDAYS and budget and at <= due and days >= budget:
        days, rest = budget, 0
    hours, rest = divmod(rest, HOUR)
    return Remaining(at > due, days, hours, rest // MINUTE, unit != Unit.NATURAL_MINUTES)


def duration(days: int, hours: int, minutes: int, *, working: bool) -> str:
    """A length of time in words, without parts that are zero."""
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
    """A time limit or a use in its own unit: "5 个工作日", "4 小时", "1 小时 30 分钟"."""
    if unit == Unit.WORKDAYS:
        return ngettext("%(count)d 个工作日", "%(count)d 个工作日", count) % {"count": count}
    if unit == Unit.NATURAL_MINUTES and count >= 1440:
        days, rest = divmod(count, 1440)
        return duration(days, *divmod(rest, 60), working=False)
    return duration(0, *divmod(count, 60), working=False) if count else _("0 分钟")


def due_moment(due: datetime, now: datetime, zone: str) -> str:
    """A due time as `moment` says it, or "今日 17:30" on its own day."""
    there, here = due.astimezone(ZoneInfo(zone)), now.astimezone(ZoneInfo(zone))
    if there.date() != here.date():
        return moment(due, now, zone)
    return _("今日 %(time)s") % {"time": f"{there:%H:%M}"}


WEEKDAYS = "一二三四五六日"


def moment(at: datetime, now: datetime, zone: str) -> str:
    """A moment in words, in a time zone: "周四 11:00" in the week of `now`, else with the date.

    In another week "11月21日 周六 09:30"; in another year also with the year.
    """
    there, here = at.astimezone(ZoneInfo(zone)), now.astimezone(ZoneInfo(zone))
    if there.isocalendar()[:2] != here.isocalendar()[:2]:
        return dated(there, here)
    return f"周{WEEKDAYS[there.weekday()]} {there:%H:%M}" if _chinese() else f"{there:%a %H:%M}"


def dated(there: datetime, here: datetime) -> str:
    """11月21日 周六 09:30, both given in the local time zone; a moment in another year has its year too."""
    if not _chinese():
        return f"{there:%a %d %b %Y %H:%M}" if there.year != here.year else f"{there:%a %d %b %H:%M}"
    year = f"{there.year}年" if there.year != here.year else ""
    return f"{year}{there.month}月{there.day}日 周{WEEKDAYS[there.weekday()]} {there:%H:%M}"


def _chinese() -> bool:
    return (get_language() or "").startswith("zh")


CAUSES: dict[str, Any] = {
    "limit": gettext_lazy("暂停期满，自动恢复"),
    "ended": gettext_lazy("办结后再办之间"),
}


def declare_cause(code: str, label: Any) -> None:
    """Register the label of a reason for a pause or a resume."""
    CAUSES[code] = label


def cause(code: str) -> str:
    """A reason in words; a code without a label is returned as it is."""
    return str(CAUSES.get(code, code))


def happened(kind: str, facts: Mapping[str, Any], now: datetime, zone: str) -> str:
    """A step of a clock in words for a notice: which time limit, and when it is or was due."""
    given = {"purpose": "", "due": "", "step": ""}
    if facts.get("purpose") in Purpose.values:
        given["purpose"] = str(Purpose(facts["purpose"]).label)
    if facts.get("due_at"):
        given["due"] = moment(datetime.fromisoformat(facts["due_at"]), now, zone)
    if facts.get("step") in Step.values:
        given["step"] = str(Step(facts["step"]).label)
    if kind == "clock.warned":
        return _("%(purpose)s临期，%(due)s 到期") % given
    if kind == "clock.escalated":
        return _("%(purpose)s超时，%(step)s（%(due)s 到期）") % given
    if kind == "clock.resumed":
        return _("%(purpose)s暂停期满，已恢复计时，%(due)s 到期") % given
    if facts.get("by_change"):
        return _("%(purpose)s因时限调整而超时（%(due)s 到期）") % given
    return _("%(purpose)s超时（%(due)s 到期）") % given


def policy_words(policy: Policy) -> str:
    """A policy in words: "7 个工作日，计到当日下班；50%、80% 和到期前 1 小时预警；…"."""
    parts = [_("%(budget)s，%(how)s") % {"budget": amount(policy.budget, policy.unit), "how": _how(policy)}]
    warnings = [f"{share}%" for share in policy.warn_shares]
    if policy.warn_before:
        unit = Unit.NATURAL_MINUTES if policy.unit == Unit.NATURAL_MINUTES else Unit.WORK_MINUTES
        warnings.append(_("到期前 %(length)s") % {"length": amount(policy.warn_before, unit)})
    if warnings:
        parts.append(_("%(when)s预警") % {"when": _("、").join(warnings)})
    if policy.escalate_after:
        spans = _("、").join(amount(count, unit) for count, unit in policy.escalate_after)
        parts.append(_("超时 %(spans)s后逐级升级") % {"spans": spans})
    if not policy.pausable:
        parts.append(_("不因等待而暂停"))
    return _("；").join(parts)


def _how(policy: Policy) -> str:
    if policy.unit == Unit.WORKDAYS:
        return _("至最后一日下班止") if policy.mode == Mode.END_OF_DAY else _("至最后一日同一时刻止")
    if policy.unit == Unit.WORK_MINUTES:
        return _("只计工作时间")
    return _("按自然日计算，遇休息日顺延") if policy.roll_forward else _("按自然日连续计算")
