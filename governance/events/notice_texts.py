"""Texts of notices, written when they are read.

A text is in the reader's language and names only what the reader may see.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from governance.access.actors import Actor
from governance.access.models import Member
from governance.events.kinds import BRAKED, sentence
from governance.events.models import DIGEST, Notice


@dataclass(frozen=True, slots=True)
class Line:
    """The text of a notice. `number` and `title` name the subject.

    Both are empty if there is no subject or the reader may no longer see it.
    """

    what: str
    number: str = ""
    title: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """A notice with its line.

    `held` is True while the notice waits for its time; `instead` is the name of the absent member.
    """

    notice: Notice
    line: Line
    held: bool
    instead: str = ""


Teller = Callable[[list[Notice], Actor, datetime], dict[int, Line]]
TELLERS: dict[str, Teller] = {}
WORDS: dict[str, Callable[[dict], str]] = {}


def registers_text(kind: str) -> Callable[[Callable[[dict], str]], Callable[[dict], str]]:
    """Register the function that puts one kind of notice about the district itself into words.

    Raises ValueError if the kind has another one.
    """

    def register(say: Callable[[dict], str]) -> Callable[[dict], str]:
        if WORDS.get(kind, say) is not say:
            raise ValueError(f"notices of {kind} are put into words already")
        WORDS[kind] = say
        return say

    return register


def registers_lines(subject_label: str) -> Callable[[Teller], Teller]:
    """Register the function that puts the notices about a subject ("tickets.ticket") into words.

    It returns {notice id: line}, with a number of statements that does not grow with the number of notices.
    Raises ValueError if the subject has another function.
    """

    def register(teller: Teller) -> Teller:
        label = subject_label.lower()
        if TELLERS.get(label, teller) is not teller:
            raise ValueError(f"the notices of {label} are put into words already")
        TELLERS[label] = teller
        return teller

    return register


def told(notices: Iterable[Notice], reader: Actor, at: datetime) -> list[Told]:
    """The notices of one page in words, in the same order."""
    rows = list(notices)
    by_subject: dict[str, list[Notice]] = defaultdict(list)
    for row in rows:
        by_subject[row.subject_type].append(row)
    lines: dict[int, Line] = {}
    for label, group in by_subject.items():
        lines |= TELLERS.get(label, _plain)(group, reader, at)
    names = _names(rows)
    return [
        Told(
            row,
            lines[row.pk],
            row.rings_at > at and not row.read_at,
            names.get(row.facts.get("stands_for"), ""),
        )
        for row in rows
    ]


def _names(rows: list[Notice]) -> dict[int, str]:
    wanted = {row.facts["stands_for"] for row in rows if "stands_for" in row.facts}
    return dict(Member.objects.filter(pk__in=wanted).values_list("pk", "name")) if wanted else {}


def _plain(group: list[Notice], reader: Actor, at: datetime) -> dict[int, Line]:
    """Digests, and notices about the district itself."""
    return {row.pk: _digest(row) if row.kind == DIGEST else _own(row) for row in group}


def _own(row: Notice) -> Line:
    if row.kind in WORDS:
        return Line(WORDS[row.kind](row.facts), link=row.link)
    if row.kind != BRAKED:
        return Line(sentence(row.kind), link=row.link)
    what = _(
        "%(minutes)d 分钟内时限通知超过 %(limit)d 条，已改为只汇总；平稳后自动恢复，每一条仍在日志和工单列表里"
    )
    given = {"minutes": row.facts.get("minutes", 10), "limit": row.facts.get("limit", 0)}
    return Line(what % given, link=row.link)


def _digest(row: Notice) -> Line:
    total = sum(row.facts.values())
    parts = [
        _("%(kind)s %(count)d 条") % {"kind": sentence(kind), "count": count}
        for kind, count in sorted(row.facts.items())
    ]
    head = ngettext("%(count)d 条时限提醒", "%(count)d 条时限提醒", total) % {"count": total}
    return Line(
        _("%(head)s：%(parts)s") % {"head": head, "parts": _("、").join(parts)},
        link=row.address,
    )
