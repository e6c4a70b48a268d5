"""Queries of the duty list: the version in force, the units it covers, admissions, counts of pushes.

The list in force is compiled with the district's configuration, so that a dispatch sends no statement for it.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from governance.access.actors import Actor
from governance.access.permissions import Permission
from governance.access.policy import below
from governance.errors import Forbidden
from governance.tenancy.config import compiled
from governance.tenancy.scope import current
from grids import tree as territory
from grids.models import Unit, UnitKind
from grids.units import queries as unit_queries
from tickets.catalog.tree import tree
from tickets.duties.models import (
    AdmissionUnit,
    DutyItem,
    DutyKind,
    DutyList,
    HeadConsent,
    Push,
    WorkAdmission,
)
from tickets.ticket.models.ticket import Ticket

#: An actor with one of these permissions sees every admission of the district.
ADMISSION_READERS = (Permission.ADMISSION_ASK, Permission.ADMISSION_DECIDE, Permission.TICKET_STREET)
#: An actor with one of these permissions sees some of the consents.
CONSENT_READERS = (Permission.CONSENT_ASK, Permission.CONSENT_DECIDE, Permission.TICKET_COUNTY)

#: Kinds of units below the county, each with its level: a list that names 街道 also means its centre and its
#: enforcement team.
LEVELS = {
    UnitKind.STREET: "street",
    UnitKind.STREET_CENTER: "street",
    UnitKind.ENFORCEMENT: "street",
    UnitKind.COMMUNITY: "community",
    UnitKind.GRID_TEAM: "community",
}
#: On these lists the named unit leads; on the cooperating list a unit above it leads.
OWN_DUTIES = frozenset({DutyKind.BASIC, DutyKind.DELEGATED})


@dataclass(frozen=True, slots=True)
class Named:
    """The party that an item names: one unit, or every unit of a kind."""

    unit_id: int | None
    kind: str
    name: str = ""

    def __str__(self) -> str:
        return self.name if self.unit_id else str(UnitKind(self.kind).label)


@dataclass(frozen=True, slots=True)
class Entry:
    """One item of the list in force."""

    pk: int
    code: str
    name: str
    kind: str
    category_id: int | None
    category_code: str
    legal_basis: str
    lead: Named
    assistants: tuple[Named, ...]


@dataclass(frozen=True, slots=True)
class InForce:
    """A version with its items, also grouped by category."""

    pk: int
    name: str
    valid_from: date
    entries: tuple[Entry, ...]
    by_category: dict[int, tuple[Entry, ...]]


def in_force(at: datetime) -> InForce | None:
    """The version in force at a moment, compiled; None if the district has published none."""
    day = territory.local_day(at)
    for pk, since, until in compiled(current(), "duty_lists", _load_lists):
        if since <= day and (until is None or day <= until):
            return compiled(current(), f"duty_list:{pk}", _loader(pk))
    return None


def _load_lists() -> list[tuple[int, date, date | None]]:
    published = DutyList.objects.exclude(state=DutyList.State.DRAFT)
    return list(published.order_by("-valid_from", "-id").values_list("id", "valid_from", "valid_to"))


def _loader(pk: int) -> Callable[[], InForce]:
    def load() -> InForce:
        version = DutyList.objects.get(pk=pk)
        entries = entries_of(version)
        by_category: dict[int, list[Entry]] = {}
        for entry in entries:
            if entry.category_id:
                by_category.setdefault(entry.category_id, []).append(entry)
        found = {category: tuple(several) for category, several in by_category.items()}
        return InForce(version.pk, version.name, version.valid_from, tuple(entries), found)

    return load


def entries_of(version: DutyList | int) -> list[Entry]:
    """The items of a version in the order of the list; two statements."""
    rows = DutyItem.objects.filter(version=version).select_related("lead_unit", "category")
    return [
        Entry(
            row.pk,
            row.code,
            row.name,
            row.kind,
            row.category_id,
            row.category.code if row.category else "",
            row.legal_basis,
            _named(row.lead_unit, row.lead_kind),
            tuple(_named(one.unit, one.kind) for one in row.assistants.all()),
        )
        for row in rows.prefetch_related("assistants__unit").order_by("id")
    ]


def _named(unit: Unit | None, kind: str) -> Named:
    return Named(unit.pk, "", unit.name) if unit else Named(None, kind)


def upwards(category_id: int | None) -> list[int]:
    """A category and those above it, the nearest first; compiled."""
    return [node.id for node in tree().upwards(category_id)]


def duty_unit_of(category_id: int | None) -> int | None:
    """The duty unit of the category, or of the nearest category above it that has one; compiled."""
    return next((node.duty_unit_id for node in tree().upwards(category_id) if node.duty_unit_id), None)


def entries_for(category_id: int | None, at: datetime) -> tuple[Entry, ...]:
    """The items in force for a category, or for the nearest one above it that has any."""
    version = in_force(at)
    if version is None:
        return ()
    return next((version.by_category[pk] for pk in upwards(category_id) if pk in version.by_category), ())


def entry_by_code(code: str, at: datetime) -> Entry | None:
    """The item with this code in the list in force, or None; compiled."""
    version = in_force(at)
    return next((entry for entry in version.entries if entry.code == code), None) if version else None


# -- units below the county


@dataclass(frozen=True, slots=True)
class Below:
    """A unit below the county: its level, its area path, and the ids of the unit and of the units it is part
    of."""

    level: str
    area_path: str
    ids: frozenset[int]


def below_county(unit: Unit) -> Below | None:
    """The street or community that a unit is, or is part of; None for departments, stationed agencies, the
    county centre."""
    anchors = compiled(current(), "below_county", _load_anchors)
    ids = [int(pk) for pk in unit.path.split("/") if pk] or [unit.pk]
    if unit.kind in {UnitKind.DEPARTMENT, UnitKind.STATIONED, UnitKind.COUNTY_CENTER}:
        return None
    for pk in reversed(ids):
        if pk in anchors:
            return Below(*anchors[pk], frozenset(ids))
    return None


def _load_anchors() -> dict[int, tuple[str, str]]:
    rows = Unit.objects.filter(kind__in=list(LEVELS)).values_list("id", "kind", "area__path")
    return {pk: (LEVELS[UnitKind(kind)], path) for pk, kind, path in rows}


def names(named: Named, place: Below) -> bool:
    """Does a list or an admission mean this unit: by its kind, by its id, or by another unit of the same
    level and area?"""
    if named.unit_id is None:
        return LEVELS.get(UnitKind(named.kind)) == place.level
    anchor = compiled(current(), "below_county", _load_anchors).get(named.unit_id)
    return named.unit_id in place.ids or anchor == (place.level, place.area_path)


def carries(entries: Iterable[Entry], place: Below, *, leads: bool) -> bool:
    """Do the items make it the unit's duty?

    To lead, it must be the lead on a basic or delegated list; to assist, it need only be named.
    """
    for entry in entries:
        if entry.kind in OWN_DUTIES and names(entry.lead, place):
            return True
        named = any(names(one, place) for one in entry.assistants)
        if named and not leads and entry.kind != DutyKind.TAKEN_BACK:
            return True
    return False


def unit_of(named: Named, ticket: Ticket) -> int | None:
    """The unit that is named, seen from the ticket's area: a kind means the unit of that kind that serves the
    area."""
    if named.unit_id is not None:
        return named.unit_id
    serving = unit_queries.holders_of(ticket.area_path)
    if named.kind in {UnitKind.STREET, UnitKind.STREET_CENTER}:
        return serving.get(UnitKind.STREET_CENTER)
    return serving.get(named.kind)


def department_of(ticket: Ticket, entries: Iterable[Entry], category_id: int | None) -> int | None:
    """The department whose work is sent down: the list's lead if above the street, else the category's duty
    unit, else the present lead."""
    anchors = compiled(current(), "below_county", _load_anchors)
    known = [entry.lead.unit_id for entry in entries]
    candidates = [*known, duty_unit_of(category_id), ticket.lead_unit_id]
    return next((pk for pk in candidates if pk and pk not in anchors), None)


# -- admissions


@dataclass(frozen=True, slots=True)
class Admitted:
    """One approved admission."""

    pk: int
    category_id: int
    valid_from: date
    valid_until: date
    asked_unit_id: int
    onto: tuple[Named, ...]


def admission_for(category_id: int | None, place: Below, at: datetime) -> Admitted | None:
    """The admission that allows sending this category to the unit on that day, or None; compiled."""
    day, lineage = territory.local_day(at), set(upwards(category_id))
    for one in compiled(current(), "admissions", _load_admissions):
        fits = one.category_id in lineage and one.valid_from <= day <= one.valid_until
        if fits and any(names(named, place) for named in one.onto):
            return one
    return None


def _load_admissions() -> list[Admitted]:
    units: dict[int, list[Named]] = {}
    approved = WorkAdmission.objects.filter(state=WorkAdmission.State.APPROVED)
    named = AdmissionUnit.objects.filter(admission__in=approved)
    for admission, unit in named.values_list("admission_id", "unit_id"):
        units.setdefault(admission, []).append(Named(unit, ""))
    return [
        Admitted(
            one.pk,
            one.category_id,
            one.valid_from,
            one.valid_until,
            one.asked_unit_id,
            (Named(None, one.onto_kind),) if one.onto_kind else tuple(units.get(one.pk, ())),
        )
        for one in approved.order_by("id")
    ]


# -- counts of pushes


@dataclass(frozen=True, slots=True)
class Pushes:
    """One department: how many of its pushes were refused, admitted, or passed as an emergency."""

    department: str
    refused: int
    admitted: int
    emergency: int


def pushes(since: datetime, until: datetime) -> list[Pushes]:
    """Pushes (拦截违规下派 N 次, 经准入 M 次) per department that owns the work, most refused first.

    Complaints about units are not counted, so that nobody learns that there are any. One statement.
    """
    rows = (
        Push.objects.filter(at__gte=since, at__lt=until, ticket__against_unit=None)
        .order_by()
        .values_list("department__name")
        .annotate(**{verdict.value: Count("pk", filter=Q(verdict=verdict)) for verdict in Push.Verdict})
    )
    found = [Pushes(name or _("未列明部门"), *counts) for name, *counts in rows]
    return sorted(found, key=lambda row: (-row.refused, -row.admitted, row.department))


def items(version: DutyList | int, *, q: str = "", kind: str = "") -> QuerySet[DutyItem]:
    """The items of a version that contain `q` and are of the kind, in the order of the list, with the rows a
    page shows."""
    found = DutyItem.objects.filter(version=version).select_related("category", "lead_unit")
    if q:
        found = found.filter(
            Q(code__icontains=q)
            | Q(name__contains=q)
            | Q(legal_basis__contains=q)
            | Q(lead_unit__name__contains=q)
        )
    if kind in DutyKind.values:
        found = found.filter(kind=kind)
    return found.prefetch_related("assistants__unit").order_by("id")


def reader(actor: Actor, permissions: tuple[Permission, ...]) -> Actor:
    """The actor for reading: a token that may read tickets reads whatever its owner's posts allow.

    Raises Forbidden.
    """
    if actor.allowed is not None and Permission.TICKET_READ not in actor.allowed:
        raise Forbidden(_("令牌没有 tickets:read 范围"), code="scope")
    reading = replace(actor, allowed=None)
    if not any(reading.grants_with(permission) for permission in permissions):
        raise Forbidden(_("您的岗位无此权限"))
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
