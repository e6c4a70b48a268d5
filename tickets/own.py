"""What was reported with one phone, for its holder alone."""

from dataclasses import dataclass

from django.db.models import OuterRef, QuerySet, Subquery

from governance import telephones
from tickets.models import Reporter, Ticket


@dataclass(frozen=True, slots=True)
class Matter:
    """One line of one's own matters; `ticket` is the one that a merged matter goes on under."""

    own: Ticket
    ticket: Ticket
    code: str
    title: str  # the category of one that somebody else told and this phone only follows


def reporters(phone: str) -> QuerySet[Reporter]:
    """Who reported or joined with this phone and has not left, the newest first; one statement for a page."""
    first = Reporter.objects.filter(ticket=OuterRef("ticket")).order_by("id").values("pk")[:1]
    found = Reporter.objects.filter(phone_hash=telephones.hash_of(phone), left_at=None, member=None)
    related = ("ticket__category", "ticket__merged_into")
    return found.select_related(*related).annotate(author=Subquery(first)).order_by("-created_at", "-id")


def matter(reporter: Reporter) -> Matter:
    """A row of `reporters` as the page shows it."""
    own = reporter.ticket
    title = own.title if reporter.author == reporter.pk else own.category.label if own.category else ""
    return Matter(own=own, ticket=own.merged_into or own, code=reporter.code, title=title)
