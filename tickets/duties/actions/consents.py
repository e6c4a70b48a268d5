"""Consent of the street to the head of a stationed agency (派驻机构负责人).

The department requests it before it appoints, removes or assesses a head. No answer is not a consent.
"""

from datetime import datetime

from django.utils.translation import gettext as _

from governance import events
from governance.access import policy
from governance.access.actors import Actor
from governance.access.permissions import Permission
from governance.clocks import actions as clocks
from governance.clocks.actions import NewClock
from governance.clocks.calendar import Unit as Measure
from governance.clocks.models import Purpose
from governance.clocks.policies import Policy
from governance.errors import Conflict, Forbidden, Invalid, Missing
from governance.tenancy.scope import current
from governance.web import fields as web_fields
from grids.models import Unit, UnitKind
from grids.units import queries as unit_queries
from tickets.duties.models import HeadConsent

State = HeadConsent.State
NAME = 60


def ask(
    *, unit: Unit, person: str, what: str, reason: str, asked_unit: Unit, by: Actor, at: datetime
) -> HeadConsent:
    """Request the consent of the street that the agency serves; a review clock starts for that street.

    Raises Forbidden, Invalid, and Conflict if the same request is still open.
    """
    policy.require(by, Permission.CONSENT_ASK)
    if not by.is_system and asked_unit.pk not in by.unit_ids_with(Permission.CONSENT_ASK):
        raise Forbidden(_("只能以本单位的名义征求意见"))
    person = web_fields.required(person, "person", _("负责人姓名"))[:NAME]
    reason = web_fields.required(reason, "reason", _("事由"))
    street = _street_of(unit, asked_unit)
    if HeadConsent.objects.filter(unit=unit, what=what, person=person, state__in=_OPEN).exists():
        raise Conflict(_("同一事项已在征求意见"), code="asked_already", field="person")
    days = current().setting("consent_days")
    begin = NewClock(
        purpose=Purpose.REVIEW, policy=Policy(budget=days, unit=Measure.WORKDAYS), unit_id=street
    )
    consent = HeadConsent.objects.create(
        unit=unit,
        person=person,
        what=what,
        reason=reason,
        asked_unit=asked_unit,
        asked_by_id=by.member_id,
        asked_at=at,
        street_unit_id=street,
        due_at=clocks.due_of(begin, at),
    )
    clocks.start_all(consent, [begin], at=at)
    facts = {"unit": unit.pk, "what": what, "from": asked_unit.pk, "approver": street}
    events.record("consent.asked", consent, by=by, at=at, **facts)
    return consent


def _street_of(unit: Unit, asked_unit: Unit) -> int:
    """The id of the street's centre that decides; raises Invalid if it is no agency of this department."""
    if unit.kind != UnitKind.STATIONED:
        raise Invalid(_("%(unit)s不是派驻机构") % {"unit": unit.name}, code="not_stationed", field="unit")
    if unit.parent_id is not None and not unit.path.startswith(asked_unit.path):
        raise Invalid(_("%(unit)s不是本单位的派驻机构") % {"unit": unit.name}, code="not_yours", field="unit")
    street = unit_queries.holders_of(unit.area.path).get(UnitKind.STREET_CENTER)
    if street is None:
        raise Invalid(_("%(unit)s所在区域没有街道") % {"unit": unit.name}, code="no_street", field="unit")
    return street


_OPEN = (State.ASKED, State.UNANSWERED)


def agree(consent: HeadConsent, *, by: Actor, at: datetime, answer: str) -> HeadConsent:
    """The street agrees in writing and gives its reason. Raises Forbidden, Conflict, Invalid, Missing."""
    return _decide(consent, State.AGREED, by=by, at=at, answer=answer)


def refuse(consent: HeadConsent, *, by: Actor, at: datetime, answer: str) -> HeadConsent:
    """The street does not agree and gives its reason. Raises Forbidden, Conflict, Invalid, Missing."""
    return _decide(consent, State.REFUSED, by=by, at=at, answer=answer)


def _decide(consent: HeadConsent, state: str, *, by: Actor, at: datetime, answer: str) -> HeadConsent:
    policy.require(by, Permission.CONSENT_DECIDE)
    locked = _locked(consent.pk)
    if not by.is_system and locked.street_unit_id not in by.unit_ids_with(Permission.CONSENT_DECIDE):
        raise Forbidden(_("只能由派驻机构所在的街道答复"))
    answer = web_fields.required(answer, "answer", _("答复理由"))
    if not locked.is_open:
        raise Conflict(_("已经答复过了"), code="decided")
    late = locked.state == State.UNANSWERED
    locked.state, locked.answer = state, answer
    locked.decided_by_id, locked.decided_at = by.member_id, at
    locked.save(update_fields=["state", "answer", "decided_by", "decided_at"])
    clocks.change_clocks(locked, stop=[Purpose.REVIEW], at=at)
    events.record(f"consent.{state}", locked, by=by, at=at, late=late or None)
    return locked


def lapse(consent: HeadConsent, *, by: Actor, at: datetime) -> HeadConsent:
    """Mark a request as unanswered when its time is over.

    This is no consent, and the street may still answer. The event notifies the department, the street and the
    county.
    """
    locked = _locked(consent.pk)
    if locked.state == State.ASKED:
        locked.state = State.UNANSWERED
        locked.save(update_fields=["state"])
        events.record("consent.unanswered", locked, by=by, at=at)
    return locked


def _locked(pk: int) -> HeadConsent:
    found = HeadConsent.objects.select_for_update(no_key=True).filter(pk=pk).first()
    if found is None:
        raise Missing(_("该项征求意见不存在"))
    return found
