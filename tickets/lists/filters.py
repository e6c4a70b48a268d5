"""Filters of a ticket list as parameters of an address, shared by the page, the API and the export."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.db.models import Q
from django.utils.dateparse import parse_datetime
from django.utils.timezone import get_current_timezone, is_naive, make_aware
from django.utils.translation import gettext as _

from governance.access.actors import Actor
from governance.errors import Invalid
from governance.text import telephones
from grids.models import Area
from tickets.lists.map import Box
from tickets.states import Channel, State, Tier
from tickets.ticket import numbers
from tickets.ticket.models.reporters import Reporter
from tickets.ticket.models.ticket import Ticket
from tickets.ticket.queries import Filters, words_of

DAY_LENGTH = len("2026-11-21")
EARLIEST, LATEST = 1970, 2199  # years of a date in an address
#: A number of another system has a digit and no gap; words of a search are shorter or have other characters.
SOURCE_NUMBER = re.compile(r"(?=.*\d)[\w./-]{6,40}", re.ASCII)
MAX_TICKETS_OF_A_PHONE = 500  # the latest tickets of one phone number
#: Every parameter that filters or orders a list.
PARAMETERS = (
    "state",
    "category",
    "area",
    "holder",
    "mine",
    "overdue",
    "near",
    "today",
    "returned",
    "assigned",
    "touched",
    "open",
    "todo",
    "approving",
    "verifying",
    "tier",
    "channel",
    "q",
    "created_after",
    "created_before",
    "since",
    "bbox",
    "order",
)


def address_of(query: Mapping[str, str]) -> str:
    """The filters of an address as a query string, without cursor and other parameters.

    Raises Invalid as `filters_of`.
    """
    filters_of(query)
    return urlencode({name: query[name] for name in PARAMETERS if query.get(name)})


def filters_of(query: Mapping[str, str]) -> Filters:
    """Read the filters of an address; raises Invalid naming the wrong parameter."""
    states = tuple(part for part in query.get("state", "").split(",") if part)
    for state in states:
        _one_of(state, State.values, "state")
    tier, channel = query.get("tier", ""), query.get("channel", "")
    _one_of(tier, ["", *Tier.values], "tier")
    _one_of(channel, ["", *Channel.values], "channel")
    return Filters(
        state=states,
        category=query.get("category", ""),
        area_path=_path(query.get("area", "")),
        holder=query.get("holder", ""),
        mine=query.get("mine") == "1",
        overdue=query.get("overdue") in {"1", "true"},
        near=query.get("near") == "1",
        today=query.get("today") == "1",
        returned=query.get("returned") == "1",
        assigned=query.get("assigned") == "1",
        touched=query.get("touched") == "1",
        open=query.get("open") == "1",
        todo=query.get("todo") == "1",
        approving=query.get("approving") == "1",
        verifying=query.get("verifying") == "1",
        tier=tier,
        channel=channel,
        q=_words(query.get("q", "")),
        created_after=_moment(query.get("created_after", ""), "created_after"),
        created_before=_until(query.get("created_before", "")),
        since=_moment(query.get("since", ""), "since"),
        box=Box.of(query["bbox"]).condition() if query.get("bbox") else None,
        by_due=query.get("order") == "due",
    )


def _words(text: str) -> str:
    """The search words in normal width; a whole ticket number in the form in which it is stored."""
    found = numbers.numbers_in(text)
    return found[0] if found else unicodedata.normalize("NFKC", text).strip()


def filters_for(query: Mapping[str, str], actor: Actor) -> Filters:
    """The filters of an address for a page or an export: if the search words are a phone number or a number of another
    system, it is looked up."""
    filters = filters_of(query)
    if ids := _by_source(numbers.of_source(query.get("q", "")), actor):
        return _only(filters, ids)
    return _by_phone(filters, actor)


def _one_of(value: str, allowed: list[str], field: str) -> None:
    if value not in allowed:
        raise Invalid(
            _("“%(value)s”不是可选的值") % {"value": value[:40]}, code="unknown_choice", field=field
        )


def _path(code: str) -> str:
    if not code:
        return ""
    path = Area.objects.filter(code=code).values_list("path", flat=True).first()
    if path is None:
        raise Invalid(
            _("没有代码为 %(code)s 的区域") % {"code": code[:40]}, code="unknown_area", field="area"
        )
    return path


def _until(text: str) -> datetime | None:
    """The moment, or the end of the day if no hour is given."""
    moment = _moment(text, "created_before")
    return moment + timedelta(days=1) if moment and len(text) == DAY_LENGTH else moment


def _moment(text: str, field: str) -> datetime | None:
    if not text:
        return None
    try:
        moment = parse_datetime(text)
    except ValueError:
        moment = None
    if moment is None or not EARLIEST <= moment.year <= LATEST:
        message = _(
            "日期“%(text)s”无法识别：请写成年-月-日，如 2026-11-21；要写到几点，如 2026-11-21T09:30+08:00"
        )
        raise Invalid(message % {"text": text[:30]}, code="bad_time", field=field)
    return make_aware(moment, get_current_timezone()) if is_naive(moment) else moment


@dataclass(frozen=True, slots=True, kw_only=True)
class IdSet(Filters):
    """Filters that also restrict the list to given tickets, by their ids."""

    ids: tuple[int, ...]

    def condition(self, actor: Actor, at: datetime) -> Q:
        """All filters as one condition, limited to the given tickets."""
        return Filters.condition(self, actor, at) & Q(pk__in=self.ids)


def _by_phone(filters: Filters, actor: Actor) -> Filters:
    """If the search words are a whole phone number, find the tickets reported from it; else search for the
    words.

    Anonymous reporters are not found, nor those of tickets that the actor may not see: a person who knows a
    number must not learn the reporter.
    """
    if not (hashed := telephones.hash_of(telephones.whole(filters.q))):
        return replace(filters, phones=_by_parts(filters.q, actor))
    people = Reporter.objects.filter(phone_hash=hashed, anonymous=False, member=None)
    seen = people.filter(ticket__in=Ticket.objects.visible_to(actor)).order_by("-id")
    ids = tuple(seen.values_list("ticket_id", flat=True)[:MAX_TICKETS_OF_A_PHONE])
    return _only(filters, ids) if ids else replace(filters, phones=_by_parts(filters.q, actor))


def _only(filters: Filters, ids: tuple[int, ...]) -> IdSet:
    """The filters without search words, limited to tickets."""
    given = {each.name: getattr(filters, each.name) for each in fields(filters)}
    return IdSet(**{**given, "q": ""}, ids=ids)


def _by_source(q: str, actor: Actor) -> tuple[int, ...]:
    """The visible tickets with this number of another system; no statement for words that cannot be one."""
    if not SOURCE_NUMBER.fullmatch(q):
        return ()
    found = Ticket.objects.visible_to(actor).filter(source_number=q)
    return tuple(found.values_list("pk", flat=True)[:10])


def _by_parts(q: str, actor: Actor) -> tuple[tuple[str, tuple[int, ...]], ...]:
    """The words that are the last digits of a phone, or a masked one, each with the tickets reported from it; by the
    same rules, and with one statement if there are such words."""
    parts = {word: part for word in words_of(q) if (part := telephones.part_of(word))}
    if not parts:
        return ()
    tails = {telephones.tail_hash_of_part(last) for _first, last in parts.values()}
    people = Reporter.objects.filter(phone_tail__in=tails, anonymous=False, member=None)
    seen = people.filter(ticket__in=Ticket.objects.visible_to(actor)).order_by("-id")
    rows = list(seen.values_list("ticket_id", "phone")[:MAX_TICKETS_OF_A_PHONE])
    return tuple(
        (word, tuple(pk for pk, phone in rows if phone.startswith(first) and phone.endswith(last)))
        for word, (first, last) in parts.items()
    )
