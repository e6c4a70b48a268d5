"""Work admission (工作准入): a department requests to send work down that the duty list does not carry.

The county's centre decides; an admission expires after its last day.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from governance import events
from governance.access import policy
from governance.access.actors import Actor
from governance.access.permissions import Permission
from governance.clocks import actions as clocks
from governance.clocks.models import Purpose, Step
from governance.errors import Conflict, Forbidden, Invalid, Missing
from governance.tenancy import config
from governance.tenancy.scope import current
from governance.web import fields as web_fields
from grids import tree as territory
from grids.models import Unit, UnitKind
from grids.units import queries as unit_queries
from tickets.catalog.models import Category
from tickets.catalog.service_levels import policy_of
from tickets.duties import queries as duty
from tickets.duties.models import AdmissionUnit, WorkAdmission
from tickets.states import Tier
from tickets.ticket import moving

EXPIRY = "expiry"
MOST_DAYS = 366
KINDS = (UnitKind.STREET, UnitKind.COMMUNITY)
State = WorkAdmission.State


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A department's request: which work, for which units or kind of unit, until when, with what budget."""

    name: str
    category: Category
    unit: Unit
    reason: str
    valid_from: date
    valid_until: date
    onto_kind: str = ""
    onto: Iterable[Unit] = ()
    budget: Decimal = Decimal(0)
    budget_source: str = ""


def ask(wish: Wish, *, by: Actor, at: datetime) -> WorkAdmission:
    """Request an admission in the name of the member's own department; the county's review clock starts.

    Raises Forbidden, Invalid naming the field.
    """
    policy.require(by, Permission.ADMISSION_ASK)
    if not by.is_system and wish.unit.pk not in by.unit_ids_with(Permission.ADMISSION_ASK):
        raise Forbidden(_("只能以本单位的名义申请"))
    onto = list(wish.onto)
    _onto(wish.onto_kind, onto)
    _days(wish.valid_from, wish.valid_until, at)
    deciding = _deciding_unit()
    begin = clocks.NewClock(
        purpose=Purpose.REVIEW,
        policy=policy_of(current(), Purpose.REVIEW, Tier.ORDINARY, wish.category.pk),
        unit_id=deciding,
    )
    admission = _kept(wish, by=by, at=at, due_at=clocks.due_of(begin, at))
    AdmissionUnit.objects.bulk_create([AdmissionUnit(admission=admission, unit=one) for one in onto])
    clocks.start_all(admission, [begin], at=at)
    clocks.set_deadline(admission, EXPIRY, Step.LIMIT, at=_midnight_after(wish.valid_until))
    facts = {"unit": wish.unit.pk, "category": wish.category.pk, "approver": deciding}
    facts |= {"onto": [one.pk for one in onto], "onto_kind": wish.onto_kind}
    events.record("admission.asked", admission, by=by, at=at, **facts)
    return admission


def _kept(wish: Wish, *, by: Actor, at: datetime, due_at: datetime | None) -> WorkAdmission:
    source = web_fields.trimmed(wish.budget_source)
    if wish.budget and not source:
        raise Invalid(_("请填写经费来源"), code="required", field="budget_source")
    return WorkAdmission.objects.create(
        name=web_fields.required(wish.name, "name", _("事项名称")),
        category=wish.category,
        asked_unit=wish.unit,
        asked_by_id=by.member_id,
        asked_at=at,
        onto_kind=wish.onto_kind,
        reason=web_fields.required(wish.reason, "reason", _("理由")),
        valid_from=wish.valid_from,
        valid_until=wish.valid_until,
        budget=wish.budget,
        budget_source=source,
        due_at=due_at,
    )


def _onto(kind: str, units: list[Unit]) -> None:
    if bool(kind) == bool(units):
        raise Invalid(_("请选择一类单位，或选择具体单位"), code="required", field="onto_kind")
    if kind and kind not in KINDS:
        raise Invalid(_("只能下沉到街道或社区"), code="not_below", field="onto_kind")
    for unit in units:
        if duty.below_county(unit) is None:
            message = _("%(unit)s不是街道或社区的单位，不需要准入") % {"unit": unit.name}
            raise Invalid(message, code="not_below", field="onto")


def _days(since: date, until: date, at: datetime) -> None:
    if until < max(since, territory.local_day(at)):
        raise Invalid(_("截止日期不能早于开始日期或今天"), code="date_order", field="valid_until")
    if until - since > timedelta(days=MOST_DAYS):
        raise Invalid(_("准入期最长 %(n)d 天") % {"n": MOST_DAYS}, code="out_of_range", field="valid_until")


def _deciding_unit() -> int | None:
    root = territory.district()
    return unit_queries.holders_of(root.path).get(UnitKind.COUNTY_CENTER) if root else None


def _midnight_after(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), ZoneInfo(current().zone))


def approve(admission: WorkAdmission, *, by: Actor, at: datetime, answer: str = "") -> WorkAdmission:
    """准入: the gate lets the work through until the admission's last day.

    Raises Forbidden, Conflict, Missing.
    """
    return _decide(admission, State.APPROVED, by=by, at=at, answer=web_fields.trimmed(answer))


def refuse(admission: WorkAdmission, *, by: Actor, at: datetime, answer: str) -> WorkAdmission:
    """不予准入, with the reason. Raises Forbidden, Conflict, Missing, Invalid."""
    answer = web_fields.required(answer, "answer", _("不予准入的理由"))
    return _decide(admission, State.REFUSED, by=by, at=at, answer=answer)


def _decide(admission: WorkAdmission, state: str, *, by: Actor, at: datetime, answer: str) -> WorkAdmission:
    policy.require(by, Permission.ADMISSION_DECIDE)
    locked = _locked(admission.pk)
    if by.member_id is not None and locked.asked_by_id == by.member_id:
        raise Forbidden(_("不能批复自己的申请"), code="own_request")
    if locked.asked_unit_id in by.unit_ids:
        raise Forbidden(_("不能批复本单位的申请"), code="own_request")
    if locked.state != State.ASKED:
        raise Conflict(_("这项申请%(state)s") % {"state": locked.get_state_display()}, code="decided")
    locked.state, locked.answer = state, answer
    locked.decided_by_id, locked.decided_at = by.member_id, at
    locked.save(update_fields=["state", "answer", "decided_by", "decided_at"])
    clocks.change_clocks(locked, stop=[Purpose.REVIEW], at=at)
    if state == State.REFUSED:
        clocks.cancel(locked, EXPIRY)
    else:
        config.changed(current())
    events.record(f"admission.{state}", locked, by=by, at=at, unit=locked.asked_unit_id)
    return locked


def expire(admission: WorkAdmission, *, by: Actor, at: datetime) -> WorkAdmission:
    """End an admission after its last day: the gate lets nothing more through.

    An undecided request expires too.
    """
    locked = _locked(admission.pk)
    if locked.state not in {State.ASKED, State.APPROVED}:
        return locked
    locked.state, locked.decided_at = State.EXPIRED, locked.decided_at or at
    locked.save(update_fields=["state", "decided_at"])
    clocks.change_clocks(locked, stop=[Purpose.REVIEW], at=at, outcome=moving.CANCELLED)
    config.changed(current())
    events.record("admission.expired", locked, by=by, at=at, unit=locked.asked_unit_id)
    return locked


def _locked(pk: int) -> WorkAdmission:
    found = WorkAdmission.objects.select_for_update(no_key=True).filter(pk=pk).first()
    if found is None:
        raise Missing(_("该申请不存在"))
    return found
