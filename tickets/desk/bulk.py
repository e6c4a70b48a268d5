"""Bulk moves: find the moves that fit all the chosen tickets, and make a move on each ticket separately."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from governance.access.actors import Actor
from governance.errors import DomainError, Forbidden, IllegalMove, Invalid, Missing
from tickets.states import State
from tickets.ticket import rights
from tickets.ticket.models.ticket import Ticket
from tickets.workflow import MOVES, Move

#: The moves offered for many tickets at once, in the order of the bar.
VERBS = ("triage_minor", "triage_major", "dispatch", "urge", "merge")
MAX_CHOSEN = 100


@dataclass(frozen=True, slots=True)
class Chosen:
    """One ticked row of a form: the ticket's number and the state that the user saw."""

    number: str
    seen: str = ""

    @classmethod
    def read(cls, value: str) -> "Chosen":
        """Parse `number.state`, or the number alone."""
        number, dot, seen = value.rpartition(".")
        return cls(number, seen) if dot and seen in State.values else cls(value)

    def __str__(self) -> str:
        return f"{self.number}.{self.seen}" if self.seen else self.number


@dataclass(frozen=True, slots=True)
class Result:
    """The result for one row; `why` is empty if the move was made.

    `ticket` is None if the actor sees no such ticket.
    """

    row: Chosen
    ticket: Ticket | None
    why: str = ""

    @property
    def done(self) -> bool:
        """Was the move made?"""
        return not self.why


def chosen(values: Iterable[str]) -> list[Chosen]:
    """The rows of a form, each once, in their order. Raises Invalid if there are none, or more than MOST."""
    rows = {row.number: row for row in map(Chosen.read, values) if row.number}
    if not rows:
        raise Invalid(_("请先勾选要办理的工单"), code="none_chosen", field="row")
    if len(rows) > MAX_CHOSEN:
        raise Invalid(
            _("一次最多办理 %(most)d 件，您勾选了 %(n)d 件") % {"most": MAX_CHOSEN, "n": len(rows)},
            code="too_many",
            field="row",
        )
    return list(rows.values())


def tickets_of(rows: Iterable[Chosen], by: Actor) -> dict[str, Ticket]:
    """The tickets of the rows that the actor may see, by number; one statement."""
    found = Ticket.objects.visible_to(by).filter(number__in=[row.number for row in rows])
    return {ticket.number: ticket for ticket in found.select_related("area", "holder_unit")}


def fits(ticket: Ticket, verb: str, by: Actor) -> bool:
    """May the actor make the move on this ticket now? Sends no statement."""
    try:
        rights.check(ticket, verb, by=by)
    except (Forbidden, IllegalMove):
        return False
    return True


def fitting(tickets: Iterable[Ticket], by: Actor) -> list[Move]:
    """The moves of VERBS that the actor may make on every one of the tickets; sends no statement."""
    tickets = list(tickets)
    return [MOVES[verb] for verb in VERBS if tickets and all(fits(ticket, verb, by) for ticket in tickets)]


def one_by_one(
    rows: list[Chosen], *, by: Actor, make: Callable[[Ticket, Chosen], object], also: Iterable[int] = ()
) -> list[Result]:
    """Make a move on each row in a savepoint of its own: a refused row changes nothing and does not stop the
    others.

    All rows, and the tickets `also`, are locked first and in one order, so that two such runs cannot
    deadlock.
    """
    tickets = tickets_of(rows, by)
    _lock([*(ticket.pk for ticket in tickets.values()), *also])
    return [_one(row, tickets.get(row.number), make) for row in rows]


def _lock(pks: Iterable[int]) -> None:
    rows = Ticket.objects.select_for_update(of=("self",), no_key=True)
    list(rows.filter(pk__in=sorted(set(pks))).order_by("pk").values_list("pk"))


def _one(row: Chosen, ticket: Ticket | None, make: Callable[[Ticket, Chosen], object]) -> Result:
    try:
        if ticket is None:
            raise Missing(_("工单不存在或您无权查看"))
        with transaction.atomic():
            make(ticket, row)
    except DomainError as error:
        return Result(row, ticket, str(error))
    return Result(row, ticket)
