"""Conversation about a ticket: to the resident, by the resident, between the units."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from tickets.ticket.models.remarks import Remark
from tickets.workflow import BY_RESIDENT, MOVES

#: Verbs whose remarks are talk between units; the reasons of other moves appear in the history.
AMONG_UNITS = frozenset(
    {
        "note",
        "contact",
        "correct_place",
        "resolve",
        "self_resolve",
        "urge",
        "instruct",
        "supervise",
        "answer_supervision",
        "assist_finish",
        "callback",
    }
)


@dataclass(frozen=True, slots=True)
class Said:
    """One remark: `side` is public (the resident reads it), resident (the resident's own) or internal."""

    side: str
    tag: str
    who: str
    unit: str
    at: datetime
    what: str
    text: str


def conversation_of(remarks: Iterable[Remark]) -> list[Said]:
    """The conversation, oldest first."""
    return [said for remark in remarks if (said := _said(remark))]


def _said(remark: Remark) -> Said | None:
    if remark.verb in BY_RESIDENT and remark.member_id is None:
        side, tag = "resident", _("居民")
    elif remark.visibility == Remark.Visibility.PUBLIC:
        side, tag = "public", _("对居民公开")
    elif remark.verb in AMONG_UNITS:
        side, tag = "internal", _("内部")
    else:
        return None
    move = MOVES.get(remark.verb)
    return Said(
        side=side,
        tag=tag,
        who=remark.member.name if remark.member else "",
        unit=remark.unit.name if remark.unit else "",
        at=remark.at,
        what=str(move.label) if move else "",
        text=remark.text,
    )
