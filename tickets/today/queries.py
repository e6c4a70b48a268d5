"""Today page of the desk: what waits for the actor, nearest due time first, and the counters."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import (
    BooleanField,
    Count,
    ExpressionWrapper,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance.access.actors import Actor
from governance.access.permissions import Permission
from governance.clocks.models import Purpose
from governance.tenancy import gaps
from governance.tenancy.models import Tenant
from tickets.duties.models import HeadConsent, WorkAdmission
from tickets.privacy.models import DataRequest
from tickets.privacy.queries import requests_for
from tickets.states import Asking, State, Tier
from tickets.ticket import accused, queries, timing, worklist
from tickets.ticket.models.ticket import Ticket
from tickets.ticket.queries import COLUMNS, Filters
from tickets.today import brief
from tickets.whistles import queries as whistle_queries
from tickets.workflow import CLOCKS, MOVES

ROWS = 30
OVERSEEN = 15
MORE = ("pending", "address")
#: The usual next step of the holder: the label of the button, and the verb whose form it opens.
STEPS = {
    State.REPORTED: (gettext_lazy("分单"), "triage_minor"),
    State.ESCALATED: (gettext_lazy("派单"), "dispatch"),
    State.REFERRED: (gettext_lazy("派单"), "dispatch"),
    State.DISPATCHED: (gettext_lazy("接单"), "accept"),
    State.HANDLING: (gettext_lazy("办结"), "resolve"),
    State.IN_REVIEW: (gettext_lazy("结案审核"), "approve_closing"),
    State.RESOLVED: (gettext_lazy("核实反馈"), "verify"),
}
#: The next step if this clock is the nearest.
DUE_FIRST = {
    Purpose.CONTACT: (gettext_lazy("联系居民"), "contact"),
    Purpose.SUPERVISE: (gettext_lazy("回复督办、批示"), "answer_supervision"),
}
#: Of tickets due at the same moment, the more urgent come first.
RANKS = {Tier.EMERGENCY: 0, Tier.URGENT: 1}
NEVER = datetime.max.replace(tzinfo=UTC)
DECIDED_BY = {
    Asking.TRANSFER: "reassign",
    Asking.EXTENSION: "approve_extension",
    Asking.DEFERRAL: "defer",
    Asking.VOID: "void",
}


@dataclass(frozen=True, slots=True)
class Counter:
    """One figure of the page; `address`, relative to the desk, lists exactly what was counted."""

    label: str
    count: int
    address: str
    tone: str = ""


def rows(actor: Actor, at: datetime, size: int = ROWS, *, beside: Iterable[Q] = ()) -> list[dict[str, Any]]:
    """The tickets that wait for the actor, nearest due time first, then longest waiting; with time left, used
    part of the time and next step; without those shown `beside`. One statement; every reason to wait uses its own
    index."""
    shown = [~one for one in beside]
    first, *others = [_nearest(actor, way).filter(*shown)[:size] for way in worklist.reasons(actor)]
    found = (
        Ticket.objects.filter(pk__in=first.union(*others))
        .order_by("due_at", "id")
        .annotate(
            decides=ExpressionWrapper(worklist.to_decide(actor), output_field=BooleanField()),
            nearest=timing.nearest_clock(),
        )
        .values(*COLUMNS, *MORE, "nearest", "decides")[:size]
    )
    ordered = sorted(found, key=lambda row: (row["due_at"] or NEVER, RANKS.get(row["tier"], 2)))
    return [_told(row, actor, at) for row in timing.with_left(ordered, at)]


def _told(row: dict[str, Any], actor: Actor, at: datetime) -> dict[str, Any]:
    """A row with its next step and used time; `promise` names the nearest clock if it is not the usual one of
    the state."""
    usual = CLOCKS[State(row["state"])][:1]
    row |= {"purpose": row["clock"] and row["clock"].purpose}
    other = row["purpose"] and row["purpose"] not in usual
    promise = str(Purpose(row["purpose"]).label) if other else ""
    return row | _step(row, actor) | {"gone": timing.gone(row, at), "promise": promise}


def overseen(actor: Actor, at: datetime) -> list[dict[str, Any]]:
    """The overdue tickets in the areas that the actor supervises, nearest due time first.

    One statement, none without such areas.
    """
    if not actor.grants_with(Permission.TICKET_SUPERVISE):
        return []
    found = queries.page(actor, Filters(overdue=True, by_due=True), at=at, size=OVERSEEN)
    return timing.with_left(found.rows, at)


def _nearest(actor: Actor, way: Q) -> QuerySet:
    return Ticket.objects.visible_to(actor).filter(way).order_by("due_at", "id").values("pk")


def _step(row: dict[str, Any], actor: Actor) -> dict[str, Any]:
    """The next step as {step, verb}; if the actor's post does not allow it, the verb is empty and the page
    only opens."""
    if row["decides"]:
        return {"step": _("批复"), "verb": DECIDED_BY.get(Asking(row["pending"]), "")}
    if row["holder_unit_id"] not in actor.unit_ids and row["state"] != State.RESOLVED:
        return {"step": _("协办"), "verb": ""}
    label, verb = STEPS.get(State(row["state"]), ("", ""))
    if row["purpose"] in DUE_FIRST:
        label, verb = DUE_FIRST[row["purpose"]]
    placed = Ticket(area_path=row["area_path"], against_unit_id=row["against_unit_id"])
    actor = accused.in_the_centres_place(placed, actor)
    if not verb or not _may(actor, verb, row["state"]):
        return {"step": _("查看"), "verb": ""}
    return {"step": label, "verb": verb}


def _may(actor: Actor, verb: str, state: str) -> bool:
    return any(actor.grants_with(permission) for permission in MOVES[verb].who.get(State(state), ()))


def counters(actor: Actor, at: datetime, unread: int) -> list[Counter]:
    """The counters of what waits; two statements.

    Whistles and requests are included if the actor's posts deal with them. An administrator sees the open setup checks,
    and of the others those that are not zero.
    """
    told = _ticket_counts(actor, at)
    found = [
        Counter(_("待我办"), told["todo"], "tickets/?todo=1&order=due"),
        Counter(_("待办临期"), told["near"], "tickets/?todo=1&near=1&order=due", "near"),
        Counter(_("待办超期"), told["late"], "tickets/?todo=1&overdue=1&order=due", "late"),
        Counter(_("退回"), told["returned"], "tickets/?todo=1&returned=1&order=due"),
        Counter(_("指派给我"), told["assigned"], "tickets/?assigned=1&order=due"),
    ]
    if only_supervises(actor):
        found = [*_overseen_counts(actor, at), *(one for one in found if one.count)]
    if actor.grants_with(Permission.TICKET_REDISPATCH) or actor.grants_with(Permission.TICKET_VOID):
        found.append(Counter(_("待我审批"), told["approving"], "tickets/?approving=1&order=due"))
    if actor.grants_with(Permission.TICKET_VERIFY):
        found.append(Counter(_("待核实"), told["verifying"], "tickets/?verifying=1&order=due"))
    found += [*_beside(actor), Counter(_("未读通知"), unread, "inbox/")]
    if actor.grants_with(Permission.SETTINGS_EDIT):
        found = [*_setup_counts(at), *(one for one in found if one.count)]
    return found


def _setup_counts(at: datetime) -> list[Counter]:
    """The counts of what the setup check still finds; as many statements as it takes."""
    open_checks = [gap for gap in gaps.run_checks(at) if gap.count]
    grave = sum(1 for gap in open_checks if gap.grave)
    return [
        Counter(_("必须完善"), grave, "settings/gaps/", "late"),
        Counter(_("建议完善"), len(open_checks) - grave, "settings/gaps/"),
    ]


def only_supervises(actor: Actor) -> bool:
    """Does the actor supervise areas without handling tickets, as a leader does?"""
    can = actor.grants_with
    return bool(can(Permission.TICKET_SUPERVISE)) and not can(Permission.TICKET_HANDLE)


def _overseen_counts(actor: Actor, at: datetime) -> list[Counter]:
    """The figures of the supervised areas; one statement."""
    when = brief.span(at)
    wanted = {**brief.parts(when, "created_at"), "near": worklist.due_soon(at)}
    told = brief.count_parts(brief.overseen_work(actor), wanted)
    since = urlencode({"created_after": when.since.isoformat()})
    return [
        Counter(_("辖区在办"), told["open"], "tickets/?open=1"),
        Counter(_("辖区新增"), told["new"], f"tickets/?open=1&{since}"),
        Counter(_("辖区临期"), told["near"], "tickets/?near=1&order=due", "near"),
        Counter(_("辖区超期"), told["late"], "tickets/?overdue=1&order=due", "late"),
    ]


def _ticket_counts(actor: Actor, at: datetime) -> dict[str, int]:
    mine, waits = worklist.assigned(actor), worklist.waits_for(actor)
    ways = {
        "todo": waits,
        "near": waits & worklist.due_soon(at),
        "late": waits & worklist.late(at),
        "returned": waits & worklist.returned(),
        "assigned": mine,
        "approving": worklist.approving(actor),
        "verifying": worklist.verifying(actor),
    }
    counts = {name: Count("pk", filter=way) for name, way in ways.items()}
    return (
        Ticket.objects.visible_to(actor)
        .filter(worklist.any_of(*worklist.reasons(actor), mine))
        .aggregate(**counts)
    )


def _beside(actor: Actor) -> list[Counter]:
    """Things that wait besides tickets: one statement for all that the posts deal with, none if there is
    nothing."""
    can = actor.grants_with
    found = []
    if can(Permission.TICKET_ACCEPT):
        found.append((_("待应哨、待到场"), "whistles/?show=answer", whistle_queries.waiting(actor)))
    if can(Permission.ADMISSION_DECIDE):
        asked = WorkAdmission.objects.filter(state=WorkAdmission.State.ASKED)
        found.append((_("待批准入"), "admissions/", asked))
    if can(Permission.CONSENT_DECIDE):
        streets = sorted(actor.unit_ids_with(Permission.CONSENT_DECIDE))
        open_ones = [HeadConsent.State.ASKED, HeadConsent.State.UNANSWERED]
        asked = HeadConsent.objects.filter(state__in=open_ones, street_unit_id__in=streets)
        found.append((_("待答复征求意见"), "consents/", asked))
    if can(Permission.PRIVACY_DECIDE):
        asked = requests_for(actor).filter(state=DataRequest.State.OPEN)
        found.append((_("个人信息请求"), "privacy/", asked))
    if not found:
        return []
    counts = Tenant.objects.filter(pk=actor.tenant_id).values_list(
        *[_count_of(rows) for _l, _a, rows in found]
    )
    return [
        Counter(label, number, address)
        for (label, address, _rows), number in zip(found, counts.get(), strict=True)
    ]


def _count_of(rows: QuerySet) -> Coalesce:
    counted = rows.order_by().annotate(one=Value(1)).values("one").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted), 0)
