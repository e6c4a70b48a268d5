"""The page of one ticket."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from governance.access.actors import Actor
from governance.access.permissions import Permission
from governance.clocks import actions as clocks
from governance.errors import Missing
from governance.web import pages
from grids import choices as territory
from tickets.desk import letter
from tickets.desk.forms import PageMoveForm
from tickets.desk.page import Asked, TicketPage, ticket_page
from tickets.mediation import actions as mediation
from tickets.replies import queries as replies
from tickets.replies.models import FIELDS as REPLY_FIELDS
from tickets.states import State
from tickets.ticket import photos, state_clocks, timing, unmasking
from tickets.ticket import rights as ticket_rights
from tickets.ticket.models.ticket import Ticket
from tickets.workflow import MOVES, Move

SHOWN = 5  # visible moves; the others are behind one button
#: The usual next moves, listed first.
NEXT = {"triage_minor", "triage_major", "dispatch", "accept", "resolve", "approve_closing", "verify", "rate"}
#: Moves that grant a request, and moves that belong to everyday work: they follow in this order.
GRANTS = {"approve_extension", "defer", "reassign", "void"}
EVERYDAY = {"contact", "ask_resident", "request_extension"}
#: The state after a move, if the page shows the clock that starts there.
LEADS_TO = {
    **dict.fromkeys(("accept", "triage_minor", "take_up"), State.HANDLING),
    **dict.fromkeys(("dispatch", "arbitrate", "reassign"), State.DISPATCHED),
    **dict.fromkeys(("triage_major", "upgrade"), State.ESCALATED),
    "refer": State.REFERRED,
}
#: The clocks shown before a move is made.
FORESEEN = ("resolve", "accept", "dispatch")


@pages.desk
def ticket(request: HttpRequest, number: str) -> HttpResponse:
    """The page of a ticket; `?move=` opens the form of one verb."""
    found, at = find_page(request, number), timezone.now()
    verb = request.GET.get("move", "")
    form = None
    if verb in {move.verb for move in ticket_rights.available(found.ticket, request.actor, found.facts)}:
        given = {name: request.GET[name] for name in ("into",) if name in request.GET}
        given |= _template(found.ticket, verb, request.GET.get("template", ""))
        form = PageMoveForm(ticket=found.ticket, verb=verb, by=request.actor, at=at, initial=given)
    return render_page(request, found, at, move_form=form)


def _template(ticket: Ticket, verb: str, wanted: str) -> dict[str, str]:
    """The initial value from a chosen reply template, by form field."""
    chosen = next((one for one in replies.fitting(ticket, verb) if str(one.id) == wanted), None)
    return {REPLY_FIELDS[verb]: chosen.text} if chosen else {}


def find_page(request: HttpRequest, number: str) -> TicketPage:
    found = ticket_page(request.actor, number, timezone.now())
    if found is None:
        raise Missing(_("工单不存在或您无权查看"))
    return found


def render_page(
    request: HttpRequest, found: TicketPage, at: datetime, *, status: int = 200, **more: Any
) -> HttpResponse:
    ticket, form = found.ticket, more.get("move_form")
    moves, withheld = _moves(found, request.actor)
    live = form is not None and form.verb in {move.verb for move in moves}
    context = {
        "ticket": ticket,
        "place_names": territory.way_to(ticket.area_path),
        "sheet": found,
        "left": timing.left(
            ticket.due_at,
            at,
            tier=ticket.tier,
            state=ticket.state,
            unit_id=ticket.holder_unit_id,
            clock=timing.Nearest.of_stories(found.clocks, ticket.due_at),
        ),
        "works": bool(request.actor.grants_with(Permission.TICKET_HANDLE)),
        "promise": _promise(found),
        "photo_purposes": photos.may_add(ticket, request.actor),
        "moves": moves[:SHOWN],
        "more_moves": moves[SHOWN:],
        "withheld": withheld,
        "primary": moves[0].verb if moves and _rank(moves[0], ticket) in {0, 2} else "",
        "to_decide": _to_decide(found, moves),
        "composer": _composer(ticket, moves, request.actor, at),
        "may_print_letter": letter.may_print(ticket, request.actor),
        "may_unmask": unmasking.may_unmask(ticket, request.actor),
        "may_see_scan": any(one.scan_id for one in found.agreements)
        and mediation.may_see_scan(ticket, request.actor),
        "move_gone": form is not None and not live,
        "consequence": _consequence(ticket, form.verb, at) if live else None,
        "open_move": MOVES[form.verb] if form else None,
        "replies": replies.fitting(ticket, form.verb) if live else [],
        **more,
    }
    return pages.respond(
        request, "tickets/desk/ticket.html", context, fragment="tickets/desk/_move_form.html", status=status
    )


def _promise(found: TicketPage) -> str:
    """The label of the clock that is due next."""
    due = found.ticket.due_at
    named = (one.purpose_label for one in found.clocks if one.ended_at is None and one.due_at == due)
    return next(named, "") if due else ""


def _composer(ticket: Ticket, moves: list[Move], by: Actor, at: datetime) -> PageMoveForm | None:
    """The form for a note below the conversation, for an actor that may write one; else None."""
    if not any(move.verb == "note" for move in moves):
        return None
    return PageMoveForm(ticket=ticket, verb="note", by=by, at=at, auto_id="say-%s")


def _moves(found: TicketPage, by: Actor) -> tuple[list[Move], list[str]]:
    """The moves that the actor may make now, with the usual next ones first, and why others are withheld."""
    moves, withheld = ticket_rights.offers(found.ticket, by, found.facts)
    return sorted(moves, key=lambda move: _rank(move, found.ticket)), withheld


def _rank(move: Move, ticket: Ticket) -> int:
    """The place among the moves: the decision that waits, the usual next step, everyday work, the others."""
    if ticket_rights.answers_a_request(move, ticket):
        return 0 if move.verb in GRANTS else 1
    if move.verb == "answer_supervision" and ticket.supervised:
        return 1
    return 2 if move.verb in NEXT else 3 if move.verb in EVERYDAY else 4


def _to_decide(found: TicketPage, moves: list[Move]) -> Asked | None:
    """The open request, if the actor may decide it."""
    if not any(ticket_rights.answers_a_request(move, found.ticket) for move in moves):
        return None
    return next((one for one in found.asked if one.is_open), None)


def _consequence(ticket: Ticket, verb: str, at: datetime) -> tuple[str, datetime] | None:
    """The clock that would start if the move was made now, and its due time; None if none.

    For another unit the due time is computed with the district's working hours.
    """
    if verb not in LEADS_TO:
        return None
    after = Ticket(
        tier=ticket.tier, category_id=ticket.category_id, channel=ticket.channel, state=LEADS_TO[verb]
    )
    if after.state == State.HANDLING:
        after.holder_unit_id = ticket.lead_unit_id or ticket.holder_unit_id
    begin = next((b for b in state_clocks.clocks_of_state(after) if b.purpose in FORESEEN), None)
    due = clocks.due_of(begin, at) if begin else None
    return (str(begin.purpose), due) if due else None


def address_after(request: HttpRequest, ticket: Ticket) -> str:
    """The ticket's page, or the list if the member can no longer see the ticket."""
    if Ticket.objects.visible_to(request.actor).filter(pk=ticket.pk).exists():
        return address_of(request, ticket.number)
    return reverse("desk:tickets", kwargs={"tenant": request.tenant.slug})


def address_of(request: HttpRequest, number: str) -> str:
    return reverse("desk:ticket", kwargs={"tenant": request.tenant.slug, "number": number})
