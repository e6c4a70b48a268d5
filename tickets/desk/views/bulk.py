"""Move many tickets at once: the moves that fit all selected rows, one form, one result per row."""

from datetime import datetime
from functools import partial
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from governance.access.actors import Actor
from governance.errors import Invalid, Missing
from governance.web import pages
from tickets.desk import bulk
from tickets.desk.bulk import Chosen, Result
from tickets.desk.forms import PageMoveForm
from tickets.duties import refusals
from tickets.lists.filters import address_of
from tickets.orders import actions
from tickets.orders.forms import MoveForm, units_for
from tickets.replies import queries as replies
from tickets.replies.models import FIELDS
from tickets.ticket import rights as ticket_rights
from tickets.ticket.models.ticket import Ticket
from tickets.ticket.reach import reach_of
from tickets.workflow import MOVES

#: Fields that make sense for a single ticket only.
OF_ONE = ("area", "category", "expected")


class BulkForm(PageMoveForm):
    """The fields of one verb for many tickets; it offers only units that fit every one of them."""

    def __init__(self, data: Any = None, *, tickets: list[Ticket], **kwargs: Any) -> None:
        self.tickets = tickets
        super().__init__(data, ticket=tickets[0], **kwargs)
        for name in OF_ONE:
            self.fields.pop(name, None)
        if "into" in self.fields:
            first = min(tickets, key=lambda ticket: ticket.created_at)
            self.fields["into"].initial = first.number
            self.fields["into"].help_text = _("可填所选工单中的一件：其余的并入它，它自己保留。")

    def _propose(self) -> None:
        """No proposal: proposals are made for one ticket."""

    def _choices(self) -> None:
        for name in {"unit", "assistants"} & set(self.fields):
            self.fields[name].queryset = self._for_all()
        super()._choices()

    def _for_all(self) -> QuerySet:
        """The units that fit every one of the tickets."""
        units = units_for(self.ticket, self.verb)
        others = {reach.key: reach for one in self.tickets for reach in [reach_of(one, self.verb)]}
        others.pop(reach_of(self.ticket, self.verb).key)
        for reach in others.values():
            units = units.filter(pk__in=reach.units().order_by().values("pk"))
        return units


@pages.desk
def choose(request: HttpRequest) -> HttpResponse:
    """Show the moves for the selected rows; `?move=` opens the form of one move, a POST makes it."""
    if request.method == "POST":
        return _make(request)
    if request.GET.get("done") and "bulk" in request.session:
        return _page(request, _kept(request))
    at, by = timezone.now(), request.actor
    try:
        rows = bulk.chosen(request.GET.getlist("row"))
    except Invalid as error:
        quiet = request.htmx or error.code == "none_chosen"
        return _page(request, {"refused": str(error)}, status=200 if quiet else error.status)
    tickets = bulk.tickets_of(rows, by)
    moves = bulk.fitting(_all(rows, tickets), by)
    verb, form = request.GET.get("move", ""), None
    if verb in {move.verb for move in moves}:
        words = _words(verb, request.GET.get("template", ""))
        form = BulkForm(tickets=list(tickets.values()), verb=verb, by=by, at=at, initial=words)
    elif verb:
        return _page(request, {**_shown(rows, tickets), "moves": moves, "unfit": _label(verb)}, status=409)
    return _page(request, {**_shown(rows, tickets), "moves": moves, **_opened(form)})


def _words(verb: str, wanted: str) -> dict[str, str]:
    """The initial value from a chosen reply template, by form field."""
    chosen = next((one for one in replies.for_many(verb) if str(one.id) == wanted), None)
    return {FIELDS[verb]: chosen.text} if chosen else {}


def _all(rows: list[Chosen], tickets: dict[str, Ticket]) -> list[Ticket]:
    """The tickets of all rows; none if one of them cannot be seen, because then no move fits all."""
    return list(tickets.values()) if len(tickets) == len(rows) else []


def _label(verb: str) -> Any:
    if verb not in bulk.VERBS:
        raise Missing(_("该操作不存在"))
    return MOVES[verb].label


def _shown(rows: list[Chosen], tickets: dict[str, Ticket]) -> dict[str, Any]:
    return {"rows": [(row, tickets.get(row.number)) for row in rows], "count": len(rows)}


def _opened(form: BulkForm | None) -> dict[str, Any]:
    if not form:
        return {}
    offered = [] if form.is_bound else replies.for_many(form.verb)
    return {"form": form, "open_move": MOVES[form.verb], "replies": offered}


def _make(request: HttpRequest) -> HttpResponse:
    """Make one move on every row. An invalid form does nothing; otherwise each row has its own result."""
    at, by, verb = timezone.now(), request.actor, request.POST.get("move", "")
    _label(verb)
    try:
        rows = bulk.chosen(request.POST.getlist("row"))
    except Invalid as error:
        return _page(request, {"refused": str(error)}, status=error.status)
    tickets = bulk.tickets_of(rows, by)
    if not tickets:
        raise Missing(_("工单不存在或您无权查看"))
    form = BulkForm(request.POST, tickets=list(tickets.values()), verb=verb, by=by, at=at)
    if not form.is_valid():
        return _page(request, {**_shown(rows, tickets), **_opened(form)})
    into = form.cleaned_data.get("into")
    others = [row for row in rows if into is None or row.number != into.number]
    results = bulk.one_by_one(
        others, by=by, make=partial(_one, request, verb, at), also=[into.pk] if into else []
    )
    if all(
        one.done for one in results
    ):  # no typed text to show again; redirect, so that a reload repeats nothing
        rows = [str(one.row) for one in results]
        request.session["bulk"] = {"verb": verb, "rows": rows, "back": _back(request)}
        return HttpResponseRedirect(f"{request.path}?done=1")
    return _page(request, _told(request, results, verb, at))


def _kept(request: HttpRequest) -> dict[str, Any]:
    """The results of this reader's last run, if every row succeeded."""
    made = request.session["bulk"]
    rows = [Chosen.read(value) for value in made["rows"]]
    tickets = bulk.tickets_of(rows, request.actor)
    results = [Result(row, tickets.get(row.number)) for row in rows]
    told = {"results": results, "done": len(results), "failed": 0, "label": _label(made["verb"])}
    return {**told, "back": made.get("back", "")}


def _one(request: HttpRequest, verb: str, at: datetime, ticket: Ticket, row: Chosen) -> None:
    """Move one row: check its own choices, then make the move. Raises DomainError."""
    by: Actor = request.actor
    ticket_rights.check(ticket, verb, by=by, expected=row.seen)
    form = MoveForm(request.POST, ticket=ticket, verb=verb, by=by, at=at)
    for name in OF_ONE:
        form.fields.pop(name, None)
    if not form.is_valid():
        raise Invalid(next(iter(form.errors.values()))[0])
    with refusals.count_refusals(request):
        actions.VERBS[verb](ticket, by=by, at=at, expected=row.seen, **form.given())


def _told(request: HttpRequest, results: list[Result], verb: str, at: datetime) -> dict[str, Any]:
    """The results and, for rows that can be tried again, the form with everything that was typed."""
    by = request.actor
    failed = [one.row for one in results if not one.done]
    now = bulk.tickets_of(failed, by) if failed else {}
    again = [ticket for ticket in now.values() if bulk.fits(ticket, verb, by)]
    numbers = {ticket.number: ticket for ticket in again}
    rows = [Chosen(row.number, numbers[row.number].state) for row in failed if row.number in numbers]
    told = {
        "results": results,
        "done": len(results) - len(failed),
        "failed": len(failed),
        "label": _label(verb),
    }
    given = request.POST
    form = BulkForm(given, tickets=again or _any(results), verb=verb, by=by, at=at)
    if not again:
        return {**told, "typed": form.typed()}
    return {**told, **_shown(rows, numbers), "again": form, "open_move": MOVES[verb]}


def _any(results: list[Result]) -> list[Ticket]:
    return [one.ticket for one in results if one.ticket is not None]


def _back(request: HttpRequest) -> str:
    """The filters of the list that the rows come from, for the link back; empty if they are invalid."""
    given = request.POST if request.method == "POST" else request.GET
    try:
        return address_of(QueryDict(given.get("back", "")[:500]))
    except Invalid:
        return ""


def _page(request: HttpRequest, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    context = {"back": _back(request), **context}
    return pages.respond(
        request, "tickets/desk/bulk.html", context, fragment="tickets/desk/_bulk_bar.html", status=status
    )
