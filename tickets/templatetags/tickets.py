"""Template tags and filters of ticket pages: states, places, clocks, questions, phone numbers."""

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import template
from django.utils import timezone
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from governance.access.secrets import mask_phone
from governance.clocks.queries import Story
from grids import choices as territory
from tickets.public import state_words
from tickets.questions import rules as questions
from tickets.questions.models import Question
from tickets.states import Channel, Outcome, State, Tier
from tickets.ticket import accused
from tickets.ticket.models.ratings import Rating
from tickets.ticket.models.ticket import Ticket
from tickets.whistles.workflow import WhistleKind, WhistleState

register = template.Library()

#: Besides its word, each state has a shape, so that its meaning never depends on colour alone.
SHAPES = {
    "reported": ("○", "waiting"),
    "escalated": ("△", "waiting"),
    "referred": ("▲", "waiting"),
    "dispatched": ("◇", "waiting"),
    "handling": ("◐", "working"),
    "awaiting_resident": ("‖", "paused"),
    "deferred": ("‖", "paused"),
    "divided": ("⑂", "paused"),
    "in_review": ("◑", "working"),
    "resolved": ("◕", "working"),
    "rating": ("☆", "asking"),
    "closed": ("✓", "closed"),
}


@register.filter
def holder_name(ticket: Ticket | dict[str, Any]) -> str:
    """The name of the unit that must act on a ticket or a row of a list, as `accused.acting` says; the lead's without."""
    if isinstance(ticket, Ticket):
        return accused.acting(ticket.against_unit_id, ticket.holder_unit_id, ticket.holder_unit.name)
    name = ticket["holder_unit__name"] or ticket["lead_unit__name"] or ""
    return accused.acting(ticket["against_unit_id"], ticket["holder_unit_id"], name)


@register.filter
def holder_phone(ticket: Ticket) -> str:
    """The public telephone of the unit that must act; empty where leaders act in the place of an accused unit."""
    holder = ticket.holder_unit
    return holder.phone if holder and holder_name(ticket) == holder.name else ""


@register.inclusion_tag("components/_state.html")
def state_badge(state: str, outcome: str = "") -> dict[str, str]:
    """A state as shape, colour and word; for a closed ticket with its `outcome`."""
    shape, tone = SHAPES[state]
    word = str(State(state).label)
    if state == "closed" and outcome:
        word = _("%(state)s·%(outcome)s") % {"state": word, "outcome": Outcome(outcome).label}
    return {"shape": shape, "tone": tone, "word": word}


@register.inclusion_tag("components/_state.html")
def resident_state_badge(state: str, outcome: str = "", *, asked: bool = False) -> dict[str, str]:
    """The same in residents' words; `asked`: the reader must act."""
    shape, tone = SHAPES[state]
    return {
        "shape": shape,
        "tone": tone,
        "word": state_words.state_in_plain_words(state, outcome, asked=asked),
    }


@register.filter
def place(row: dict[str, Any]) -> str:
    """The place of a row, with its community; empty if the row has no area."""
    return territory.short_of(row["area_path"], row["area__name"]) if row["area__name"] else ""


@register.filter
def place_line(row: dict[str, Any]) -> str:
    """The same with the address, without repeating the building that the address often begins with."""
    where, address = place(row), row["address"]
    if address and row["area__name"] and address.startswith(row["area__name"]):
        where = where.removesuffix(row["area__name"]).rstrip()
    return f"{where} {address}".strip()


@register.filter
def channel_word(channel: str) -> str:
    """The channel of a report, in words."""
    return str(Channel(channel).label)


@register.filter
def tier_word(tier: str) -> str:
    """The urgency, in words."""
    return str(Tier(tier).label)


WHISTLES = {
    "blown": ("○", "waiting"),
    "answered": ("◇", "waiting"),
    "working": ("◐", "working"),
    "ended": ("☆", "asking"),
    "rated": ("✓", "closed"),
}


@register.inclusion_tag("components/_state.html")
def whistle_badge(state: str) -> dict[str, str]:
    """The state of a whistle as shape, colour and word."""
    shape, tone = WHISTLES[state]
    return {"shape": shape, "tone": tone, "word": str(WhistleState(state).label)}


@register.filter
def whistle_kind(kind: str) -> str:
    """The kind of a whistle, in words."""
    return str(WhistleKind(kind).label)


@register.inclusion_tag("components/_clock_bar.html")
def clock_bar(clock: Story) -> dict[str, Any]:
    """A clock as a bar: its segments and its due time, in percent of the bar's length, in natural time."""
    last = max([clock.due_at, timezone.now() if clock.ended_at is None else clock.ended_at])
    whole = (last - clock.started_at).total_seconds() or 1

    def place(at: datetime | None) -> float:
        return round(100 * ((at or last) - clock.started_at).total_seconds() / whole, 1)

    now = timezone.now()
    parts = []
    for part in clock.segments:
        begin, end = place(part.start), place(part.end or now)
        parts.append({"state": part.state, "left": begin, "width": max(round(end - begin, 1), 0)})
    due = place(clock.due_at)
    late = {"state": "late", "left": due, "width": round(100 - due, 1)}
    return {"parts": [*parts, late] if clock.breached_at else parts, "due": due}


@register.filter
def question_kind(kind: str) -> str:
    """The kind of answer to a question, in words."""
    return str(Question.Kind(kind).label)


@register.filter
def answered(kind: str, text: str) -> str:
    """An answer in words."""
    return questions.words(kind, text)


@register.filter
def dangerous(stops: Iterable[questions.Asked]) -> bool:
    """Does one of these answers report danger to a person?"""
    return any(one.danger for one in stops)


#: Emergency numbers, hotlines of five or more digits, numbers with an area code, mobile numbers.
_TELEPHONE = re.compile(
    r"(?<![\d.-])(?:1[12]\d|12[13]\d\d|9\d{4,5}|400-?\d{3}-?\d{4}|0\d{2,3}-?\d{7,8}|1[3-9]\d{9})(?![\d.-])"
)


@register.filter
def telephones(text: str) -> SafeString:
    """The text as HTML, with its phone numbers as links that dial."""
    safe = str(conditional_escape(text))
    linked = _TELEPHONE.sub(lambda m: f'<a href="tel:{m[0].replace("-", "")}">{m[0]}</a>', safe)
    return mark_safe(linked.replace("\n", "<br>"))  # noqa: S308 - escaped above


@register.filter
def masked(phone: str) -> str:
    """The masked phone: 138****1234."""
    return mask_phone(phone)


@register.filter
def stars_in_words(rating: Rating | dict[str, Any]) -> str:
    """The stars of a rating, or of its values, as "办理结果 5 星，办理速度 4 星"; without those left out."""
    given = rating if isinstance(rating, dict) else vars(rating)
    labels = {"result": _("办理结果"), "speed": _("办理速度"), "attitude": _("服务态度")}
    found = [
        _("%(what)s %(n)s 星") % {"what": label, "n": given[name]}
        for name, label in labels.items()
        if given[name]
    ]
    return _("，").join(found)
