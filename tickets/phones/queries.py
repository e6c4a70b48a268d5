"""Tickets reported or followed with one phone, for the owner of the phone only."""

from dataclasses import dataclass

from django.db.models import Exists, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from governance.text import telephones
from tickets.states import State
from tickets.ticket import queries as ticket_queries
from tickets.ticket.models.ratings import Rating
from tickets.ticket.models.reporters import Reporter
from tickets.ticket.models.ticket import Ticket


@dataclass(frozen=True, slots=True)
class MyMatter:
    """One line of a resident's own tickets; `ticket` is the one in which a merged ticket continues."""

    own: Ticket
    ticket: Ticket
    code: str
    asked: bool  # it waits for an answer or a rating from this phone
    title: str  # the category instead, if this phone only follows another person's ticket


def my_reports(phone: str) -> QuerySet[Reporter]:
    """The reporters with this phone that have not left, the newest first; one statement for a page."""
    first = Reporter.objects.filter(ticket=OuterRef("ticket")).order_by("id").values("pk")[:1]
    found = Reporter.objects.filter(phone_hash=telephones.hash_of(phone), left_at=None, member=None)
    related = ("ticket__category", "ticket__merged_into")
    turn = Coalesce(F("ticket__merged_into__reworks"), F("ticket__reworks"))
    stars = Rating.objects.filter(reporter=OuterRef("pk"), round=OuterRef("turn"))
    told = found.annotate(author=Subquery(first), turn=turn).annotate(
        rated=Exists(stars), rates=ticket_queries.rates()
    )
    return told.select_related(*related).order_by("-created_at", "-id")


def my_matter(reporter: Reporter) -> MyMatter:
    """A row of `my_reports` as a line of the page."""
    own = reporter.ticket
    author, ticket = reporter.author == reporter.pk, own.merged_into or own
    title = own.title if author else own.category.label if own.category else ""
    unread = ticket.private and own.merged_into_id is not None
    asked = reporter.rates and not reporter.rated if ticket.state == State.RATING else author and not unread
    return MyMatter(own=own, ticket=ticket, code=reporter.code, asked=asked, title=title)
