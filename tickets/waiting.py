"""What waits for somebody, as conditions: the same for the first page, the list, the brief, and their counts."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q

from governance.access.actors import Actor
from governance.access.permissions import Permission
from governance.access.policy import below
from governance.tenancy.scope import current
from tickets.models import Approval, Assistant, Ticket
from tickets.states import OPEN, Asking, State
from tickets.workflow import NEAR_THE_PLACE

NEAR = timedelta(days=1)
#: The states in which the holder itself has the next step; in the others a resident, a date or the parts are waited for.
TO_DO = OPEN - {State.RATING, State.AWAITING_RESIDENT, State.DEFERRED, State.DIVIDED}


def ways(actor: Actor) -> tuple[Q, ...]:
    """The ways in which a ticket can wait for the actor: held, assisted, to be decided, to be verified."""
    return held(actor), assisting(actor), asked(actor), verifying(actor)


def todo(actor: Actor) -> Q:
    """Every ticket with a next step for the actor's units or places, each way of waiting from its own index."""
    return among(*ways(actor))


def among(*wanted: Q) -> Q:
    """The tickets that fit one of several conditions; one by one they keep their indexes, joined by OR they do not."""
    first, *others = [Ticket.objects.filter(one).values("pk") for one in wanted]
    return Q(pk__in=first.union(*others, all=True))


def waits(actor: Actor) -> Q:
    """The same as one condition, to be asked of rows that are at hand."""
    found = Q()
    for way in ways(actor):
        found |= way
    return found


def assigned(actor: Actor) -> Q:
    """Given to the actor in person, and open."""
    return in_the_name_of(actor.member_id)


def in_the_name_of(member_id: int | None) -> Q:
    """Given to one person, and open."""
    return Q(lead_member_id=member_id) & ~Q(state=State.CLOSED)


def held(actor: Actor) -> Q:
    """The own units hold it, and the next step is theirs; who looks on, as a leader does, has none."""
    units = actor.unit_ids_with(Permission.TICKET_HANDLE)
    return Q(holder_unit_id__in=sorted(units), state__in=sorted(TO_DO))


def assisting(actor: Actor) -> Q:
    """An own unit still has a part in it."""
    units = sorted(actor.unit_ids_with(Permission.TICKET_ACCEPT))
    parts = Assistant.objects.filter(unit_id__in=units, finished_at=None, waived_at=None)
    return Q(pk__in=parts.values("ticket_id"), state__in=[State.DISPATCHED, State.HANDLING])


def asked(actor: Actor) -> Q:
    """A request waits for the own unit's word, or a void for its second person."""
    units = sorted(actor.unit_ids_with(Permission.TICKET_REDISPATCH))
    own = Approval.objects.filter(ticket=OuterRef("pk"), verdict="", asked_by_id=actor.member_id)
    voids = below("area_path", actor.area_paths(Permission.TICKET_VOID))
    second = Q(pending=Asking.VOID) & voids & ~Exists(own)
    return ~Q(pending="") & (Q(pending_unit_id__in=units) | second)


def approving(actor: Actor) -> Q:
    """What the own unit has to decide: requests, and endings to be reviewed."""
    units = sorted(actor.unit_ids_with(Permission.TICKET_REDISPATCH))
    return among(asked(actor), Q(state=State.IN_REVIEW, holder_unit_id__in=units))


def verifying(actor: Actor) -> Q:
    """Done, and somebody near the place looks at it: who is not near, only where nobody nearer serves the place."""
    near_it = below("area_path", actor.area_paths(Permission.TICKET_VERIFY))
    if not actor.has_role(*NEAR_THE_PLACE):
        near_it &= Q(holder_unit_id__in=sorted(actor.unit_ids))
    about = Q(against_unit_id__in=sorted(actor.unit_ids))
    return near_it & Q(state=State.RESOLVED) & (Q(against_unit=None) | ~about)


def returned() -> Q:
    """Given back, and waiting to be sent out again."""
    return Q(returns__gt=0, state__in=[State.ESCALATED, State.REFERRED])


def late(at: datetime) -> Q:
    """Open and past the nearest due time."""
    return Q(due_at__lt=at) & ~Q(state=State.CLOSED)


def today(at: datetime) -> Q:
    """Open and due before the district's day is over."""
    local = at.astimezone(ZoneInfo(current().zone))
    midnight = datetime.combine(local.date() + timedelta(days=1), time(), tzinfo=local.tzinfo)
    return Q(due_at__gte=at, due_at__lt=midnight) & ~Q(state=State.CLOSED)


def near(at: datetime) -> Q:
    """Open and due within a day."""
    return Q(due_at__gte=at, due_at__lt=at + NEAR) & ~Q(state=State.CLOSED)
