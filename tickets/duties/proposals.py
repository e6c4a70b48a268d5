"""Proposals for a dispatch, with reasons: the duty list, similar tickets, the category's duty unit."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from grids import tree as territory
from grids.models import Unit
from tickets.duties import queries as duty
from tickets.duties.models import DutyKind
from tickets.states import Outcome, State
from tickets.ticket import accused
from tickets.ticket.models.ticket import Ticket

#: The period in which similar tickets are counted.
SIMILAR_FOR = timedelta(days=180)
#: Of the units that settled most similar tickets, how many are considered, and how many are proposed.
MOST_LOOKED_AT = 20
MOST_NAMED = 2


@dataclass(frozen=True, slots=True)
class Proposal:
    """A unit to dispatch to, the assistants, the source of the advice, and the reason in words."""

    unit: Unit
    assistants: tuple[Unit, ...]
    source: str  # duty_list, history, category
    why: str


def propose(ticket: Ticket, at: datetime, among: QuerySet[Unit] | None = None) -> list[Proposal]:
    """Propose units by the duty list, by similar tickets settled lately, and by the category's duty unit.

    Best first, each unit once, only units of `among` (None: any). Similar tickets do not lead to a unit that
    does not serve the ticket's area. Two statements at most.
    """
    entries = [one for one in duty.entries_for(ticket.category_id, at) if duty.unit_of(one.lead, ticket)]
    past, everywhere = _similar(ticket, at)
    total, best = sum(n for _pk, n in past), past[:MOST_LOOKED_AT]
    fallback = duty.duty_unit_of(ticket.category_id)
    parties = [_parties(entry, ticket) for entry in entries]
    wanted = {pk for several in parties for pk in several} | {pk for pk, _n in best} | {fallback}
    offered = Unit.objects.filter(active=True) if among is None else among
    units = offered.select_related("area").in_bulk(sorted(wanted - {None}))
    found: list[tuple[int | None, tuple[Unit, ...], str, str]] = []
    for entry, (lead, *others) in zip(entries, parties, strict=True):
        helpers = tuple(units[pk] for pk in others if pk in units and pk != lead)
        found.append((lead, helpers, "duty_list", _by_list(entry)))
    here = [(pk, n) for pk, n in best if pk in units and ticket.area_path.startswith(units[pk].area.path)]
    for pk, n in here[:MOST_NAMED]:
        found.append((pk, (), "history", _by_history(units[pk].name, n, total, everywhere)))
    found.append((fallback, (), "category", _("事项分类的首办单位")))
    proposals: dict[int, Proposal] = {}
    kept_out = accused.those_in_line(ticket, units)
    for pk, helpers, source, why in found:
        helpers = tuple(one for one in helpers if one.pk not in kept_out)
        if pk in units and pk not in kept_out:
            proposals.setdefault(pk, Proposal(units[pk], helpers, source, why))
    return list(proposals.values())


def duty_of_another(ticket: Ticket, at: datetime, among: QuerySet[Unit]) -> Unit | None:
    """The lead that the duty list names for the ticket, if it is none of the units `among`; else None.

    No statement without an item for the category.
    """
    leads = [duty.unit_of(entry.lead, ticket) for entry in duty.entries_for(ticket.category_id, at)]
    found = leads and leads[0]
    if not found or found in accused.those_in_line(ticket, [found]) or among.filter(pk=found).exists():
        return None
    unit = Unit.objects.filter(pk=found, active=True).first()
    return unit if unit and duty.below_county(unit) is None else None


def _parties(entry: duty.Entry, ticket: Ticket) -> list[int | None]:
    """The ids of the lead and the assistants, seen from the ticket's area."""
    return [duty.unit_of(one, ticket) for one in (entry.lead, *entry.assistants)]


def _by_list(entry: duty.Entry) -> str:
    given = {"code": entry.code, "name": entry.name, "basis": entry.legal_basis}
    given["kind"] = str(DutyKind(entry.kind).label)
    if entry.legal_basis:
        return _("依据履职清单第 %(code)s 项“%(name)s”(%(kind)s)，%(basis)s") % given
    return _("依据履职清单第 %(code)s 项“%(name)s”(%(kind)s)") % given


def _by_history(name: str, settled: int, total: int, everywhere: bool) -> str:
    given = {"n": total, "m": settled, "unit": name}
    if everywhere:
        return _("近半年全区县同类 %(n)d 件，%(m)d 件由%(unit)s办结") % given
    return _("近半年本街道同类 %(n)d 件，%(m)d 件由%(unit)s办结") % given


def _similar(ticket: Ticket, at: datetime) -> tuple[list[tuple[int, int]], bool]:
    """The number of tickets of the same category that each unit settled in the street; if none, in the district (then
    True)."""
    if ticket.category_id is None:
        return [], False
    street = territory.street_path(ticket.area_path)
    here = Q(area_path__gte=street, area_path__lt=street[:-1] + "0")
    settled = Ticket.objects.filter(
        category_id=ticket.category_id,
        state=State.CLOSED,
        outcome__in=[Outcome.FIXED, Outcome.EXPLAINED],
        closed_at__gte=at - SIMILAR_FOR,
        lead_unit__isnull=False,
        against_unit=None,  # nobody learns of complaints from a count
    ).exclude(pk=ticket.pk)
    rows = (
        settled.order_by()
        .values_list("lead_unit_id")
        .annotate(near=Count("pk", filter=here), all=Count("pk"))
    )
    counted = list(rows)
    nearby = sorted(((pk, near) for pk, near, _all in counted if near), key=lambda row: (-row[1], row[0]))
    anywhere = sorted(((pk, every) for pk, _near, every in counted), key=lambda row: (-row[1], row[0]))
    return (nearby, False) if nearby else (anywhere, True)
