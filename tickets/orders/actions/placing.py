"""Put the place of a report right: out of the community's area (不属本社区), or more exactly inside it (更正地点)."""

from datetime import datetime

from django.utils.translation import gettext as _

from governance.access.actors import Actor
from governance.errors import Invalid
from governance.web import fields as web_fields
from grids import tree as territory
from grids.models import Area
from tickets.states import State
from tickets.ticket import moving
from tickets.ticket.models.ticket import Ticket


def out_of_area(
    ticket: Ticket,
    *,
    by: Actor,
    at: datetime,
    reason: str,
    area: Area | None = None,
    expected: str = "",
) -> Ticket:
    """不属本社区: back to the street's centre, which sends it to the right community; it stays unsorted.

    With a place in another street it goes to the county's centre. Raises Invalid for a place in this community.
    """
    ticket, move = moving.lock_for(ticket, "out_of_area", by=by, expected=expected)
    reason = web_fields.required(reason, "reason", _("理由"))
    home = territory.community_path(ticket.area_path)
    if area is not None and area.path.startswith(home):
        raise Invalid(_("所选地点就在本社区"), code="in_this_community", field="area")
    away = area is not None and not area.path.startswith(territory.street_path(ticket.area_path))
    changes = moving.correct(ticket, area, None)
    remark = moving.add_remark(ticket, "out_of_area", reason, by=by, at=at)
    facts = {"remark": remark.pk, **moving.corrected(changes)}
    target = State.REFERRED if away else State.ESCALATED
    return moving.make_move(ticket, move, target, by=by, at=at, facts=facts, **changes).ticket


def correct_place(
    ticket: Ticket,
    *,
    by: Actor,
    at: datetime,
    address: str,
    area: Area | None = None,
    expected: str = "",
) -> Ticket:
    """更正地点: another address, or another grid of the same community; the former address is kept as a remark.

    Raises Invalid for a place outside the community.
    """
    ticket, move = moving.lock_for(ticket, "correct_place", by=by, expected=expected)
    address = web_fields.required(address, "address", _("详细地址"))[:200]
    if area is not None and not area.path.startswith(territory.community_path(ticket.area_path)):
        raise Invalid(_("所选地点不在本社区，请用“不属本社区”"), code="out_of_reach", field="area")
    was = _("原地址：%(address)s") % {"address": ticket.address} if ticket.address else ""
    remark = moving.add_remark(ticket, "correct_place", was, by=by, at=at)
    changes = moving.correct(ticket, area, None)
    facts = {"remark": remark and remark.pk, "area": changes.get("area_id")}
    moving.record_move(ticket, move, by=by, at=at, changes={**changes, "address": address}, **facts)
    return ticket
