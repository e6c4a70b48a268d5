"""Take in reports (点单)."""

import json
import uuid
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from governance import events
from governance.access import policy, secrets
from governance.access.actors import Actor
from governance.access.permissions import Permission
from governance.clocks import actions as clocks
from governance.clocks.models import Purpose
from governance.clocks.policies import Policy
from governance.errors import Conflict, Invalid
from governance.tenancy.scope import current
from governance.text import telephones
from governance.web import fields as web_fields
from grids import coordinates
from grids import tree as territory
from grids.areas import bounds
from grids.models import Level, UnitKind
from grids.roster import queries as roster
from grids.units import queries as unit_queries
from tickets.catalog.service_levels import policy_of
from tickets.catalog.tree import Node
from tickets.duties import gate
from tickets.intake import queries, source_numbers
from tickets.privacy import notice as privacy_notice
from tickets.questions import actions as question_actions
from tickets.questions import queries as question_queries
from tickets.questions import rules as questions
from tickets.states import Channel, Demand, State, Tier
from tickets.ticket import accused, holding, numbers, state_clocks
from tickets.ticket.models.reporters import Reporter
from tickets.ticket.models.ticket import Ticket

#: How long ago a call may have been, as a clerk states it.
SAID_WITHIN = timedelta(days=30)
CLOCK_SKEW = timedelta(minutes=5)  # tolerance for other clocks; a time this far ahead counts as now
#: Fields added later. An empty one is left out, so the fingerprints of earlier drafts stay the same.
LATER_FIELDS = frozenset({"said_at", "answers", "despite", "source_number", "source_due_at"})
FIELDS_OF_THE_SENDING = frozenset(
    {"proven_at", "notice_version"}
)  # describes how it was sent, not what was reported


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A report as its reporter gives it; everything but the text is optional."""

    text: str
    title: str = ""
    category: str = ""  # code
    area: str = ""  # code
    address: str = ""
    lat: Decimal | None = None
    lng: Decimal | None = None
    datum: str = "WGS-84"
    channel: str = Channel.PORTAL
    matter: str = ""
    tier: str = ""
    private: bool = False
    name: str = ""
    phone: str = ""
    anonymous: bool = False
    client_id: uuid.UUID | None = None
    against: str = ""  # code of the unit complained about
    said_at: datetime | None = None  # time of the report by the client's clock or as a clerk states it
    answers: tuple[tuple[int, Any], ...] = ()  # (id of a question of the category, answer)
    despite: bool = False  # sent although an answer advises to do something else first
    proven_at: datetime | None = None  # when the phone was proven by a code
    source_number: str = ""  # its number in the system that it comes from, such as the hotline's
    source_due_at: datetime | None = None  # the time limit of that system
    notice_version: int | None = None  # the privacy notice that the reporter has accepted

    def fingerprint(self) -> str:
        """A digest of the content: equal for a repeat, different for another report under one client id."""
        said = {name: value for name, value in asdict(self).items() if name not in FIELDS_OF_THE_SENDING}
        given = {name: value for name, value in said.items() if name not in LATER_FIELDS or value}
        return secrets.digest(json.dumps(given, default=str, sort_keys=True, ensure_ascii=False))


@dataclass(frozen=True, slots=True)
class Receipt:
    """Result of a report. `created` is False for a repeat."""

    ticket: Ticket
    reporter: Reporter
    created: bool


def report(draft: Draft, *, by: Actor, at: datetime, created_at: datetime | None = None) -> Receipt:
    """Take in a report; idempotent by `client_id`.

    `at` starts the clocks, `created_at` is the time of the report. A report that a clerk took down earlier
    counts from then (S50); a time given by a device is only stored (S20). Raises Forbidden, Invalid naming
    the field, and Conflict client_id_reused for other content under one client id.
    """
    if by.kind not in {"public", "system"}:
        policy.require(by, Permission.TICKET_REPORT)
    if draft.client_id and (known := _known(draft)):
        return known
    source_numbers.require_new(numbers.of_source(draft.source_number), draft.channel, by)
    trusted = is_the_clerks_word(draft, by, at)
    judged = questions.judge(
        question_queries.questions_of(draft.category),
        draft.answers,
        despite=draft.despite,
        whole=not by.is_system,
    )
    if judged.danger:
        require_place(draft)
    ticket = _ticket(draft, at, created_at or (min(draft.said_at, at) if trusted else at), judged.danger)
    _keep_from_the_accused(ticket)
    ticket.holder_unit_id = holding.holder_of(ticket)
    ticket.number = next_number(at)
    begins = [
        replace(b, said_at=draft.said_at, trusted=trusted) for b in state_clocks.clocks_of_state(ticket)
    ]
    ticket.due_at = min((due for b in begins if (due := clocks.due_of(b, at))), default=None)
    facts = _saved(ticket, by=by, at=at)
    reporter = _reporter(draft, ticket, by, at)
    question_actions.store_answers(ticket, judged)
    clocks.start_all(ticket, begins, at=at)
    facts |= {"now": str(ticket.state), "channel": str(ticket.channel)}
    events.record("ticket.report", ticket, by=by, at=at, **facts)
    return Receipt(ticket, reporter, created=True)


@dataclass(frozen=True, slots=True)
class Foreseen:
    """Preview of a report: the first unit, its due time, and the policy for the resolve clock."""

    unit_id: int
    due_at: datetime | None
    resolve: Policy


def foreseen(draft: Draft, *, at: datetime) -> Foreseen:
    """Preview a report made now; nothing is stored. Raises Invalid if no unit would take it."""
    judged = questions.judge(
        question_queries.questions_of(draft.category), draft.answers, despite=True, whole=False
    )
    ticket = _ticket(replace(draft, text=draft.text or "-", client_id=None), at, at, judged.danger)
    _keep_from_the_accused(ticket)
    ticket.holder_unit_id = holding.holder_of(ticket)
    dues = [clocks.due_of(begin, at) for begin in state_clocks.clocks_of_state(ticket)]
    resolve = policy_of(current(), Purpose.RESOLVE, ticket.tier, ticket.category_id)
    return Foreseen(ticket.holder_unit_id, min((due for due in dues if due), default=None), resolve)


def require_place(draft: Draft) -> None:
    """Raise Invalid if there is danger and the report gives no place."""
    if not (draft.area or web_fields.trimmed(draft.address) or draft.lat is not None):
        message = _("情况紧急，请填写具体地点、选择社区或在地图上标注，以便人员及时到场")
        raise Invalid(message, code="no_place", field="address")


def is_the_clerks_word(draft: Draft, by: Actor, at: datetime) -> bool:
    """May `said_at` start the clocks? Raises Invalid for a time outside the allowed days."""
    if draft.said_at is None or draft.channel not in {Channel.DESK, Channel.HOTLINE}:
        return False
    if not at - SAID_WITHIN <= draft.said_at <= at + CLOCK_SKEW:
        message = _("受理时间应在过去 %(n)d 天以内")
        raise Invalid(message % {"n": SAID_WITHIN.days}, code="out_of_range", field="said_at")
    return by.is_system or bool(by.grants_with(Permission.TICKET_ANSWER_FOR))


def _saved(ticket: Ticket, *, by: Actor, at: datetime) -> dict[str, Any]:
    """Store the ticket; if it goes directly to a unit, count the push and return the facts of the gate."""
    if not ticket.lead_unit_id:
        ticket.save(force_insert=True)
        return {}
    passed, push = gate.check_emergency(ticket, by=by, at=at)
    ticket.duty_item_id = passed.item_id
    ticket.save(force_insert=True)
    if push is not None:
        push.ticket_id = ticket.pk
        push.save(force_insert=True)
    return passed.facts


def _known(draft: Draft) -> Receipt | None:
    """The receipt of an earlier report under this client id.

    A concurrent request waits here for the first one.
    """
    key = f"{current().pk}:{draft.client_id}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])
    ticket = Ticket.objects.filter(client_id=draft.client_id).first()
    if ticket is None:
        return None
    if ticket.body_hash != draft.fingerprint():
        raise Conflict(
            _("该 client_id 已用于其他事项"),
            code="client_id_reused",
            field="client_id",
            number=ticket.number,
        )
    return Receipt(ticket, ticket.reporters.order_by("id").first(), created=False)


def text_of(draft: Draft) -> str:
    """The text of a report without what shows nothing at its ends; raises Invalid if it is empty or too long."""
    text = web_fields.required(draft.text, "text", _("事情经过"))
    if len(text) > settings.MAX_TEXT_LENGTH:
        message = _("事情经过最多 %(most)d 字，现有 %(given)d 字")
        raise Invalid(
            message % {"most": settings.MAX_TEXT_LENGTH, "given": len(text)}, code="too_long", field="text"
        )
    return text


def _ticket(draft: Draft, at: datetime, created_at: datetime, danger: bool = False) -> Ticket:
    text = text_of(draft)
    if (draft.lat is None) != (draft.lng is None):
        raise Invalid(
            _("经度和纬度要一起给"), code="half_a_place", field="lng" if draft.lng is None else "lat"
        )
    lat, lng = draft.lat, draft.lng
    if lat is not None and lng is not None:
        lat, lng = coordinates.stored(lat, lng, draft.datum)
        bounds.require_inside(lat, lng)
    kind, area = queries.category_of(draft.category), queries.area_of(draft.area)
    against = queries.complained_about(draft.against)
    usual = Tier.EMERGENCY if danger else kind.tier if kind else Tier.ORDINARY
    tier = queries.choice_of(Tier, draft.tier, "tier") or usual
    duty = _duty_unit(kind, area[1], at) if tier == Tier.EMERGENCY else None
    demand = Demand.COMPLAINT if against else kind.matter if kind else Demand.HELP
    return Ticket(
        client_id=draft.client_id,
        body_hash=draft.fingerprint() if draft.client_id else "",
        title=(web_fields.trimmed(draft.title) or _title_of(text))[:120],
        text=text,
        category_id=kind.id if kind else None,
        area_id=area[0],
        area_path=area[1],
        address=web_fields.trimmed(draft.address)[:200],
        lat=lat,
        lng=lng,
        datum=draft.datum if draft.lat is not None else "",
        channel=queries.choice_of(Channel, draft.channel, "channel"),
        source_number=numbers.of_source(draft.source_number),
        source_due_at=draft.source_due_at,
        matter=queries.choice_of(Demand, draft.matter, "matter") or demand,
        tier=tier,
        private=draft.private or against is not None,  # hidden from the unit complained about
        against_unit_id=against and against[0],
        state=State.DISPATCHED if duty else _entry(area[2], against and against[1]),
        lead_unit_id=duty,
        came_from=State.REFERRED if duty else "",
        dispatched_by_id=unit_queries.holders_of(area[1]).get("county_center") if duty else None,
        state_since=at,
        created_at=created_at,
    )


def _duty_unit(kind: Node | None, path: str, at: datetime) -> int | None:
    """The unit on duty for an emergency: the category's own; else, out of hours, the centre with a shift."""
    if kind and kind.duty_unit_active:
        return kind.duty_unit_id
    return None if roster.office_is_open(at) else roster.duty_unit(path, at)


def past_ticket(draft: Draft, created_at: datetime) -> Ticket:
    """An unsaved ticket with a number of the day it was created on, for imports of earlier tickets."""
    ticket = _ticket(draft, created_at, created_at)
    ticket.number = next_number(created_at)
    return ticket


def part_of(whole: Ticket, *, text: str, category: str, area: str, at: datetime) -> Ticket:
    """An unsaved ticket for one part of a split, in the state of the whole, with a number of its own."""
    text = web_fields.required(text, "parts", _("每一件的内容"))
    kind, place = (
        queries.category_of(category),
        queries.area_of(area) if area else (whole.area_id, whole.area_path, ""),
    )
    return Ticket(
        number=next_number(at),
        parent=whole,
        title=_title_of(text)[:120],
        text=text,
        category_id=kind.id if kind else whole.category_id,
        area_id=place[0],
        area_path=place[1],
        address=whole.address,
        lat=whole.lat,
        lng=whole.lng,
        datum=whole.datum,
        channel=whole.channel,
        matter=whole.matter,
        tier=whole.tier,
        private=whole.private,
        against_unit_id=whole.against_unit_id,
        state=whole.state,
        state_since=at,
        created_at=at,
    )


def _title_of(text: str) -> str:
    line = web_fields.trimmed(text.splitlines()[0])
    return line if len(line) <= 30 else line[:29] + "…"


#: A complaint about the unit that would hold it enters one level higher (design 5.2); one about the county centre
#: goes to a leader, who decides in its place.
_SKIPS = {
    UnitKind.COUNTY_CENTER: State.REFERRED,
    UnitKind.COMMUNITY: State.ESCALATED,
    UnitKind.GRID_TEAM: State.ESCALATED,
    UnitKind.STREET: State.REFERRED,
    UnitKind.STREET_CENTER: State.REFERRED,
}


def _entry(level: str, about: str | None) -> State:
    """The first state of a report: at its community, else at the county; above the level complained about."""
    near = level in {Level.COMMUNITY, Level.GRID, Level.BUILDING}
    return _SKIPS.get(about, State.REPORTED) if near else State.REFERRED


def _keep_from_the_accused(ticket: Ticket) -> None:
    """Pass over every level in the line of the unit complained about, and a duty unit of an emergency there."""
    if accused.those_in_line(ticket, [ticket.lead_unit_id]):
        ticket.lead_unit_id, ticket.came_from, ticket.dispatched_by_id = None, "", None
        ticket.state = State.REFERRED
    ticket.state = accused.passed_over(ticket, State(ticket.state))


def accepted(version: int | None, personal: bool, *, by: Actor, at: datetime) -> dict[str, Any]:
    """Values for a `Reporter` row that record the accepted privacy notice (PIPL art. 17); empty without one.

    Raises Invalid if a resident gives a name or a phone without accepting it, and for an unknown version.
    """
    if version is not None:
        return {"notice_version": privacy_notice.require(version), "accepted_at": at}
    if personal and by.kind == "public":
        message = _("留下姓名或电话前，请先阅读个人信息处理告知并勾选")
        raise Invalid(message, code="notice", field="accepted")
    return {}


def _reporter(draft: Draft, ticket: Ticket, by: Actor, at: datetime) -> Reporter:
    phone = telephones.plain(draft.phone)
    own = by.member_id if draft.channel == Channel.GRID and not (draft.name or phone) else None
    return Reporter.objects.create(
        ticket=ticket,
        member_id=own,
        name=web_fields.trimmed(draft.name)[:60],
        phone=phone,
        phone_hash=telephones.hash_of(phone),
        phone_tail=telephones.tail_hash_of(phone),
        phone_verified_at=draft.proven_at if phone else None,
        anonymous=draft.anonymous,
        channel=ticket.channel,
        **accepted(draft.notice_version, bool(web_fields.trimmed(draft.name) or phone), by=by, at=at),
        created_at=ticket.created_at,
    )


def next_number(at: datetime) -> str:
    """The next number of the day, without gaps: a report that is rolled back returns its number."""
    tenant, day = current(), territory.local_day(at)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO tickets_numbercounter AS c (tenant_id, day, last) VALUES (%s, %s, 1) "
            "ON CONFLICT (tenant_id, day) DO UPDATE SET last = c.last + 1 RETURNING last",
            [tenant.pk, day],
        )
        last = cursor.fetchone()[0]
    return f"{tenant.prefix}-{day:%Y%m%d}-{last:04d}"
