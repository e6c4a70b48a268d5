"""Public list of tickets: category, place down to the grid, state, dates, unit, answer.

No words of residents, no names, no street numbers (domain.md B9). An answer that may identify the reporter is
hidden.
"""

import re
import unicodedata
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from governance.access.actors import Actor
from governance.web.fields import visible
from grids.models import Area, Level
from tickets.catalog import marks
from tickets.states import Demand, Outcome, State
from tickets.ticket import queries
from tickets.ticket.models.remarks import Remark
from tickets.ticket.models.reporters import Reporter
from tickets.ticket.models.ticket import Ticket

SHOWN_FOR = timedelta(days=365)  # since the report
PAGE = 20
ANSWERS = ("resolve", "self_resolve")
#: Outcomes that mean nothing to neighbours, or that reveal something about the reporter.
UNSEEN_ENDS = (Outcome.DUPLICATE, Outcome.DECLINED, Outcome.WITHDRAWN, Outcome.VOID)
COLUMNS = (
    "id",
    "state",
    "outcome",
    "created_at",
    "closed_at",
    "due_at",
    "area_path",
    "summary",
    "category__name",
    "category__name_en",
    "holder_unit__name",
    "lead_unit__name",
)
#: Signs of a person: a surname with a form of address, a door, a number longer than a building's, a number
#: plate.
_IN_PERSON = re.compile(
    r"(?<!居)(?<!市)[\u4e00-\u9fff](先生|女士|小姐|太太|夫人|大爷|大妈|大叔|大娘|大哥|大姐|大嫂|阿姨|奶奶|爷爷)"
    r"|[老小][王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗](?![\u4e00-\u9fff]|$)|[老小][王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗]家"
    r"|微信|(?i:qq)"
    r"|[\u4e00-\u9fff](某|师傅|老师|同志|业主|户主)|业主[\u4e00-\u9fff]|[某]"
    r"|\d{3,}|\d[\s-]\d{3,}|[一二三四五六七八九〇零壹贰叁肆伍陆柒捌玖]{3,}|[A-Za-z][A-Za-z0-9]{4,}"
)
#: Gaps between digits, as of a number that is written apart.
_DIGITS_APART = re.compile(r"(?<=\d)\s+(?=\d)")
_DOOR = re.compile(
    r"[\dA-Za-z一二三四五六七八九十]+(?=\s*单元)|\d{3,4}(?=\s*(?:室|房|户|住户))|(?<=[-—])\d{1,2}[-—]\d{3,4}(?!\d)"
)


def hidden_category_ids() -> set[int]:
    """The categories hidden from the public: disputes, and those that the district hides."""
    return marks.categories() | marks.unlisted()


def matters(at: datetime) -> QuerySet[Ticket]:
    """The tickets that may be shown to the public: not private, not about a unit, not between neighbours, not
    part of a split, and not in a hidden category."""
    seen = Ticket.objects.filter(
        private=False, against_unit=None, parent=None, created_at__gte=at - SHOWN_FOR, created_at__lte=at
    )
    between = Q(category_id__in=hidden_category_ids()) | Q(matter=Demand.ACCUSATION)
    return seen.exclude(between).exclude(outcome__in=UNSEEN_ENDS)


def page(filters: queries.Filters, *, by: Actor, at: datetime, cursor: str | None = None) -> queries.Page:
    """One page of public tickets, newest first, by keyset; four statements at most.

    Raises Invalid for a bad cursor.
    """
    narrowed = matters(at).filter(filters.condition(by, at) & queries.after(filters, cursor))
    found = list(narrowed.order_by("-created_at", "-id").values(*COLUMNS)[: PAGE + 1])
    rows = found[:PAGE]
    (answers, lines), places = _texts(rows), _grids(rows)
    shown = [
        {
            **row,
            "answer": answers.get(row["id"], ""),
            "summary": lines.get(row["id"], ""),
            "grid": _deepest(row["area_path"], places),
        }
        for row in rows
    ]
    return queries.Page(shown, queries.cursor_of(filters, rows[-1]) if len(found) > PAGE else None)


def _texts(rows: list[dict[str, Any]]) -> tuple[dict[int, str], dict[int, str]]:
    """The last public answer of each closed ticket, and the summaries, unless they may identify a reporter."""
    closed = [row["id"] for row in rows if row["state"] == State.CLOSED]
    said: dict[int, str] = {}
    if closed:
        seen = Remark.objects.filter(ticket__in=closed, verb__in=ANSWERS, visibility=Remark.Visibility.PUBLIC)
        said = dict(seen.order_by("at", "id").values_list("ticket_id", "text"))
    written = {row["id"]: row["summary"] for row in rows if row["summary"]}
    if not said and not written:
        return {}, {}
    known, unknown = _people_of({*said, *written})
    answers = {
        ticket: masked(text)
        for ticket, text in said.items()
        if ticket not in unknown and not personal(text, known.get(ticket, []))
    }
    return answers, _unrevealing(written, known)


def _unrevealing(written: dict[int, str], known: dict[int, list[str]]) -> dict[int, str]:
    """The summaries that name none of the reporters; somebody may have followed after it was written."""
    return {ticket: text for ticket, text in written.items() if not personal(text, known.get(ticket, []))}


def summaries(rows: Iterable[dict[str, Any]]) -> dict[int, str]:
    """The summaries that may be shown of rows with `id` and `summary`; one statement if there are any."""
    written = {row["id"]: row["summary"] for row in rows if row["summary"]}
    return _unrevealing(written, _people_of(written)[0]) if written else {}


def reveals(ticket: Ticket, text: str) -> bool:
    """May a text about the ticket identify a reporter, or does it name a door? One statement."""
    known = _people_of([ticket.pk])[0].get(ticket.pk, [])
    return masked(text) != _without_marks(text) or personal(text, known)


def _people_of(tickets: Iterable[int]) -> tuple[dict[int, list[str]], set[int]]:
    """The names and phones of each ticket's reporters, with those of merged tickets; and the tickets with a
    nameless one.

    If a name was erased or never given, an answer cannot be checked against it.
    """
    ids = list(tickets)
    whose = Q(ticket__in=ids) | Q(ticket__merged_into__in=ids)
    found = Reporter.objects.filter(whose, member=None)
    known: dict[int, list[str]] = {}
    unknown: set[int] = set()
    for own, into, name, phone in found.values_list("ticket_id", "ticket__merged_into_id", "name", "phone"):
        ticket = own if into is None else into
        known.setdefault(ticket, []).extend(part for part in (name, phone) if part)
        if not name:
            unknown.add(ticket)
    return known, unknown


def without_personal_remarks(ticket: Ticket, remarks: Iterable[Remark]) -> list[Remark]:
    """The public remarks of a ticket for its followers; one statement besides that of the remarks.

    The text of a remark that may identify the reporter is replaced by a note; door numbers are masked.
    """
    found = list(remarks)
    known = _people_of([ticket.pk])[0].get(ticket.pk, []) if found else []
    for remark in found:
        hidden = personal(remark.text, known)
        remark.text = (
            _("（这条答复可能涉及反映人的个人信息，不在这里显示）") if hidden else masked(remark.text)
        )
    return found


def personal(text: str, known: Iterable[str] = ()) -> bool:
    """May the text identify a person: by one of the `known` names and phones, a form of address, or a
    number?"""
    read = visible(text)
    close = read.replace(" ", "")
    joined = _DIGITS_APART.sub("", read)
    return bool(_IN_PERSON.search(joined)) or any(part.replace(" ", "") in close for part in known)


def masked(text: str) -> str:
    """The text without doors and flats: a place is shown only down to its building."""
    return _DOOR.sub("*", _without_marks(text))


def _without_marks(text: str) -> str:
    """The text with its lines and widths, without zero-width and direction marks."""
    return "".join(char for char in text if unicodedata.category(char) != "Cf")


def grid_of(path: str) -> str:
    """The names of the community and the grid of an area path, for the public; one statement."""
    return grids_of([path])[path]


def grids_of(paths: Iterable[str]) -> dict[str, str]:
    """The same for several paths, by path; one statement."""
    wanted = list(paths)
    names = _grids([{"area_path": path} for path in wanted])
    return {path: _deepest(path, names) for path in wanted}


def _grids(rows: list[dict[str, Any]]) -> dict[str, str]:
    """The names of the streets, communities and grids on the rows' paths, by code."""
    codes = {code for row in rows for code in row["area_path"].rstrip("/").split("/")}
    if not codes:
        return {}
    named = Area.objects.filter(code__in=codes, level__in=[Level.STREET, Level.COMMUNITY, Level.GRID])
    return dict(named.values_list("code", "name"))


def _deepest(path: str, places: dict[str, str]) -> str:
    """The names of the community and the grid, as far as the path reaches; else the name of the street."""
    named = [places[code] for code in path.rstrip("/").split("/") if code in places]
    return " ".join(named[1:] or named)
