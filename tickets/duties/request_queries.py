"""Query work admissions, and consents on heads of stationed agencies, as far as a reader may see them."""

from dataclasses import replace

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from governance.access.actors import Actor
from governance.access.permissions import Permission
from governance.access.policy import below
from governance.errors import Forbidden
from grids.models import Unit
from tickets.duties.models import HeadConsent, WorkAdmission

#: An actor with one of these permissions sees every admission of the district.
ADMISSION_READERS = (Permission.ADMISSION_ASK, Permission.ADMISSION_DECIDE, Permission.TICKET_STREET)
#: An actor with one of these permissions sees some of the consents.
CONSENT_READERS = (Permission.CONSENT_ASK, Permission.CONSENT_DECIDE, Permission.TICKET_COUNTY)


def reader(actor: Actor, permissions: tuple[Permission, ...]) -> Actor:
    """The actor for reading: a token that may read tickets reads whatever its owner's posts allow.

    Raises Forbidden.
    """
    if actor.allowed is not None and Permission.TICKET_READ not in actor.allowed:
        raise Forbidden(_("令牌没有 tickets:read 范围"), code="scope")
    reading = replace(actor, allowed=None)
    if not any(reading.grants_with(permission) for permission in permissions):
        raise Forbidden(_("您的岗位没有这项权限"))
    return reading


def admissions() -> QuerySet[WorkAdmission]:
    """Every admission with the related rows of a page; two statements."""
    rows = WorkAdmission.objects.select_related("category", "asked_unit", "asked_by", "decided_by")
    return rows.prefetch_related("onto__unit")


def consents_of(actor: Actor) -> QuerySet[HeadConsent]:
    """The consents that the actor's departments asked for, their streets answer, or their county oversees;
    with the related rows of a page."""
    asked = Q(asked_unit_id__in=sorted(actor.unit_ids_with(Permission.CONSENT_ASK)))
    answered = Q(street_unit_id__in=sorted(actor.unit_ids_with(Permission.CONSENT_DECIDE)))
    overseen = below("unit__area__path", actor.area_paths(Permission.TICKET_COUNTY))
    rows = HeadConsent.objects.filter(asked | answered | overseen)
    return rows.select_related("unit", "asked_unit", "asked_by", "street_unit", "decided_by")


def own_units(actor: Actor, permission: Permission) -> QuerySet[Unit]:
    """The active units on whose behalf the actor may ask."""
    ids = sorted(grant.unit_id for grant in actor.grants_with(permission))
    return Unit.objects.filter(pk__in=ids, active=True)
