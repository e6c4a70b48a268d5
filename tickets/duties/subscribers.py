"""Notices about work admissions and about heads of stationed agencies: receivers and wording."""

from collections.abc import Iterable
from datetime import datetime

from governance import events
from governance.access.actors import Actor
from governance.access.permissions import GRANTS, Permission, Role
from governance.clocks import words
from governance.events import notices
from governance.events.models import Event, Notice
from governance.events.notice_texts import Line, registers_lines
from governance.events.receivers import To
from governance.tenancy.scope import current
from grids import tree as territory
from grids.models import UnitKind
from grids.people import queries as people_queries
from grids.units import queries as unit_queries
from tickets.duties.models import HeadConsent, WorkAdmission
from tickets.ticket.audience import TOLD_FACTS

ADMISSION, CONSENT = "tickets.workadmission", "tickets.headconsent"


def _roles(permission: Permission) -> tuple[Role, ...]:
    return tuple(role for role, held in GRANTS.items() if permission in held)


def _staff(event: Event, units: Iterable[int | None], permission: Permission) -> list[To]:
    wanted = [pk for pk in units if pk]
    return [To(member, unit) for unit, member in people_queries.staff(wanted, event.at, _roles(permission))]


def _deciders(event: Event) -> list[To]:
    """Leaders and the county centre: all members who may decide over the whole district."""
    root = territory.district()
    if root is None:
        return []
    roles = _roles(Permission.ADMISSION_DECIDE)
    people = set().union(*(people_queries.posted_over(root.path, role, event.at) for role in roles))
    return [To(member, _county(root.path)) for member in sorted(people)]


def _county(path: str) -> int | None:
    return unit_queries.holders_of(path).get(UnitKind.COUNTY_CENTER)


@events.subscribes(
    "admission.asked",
    "admission.approved",
    "admission.refused",
    "admission.expired",
    name="tickets.tell_of_an_admission",
)
def tell_of_an_admission(event: Event) -> None:
    """Notify the deciders of a request; notify the asking department of the decision and of the expiry."""
    admission = WorkAdmission.objects.filter(pk=event.subject_id).first()
    if admission is None:
        return
    people = _deciders(event)
    if event.kind != "admission.asked":
        people = _staff(event, [admission.asked_unit_id], Permission.ADMISSION_ASK)
    _tell(event, people, f"desk/admissions/#admission-{admission.pk}")


@events.subscribes(
    "consent.asked",
    "consent.agreed",
    "consent.refused",
    "consent.unanswered",
    name="tickets.tell_of_a_consent",
)
def tell_of_a_consent(event: Event) -> None:
    """Notify the street of a request and the department of the answer; of a missing answer, both and the
    county."""
    consent = HeadConsent.objects.select_related("unit__area").filter(pk=event.subject_id).first()
    if consent is None:
        return
    street = _staff(event, [consent.street_unit_id], Permission.CONSENT_DECIDE)
    people = _staff(event, [consent.asked_unit_id], Permission.CONSENT_ASK)
    if event.kind == "consent.asked":
        people = street
    elif event.kind == "consent.unanswered":
        people += street + _staff(event, [_county(consent.unit.area.path)], Permission.TICKET_COUNTY)
    _tell(event, people, f"desk/consents/#consent-{consent.pk}")


def _tell(event: Event, people: list[To], link: str) -> None:
    others = [to for to in people if to.member_id != event.actor_id]
    notices.tell(others, event, link=link)


@events.subscribes_in_batches(
    "clock.warned", "clock.breached", "clock.escalated", name="tickets.tell_of_a_late_decision"
)
def tell_of_a_late_decision(happened: list[Event]) -> None:
    """Notify the deciders of warnings (临期), breaches (超期) and escalation steps.

    An escalation step of a consent also goes to the county centre. A silent street causes one notice
    (consent.unanswered), not a second one for the breach.
    """
    letters = []
    for event in happened:
        if event.facts.get("combined"):
            continue
        if event.subject_type == ADMISSION:
            link = f"desk/admissions/#admission-{event.subject_id}"
            letters.append(_letter(event, _deciders(event), link))
        elif event.subject_type == CONSENT and event.kind != "clock.breached":
            letters.append(_letter(event, _answering(event), f"desk/consents/#consent-{event.subject_id}"))
    notices.tell_of_time(letters)


def _answering(event: Event) -> list[To]:
    people = _staff(event, [event.facts.get("unit")], Permission.CONSENT_DECIDE)
    root = territory.district()
    if event.kind == "clock.escalated" and root is not None:
        people += _staff(event, [_county(root.path)], Permission.TICKET_COUNTY)
    return people


def _letter(event: Event, people: list[To], link: str) -> notices.Letter:
    facts = {name: event.facts[name] for name in TOLD_FACTS if name in event.facts}
    return notices.Letter(event, tuple(people), facts, link)


@registers_lines(ADMISSION)
def admission_lines(rows: list[Notice], reader: Actor, at: datetime) -> dict[int, Line]:
    """The event and the name of the work. One statement."""
    names = dict(WorkAdmission.objects.filter(pk__in=_subjects(rows)).values_list("pk", "name"))
    return _lines(rows, names, at)


@registers_lines(CONSENT)
def consent_lines(rows: list[Notice], reader: Actor, at: datetime) -> dict[int, Line]:
    """The event and the agency; the person is named only on the page. One statement."""
    found = HeadConsent.objects.filter(pk__in=_subjects(rows))
    return _lines(rows, dict(found.values_list("pk", "unit__name")), at)


def _subjects(rows: list[Notice]) -> set[int]:
    return {row.subject_id for row in rows}


def _lines(rows: list[Notice], names: dict[int, str], at: datetime) -> dict[int, Line]:
    found = {}
    for row in rows:
        timed = row.kind.startswith("clock.")
        what = words.happened(row.kind, row.facts, at, current().zone) if timed else events.sentence(row.kind)
        found[row.pk] = Line(what, title=names.get(row.subject_id, ""), link=row.link)
    return found
