"""Requests of residents about their personal information, as far as an actor decides them."""

from django.db.models import Q, QuerySet

from governance.access.actors import Actor
from governance.access.permissions import Permission, Role
from grids.units import queries as unit_queries
from tickets.privacy.models import DataRequest
from tickets.ticket.models.ticket import outside


def requests_for(actor: Actor) -> QuerySet[DataRequest]:
    """The requests that the actor decides; none about a complaint in the actor's line.

    A leader decides only those about complaints that the county centre must not see.
    """
    grants = actor.grants_with(Permission.PRIVACY_DECIDE)
    found = DataRequest.objects.filter(outside(actor, "ticket__"))
    if any(grant.role != Role.LEADER for grant in grants):
        return found
    about = Q(ticket__against_unit_id__in=sorted(unit_queries.line_of_the_county()))
    return found.filter(about) if any(not grant.line for grant in grants) else found.none()
