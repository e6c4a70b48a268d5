"""Conditions for what waits for an actor, shared by the today page, the list, the brief and their counts."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Exists, F, OuterRef, Q

from governance.access.actors import Actor
from governance.access.permissions import Permission, Role
from governance.access.policy import below
from governance.clocks.models import Deadline, Step
from governance.tenancy.scope import current
from grids.models import UnitKind
from grids.units import queries as unit_queries
from tickets.states import OPEN, Asking, State
from tickets.ticket.models.approvals import Approval
from tickets.ticket.models.remarks import Remark
from tickets.ticket.models.ticket import Assistant, Ticket
from tickets.workflow import NEAR_THE_PLACE

#: The warnings of a clock; from the first one on a ticket is near its due time (临期).
WARNINGS = (Step.WARN_1, Step.WARN_2, Step.WARN_3)
#: The states in which the holder has the next step; the others wait for a resident, a date or the parts.
TO_DO = OPEN - {State.RATING, State.AWAITING_RESIDENT, State.DEFERRED, State.DIVIDED}


def reasons(actor: Actor) -> tuple[Q, ...]:
    """The reasons for which a ticket can wait for the actor: held, assisted, to be decided, to be
    verified."""
    usual = held_by(actor), assisting(actor), to_decide(actor), verifying(actor)
    return (*usual, instead_of_the_centre(actor)) if leads_the_district(actor) else usual


def todo(actor: Actor) -> Q:
    """Every ticket with a next step for the actor's units or areas; each reason uses its own index."""
    return any_of(*reasons(actor))


def any_of(*wanted: Q) -> Q:
    """The tickets that match at least one condition.

    In a union each condition uses its own index; joined by OR none does.
    """
    first, *others = [Ticket.objects.filter(one).values("pk") for one in wanted]
    return Q(pk__in=first.union(*others, all=True))


def waits_for(actor: Actor) -> Q:
    """The same as one condition joined by OR, for rows that are already selected."""
    found = Q()
    for way in reasons(actor):
        found |= way
    return found


def assigned(actor: Actor) -> Q:
    """Open and assigned to the actor in person."""
    return in_the_name_of(actor.member_id)


def touched(actor: Actor) -> Q:
    """Handled by the actor, assigned to the actor, or with a remark of the actor."""
    if actor.member_id is None:
        return Q(pk__in=[])
    written = Remark.objects.filter(member=actor.member_id).values("ticket")
    return Q(handled_by=actor.member_id) | Q(lead_member=actor.member_id) | Q(pk__in=written)


def in_the_name_of(member_id: int | None) -> Q:
    """Open and assigned to one member."""
    return Q(lead_member_id=member_id) & ~Q(state=State.CLOSED)


def held_by(actor: Actor) -> Q:
    """Held by the actor's units, which have the next step; a member who only looks on, such as a leader, has
    none."""
    units = actor.unit_ids_with(Permission.TICKET_HANDLE)
    return Q(holder_unit_id__in=sorted(units), state__in=sorted(TO_DO))


def leads_the_district(actor: Actor) -> bool:
    """Is the actor a leader over the district, who decides about complaints in line with the county centre?"""
    return any(grant.role == Role.LEADER and not grant.line for grant in actor.grants)


def instead_of_the_centre(actor: Actor) -> Q:
    """Complaints about the county centre or a unit in line with it that it holds in name, or has to decide."""
    about = Q(against_unit_id__in=sorted(unit_queries.line_of_the_county()))
    held = Q(holder_unit__kind=UnitKind.COUNTY_CENTER, state__in=sorted(TO_DO))
    return about & (held | Q(pending_unit__kind=UnitKind.COUNTY_CENTER))


def assisting(actor: Actor) -> Q:
    """One of the actor's units has an unfinished part in it."""
    units = sorted(actor.unit_ids_with(Permission.TICKET_ACCEPT))
    parts = Assistant.objects.filter(unit_id__in=units, finished_at=None, waived_at=None)
    return Q(pk__in=parts.values("ticket_id"), state__in=[State.DISPATCHED, State.HANDLING])


def to_decide(actor: Actor) -> Q:
    """A request waits for a decision of the actor's units, or a void for a second person."""
    units = sorted(actor.unit_ids_with(Permission.TICKET_REDISPATCH))
    own = Approval.objects.filter(ticket=OuterRef("pk"), verdict="", asked_by_id=actor.member_id)
    voids = below("area_path", actor.area_paths(Permission.TICKET_VOID))
    second = Q(pending=Asking.VOID) & voids & ~Exists(own)
    return ~Q(pending="") & (Q(pending_unit_id__in=units) | second)


def approving(actor: Actor) -> Q:
    """The things that the actor's units have to decide: requests, and results to be reviewed."""
    units = sorted(actor.unit_ids_with(Permission.TICKET_REDISPATCH))
    return any_of(to_decide(actor), Q(state=State.IN_REVIEW, holder_unit_id__in=units))


def verifying(actor: Actor) -> Q:
    """Resolved, and to be verified near the place; an actor without such a role verifies only what their own
    units hold.

    """
    near_it = below("area_path", actor.area_paths(Permission.TICKET_VERIFY))
    if not actor.has_role(*NEAR_THE_PLACE):
        near_it &= Q(holder_unit_id__in=sorted(actor.unit_ids))
    return near_it & Q(state=State.RESOLVED)


def returned() -> Q:
    """Returned, and waiting to be dispatched again."""
    return Q(returns__gt=0, state__in=[State.ESCALATED, State.REFERRED])


def late(at: datetime) -> Q:
    """Open and past the nearest due time."""
    return Q(due_at__lt=at) & ~Q(state=State.CLOSED)


def today(at: datetime) -> Q:
    """Open and due before the district's day is over."""
    local = at.astimezone(ZoneInfo(current().zone))
    midnight = datetime.combine(local.date() + timedelta(days=1), time(), tzinfo=local.tzinfo)
    return Q(due_at__gte=at, due_at__lt=midnight) & ~Q(state=State.CLOSED)


def due_soon(at: datetime) -> Q:
    """Open, not late, and warned of by the clock of its due time (50 %, 80 % or the last hour of it)."""
    warned = Deadline.objects.filter(
        subject_type="tickets.ticket",
        subject_id=OuterRef("pk"),
        clock__ended_at=None,
        clock__due_at=OuterRef("due_at"),
        run=F("clock__run"),
        step__in=WARNINGS,
        due_at__lte=at,
    )
    return Q(due_at__gte=at) & ~Q(state=State.CLOSED) & Exists(warned)
