"""Verify the work, rate it and close the ticket: 核实, 评单, 销号."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from governance import events
from governance.access.actors import Actor
from governance.access.permissions import Role
from governance.clocks.models import Purpose
from governance.errors import Conflict, Forbidden, Invalid
from governance.tenancy.scope import current
from governance.web import fields as web_fields
from grids.units import queries as unit_queries
from tickets.catalog.tree import tree
from tickets.orders.actions import rating_links, supervision
from tickets.states import Demand, State
from tickets.ticket import accused, moving
from tickets.ticket import queries as ticket_queries
from tickets.ticket import rights as ticket_rights
from tickets.ticket.models.ratings import Rating, RatingLink
from tickets.ticket.models.reporters import Reporter
from tickets.ticket.models.ticket import Ticket
from tickets.workflow import Move


def verify(
    ticket: Ticket,
    *,
    by: Actor,
    at: datetime,
    done: bool,
    text: str,
    expected: str = "",
) -> Ticket:
    """核实反馈: by another member than the handler. Work that is not done goes back to the lead.

    After a positive check the residents rate; a ticket without residents is closed.
    """
    ticket, move = moving.lock_for(ticket, "verify", by=by, expected=expected)
    text = web_fields.required(text, "text", _("核实情况"))
    remark = moving.add_remark(ticket, "verify", text, by=by, at=at)
    facts = {"remark": remark.pk, "done": done}
    if not done:
        return back_to_work(ticket, move, by=by, at=at, facts=facts)
    return to_be_judged(ticket, move, by=by, at=at, facts=facts)


def work_done(
    ticket: Ticket, move: Move, *, by: Actor, at: datetime, facts: dict[str, Any], **changes: Any
) -> Ticket:
    """The work is finished and accepted: verify it next, unless the ticket needs no look at the place."""
    if ticket.matter == Demand.INQUIRY or not needs_eyes(ticket.category_id):
        return to_be_judged(ticket, move, by=by, at=at, facts=facts, **changes)
    return moving.make_move(ticket, move, State.RESOLVED, by=by, at=at, facts=facts, **changes).ticket


def to_be_judged(
    ticket: Ticket, move: Move, *, by: Actor, at: datetime, facts: dict[str, Any], **changes: Any
) -> Ticket:
    """Invite the residents to rate, each by a link of their own; close at once if nobody may rate.

    Who only follows can use the link after proving the phone.
    """
    residents = list(ticket_queries.residents(ticket).annotate(rates=ticket_queries.rates()))
    if not any(one.rates for one in residents):
        return moving.make_move(ticket, move, State.CLOSED, by=by, at=at, facts=facts, **changes).ticket
    gone = moving.make_move(ticket, move, State.RATING, by=by, at=at, facts=facts, **changes)
    rating_links.invite(gone.ticket, residents, at=at)
    return gone.ticket


def needs_eyes(category_id: int | None) -> bool:
    """Does the category require a look at the place before the resident rates?"""
    node = tree().nodes.get(category_id)
    return node is None or node.needs_eyes


def back_to_work(
    ticket: Ticket, move: Move, *, by: Actor, at: datetime, facts: dict[str, Any], **changes: Any
) -> Ticket:
    """返工: the former lead handles the ticket again, on a new resolve clock or the rest of the old one.

    It is counted. After too many reworks the ticket is supervised one level up (domain.md B5, rule 7).
    """
    restore = (Purpose.RESOLVE,) if current().setting("reopen_continues") else ()
    gone = moving.make_move(
        ticket,
        move,
        State.HANDLING,
        by=by,
        at=at,
        facts=facts,
        restore=restore,
        counted=False,
        outcome="",
        closed_at=None,
        lead_unit_id=_former_lead(ticket) or _whoever_serves(ticket),
        reworks=ticket.reworks + 1,
        **changes,
    )
    events.record("ticket.reworked", gone.ticket, by=by, at=at, round=gone.ticket.reworks, why=move.verb)
    return supervision.supervise_repeated_rework(gone.ticket, at=at)


def _former_lead(ticket: Ticket) -> int | None:
    """The lead, unless it has come into the line of the unit complained about."""
    return None if accused.those_in_line(ticket, [ticket.lead_unit_id]) else ticket.lead_unit_id


def _whoever_serves(ticket: Ticket) -> int | None:
    """The unit nearest to the place and outside the line of the unit complained about, else the county centre: for
    an imported ticket that had no lead."""
    rungs = unit_queries.ladder_of(ticket.area_path)
    kept_out = accused.those_in_line(ticket, rungs)
    return ticket.holder_unit_id or next((one for one in rungs if one not in kept_out), (rungs or [None])[-1])


@dataclass(frozen=True, slots=True, kw_only=True)
class Stars:
    """A reporter's rating: solved or not, 1-5 for the result, and optionally for speed and attitude, and a comment."""

    result: int
    solved: bool
    speed: int | None = None
    attitude: int | None = None
    comment: str = ""

    def check(self) -> None:
        """Raise Invalid unless every star count is 1 to 5; those of speed and attitude may be left out."""
        for field in ("result", "speed", "attitude"):
            count = getattr(self, field)
            if count not in range(1, 6) and (count is not None or field == "result"):
                raise Invalid(_("请给出 1 到 5 星"), code="stars", field=field)


def rate_by_link(link: RatingLink, stars: Stars, *, at: datetime) -> Ticket:
    """评单 by the reporter's own link; raises Conflict if it is used, expired, or of another round."""
    ticket = moving.lock_ticket(link.ticket_id)
    link = RatingLink.objects.select_for_update().get(pk=link.pk)
    rating_links.require_open(link, ticket, at)
    RatingLink.objects.filter(pk=link.pk).update(used_at=at)
    reporter = Reporter.objects.get(pk=link.reporter_id)
    by = Actor(kind="reporter", tenant_id=ticket.tenant_id, reporter_id=reporter.pk)
    return _rate(ticket, reporter, stars, by=by, at=at)


def rate(
    ticket: Ticket,
    *,
    by: Actor,
    at: datetime,
    result: int,
    solved: bool,
    speed: int | None = None,
    attitude: int | None = None,
    text: str = "",
    expected: str = "",
) -> Ticket:
    """评单 read out by a grid worker at the door: never by the handler, and shown separately."""
    ticket, _move = moving.lock_for(ticket, "rate", by=by, expected=expected)
    reporter = ticket_queries.raters(ticket).first()
    stars = Stars(speed=speed, attitude=attitude, result=result, solved=solved, comment=text)
    if not by.has_role(Role.GRID_WORKER, Role.GRID_LEAD):
        raise Forbidden(_("只有网格员可以代居民评价"))
    return _rate(ticket, reporter, stars, by=by, at=at)


def _rate(ticket: Ticket, reporter: Reporter | None, stars: Stars, *, by: Actor, at: datetime) -> Ticket:
    stars.check()
    move = ticket_rights.check(ticket, "rate", by=by)
    if reporter is None or not ticket_queries.raters(ticket).filter(pk=reporter.pk).exists():
        raise Forbidden(
            _("评价由反映人来做。您关注了这件事：先到“我的事项”用短信验证码确认手机号，就可以评价"),
            code="follower",
        )
    if Rating.objects.filter(reporter=reporter, round=ticket.reworks).exists():
        raise Conflict(_("这次已经评过了，谢谢"), code="already_rated")
    rating = Rating.objects.create(
        ticket=ticket,
        reporter=reporter,
        round=ticket.reworks,
        speed=stars.speed,
        attitude=stars.attitude,
        result=stars.result,
        solved=stars.solved,
        comment=web_fields.trimmed(stars.comment)[:2000],
        proven=reporter.phone_verified_at is not None and by.member_id is None,
        aloud_by_id=by.member_id,
        at=at,
    )
    facts = {
        "rating": rating.pk,
        "solved": stars.solved,
        "stars": [stars.speed, stars.attitude, stars.result],
    }
    if not stars.solved or stars.result <= current().setting("rework_rating"):
        return back_to_work(ticket, move, by=by, at=at, facts=facts)
    judged = Rating.objects.filter(ticket=ticket, round=ticket.reworks).values("reporter_id")
    if ticket_queries.raters(ticket).exclude(pk__in=judged).exists():  # the other residents may still rate
        moving.record_move(ticket, move, by=by, at=at, **facts)
        return ticket
    return moving.make_move(ticket, move, State.CLOSED, by=by, at=at, facts=facts).ticket


def close(ticket: Ticket | moving.Locked, *, by: Actor, at: datetime) -> Ticket:
    """销号: the time to rate is over. A ticket without a rating is closed unrated, never with five stars."""
    ticket, move = moving.lock_for(ticket, "close", by=by)
    rated = Rating.objects.filter(ticket=ticket, round=ticket.reworks).exists()
    return moving.make_move(ticket, move, State.CLOSED, by=by, at=at, facts={"rated": rated}).ticket
