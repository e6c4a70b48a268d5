"""Print the history of a clock as lines of text."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from governance.clocks.queries import Passage, Story


def lines(story: Story) -> list[str]:
    """The time limit, the segments with the time each used, and the steps, in the clock's time zone."""
    zone = ZoneInfo(story.zone)
    facts = {
        "purpose": story.purpose_label,
        "budget": story.budget_words,
        "used": story.used_words,
        "due": _at(story.due_at, zone),
        "rest": story.phrase,
    }
    found = [_("%(purpose)s：时限 %(budget)s，已用 %(used)s，到期 %(due)s，%(rest)s") % facts]
    found.append("  " + _("规则：%(policy)s") % {"policy": story.policy_words})
    if story.provisional:
        found.append("  " + story.provisional_words)
    found += [_passage(passage, zone) for passage in story.segments]
    for step in story.steps:
        note = _("已触发") if step.fired_at else _("未到")
        combined = _("（合并通知）") if step.combined else ""
        found.append(f"  {step.label} {_at(step.due_at, zone)} {note}{combined}")
    return found


def _passage(passage: Passage, zone: ZoneInfo) -> str:
    stretch = f"{_at(passage.start, zone)} - {_at(passage.end, zone)}"
    return f"  {stretch} {passage.state_label} {passage.used_words} {passage.cause} {passage.who}".rstrip()


def _at(at: datetime | None, zone: ZoneInfo) -> str:
    return at.astimezone(zone).strftime("%Y-%m-%d %H:%M") if at else ""
