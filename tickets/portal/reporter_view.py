"""View of a ticket for one reporter or follower, with more than the public list shows."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from governance.events.models import Event
from tickets.catalog.marks import is_dispute
from tickets.public import queries as public
from tickets.public import state_words
from tickets.states import State
from tickets.ticket.models.photos import Attachment
from tickets.ticket.models.ratings import Rating
from tickets.ticket.models.remarks import Remark
from tickets.ticket.models.reporters import Reporter
from tickets.ticket.models.ticket import Ticket
from tickets.ticket.rights import WORKED_ON
from tickets.workflow import BY_RESIDENT


@dataclass(frozen=True, slots=True)
class ReporterView:
    """A reporter's own ticket, the ticket that is worked on (another one after a merge), and the reporter.

    `author`: this reporter created `own`, and did not join it later.
    """

    own: Ticket
    subject: Ticket
    reporter: Reporter
    author: bool
    added: tuple[int, ...] = ()  # ids of the remarks by which this reporter added something or answered
    foreign: tuple[int, ...] = ()  # the same for other residents

    @property
    def rates(self) -> bool:
        """May this reporter rate: as who reported, or with a proven phone?"""
        return self.author or self.reporter.phone_verified_at is not None

    @property
    def alone(self) -> bool:
        """Is this the author of the very ticket that is worked on?"""
        return self.author and self.subject.pk == self.own.pk

    def remarks(self) -> list[Remark]:
        """The units' public remarks, and the remarks that this reporter added.

        Only the author reads the units' remarks unmasked. After a merge into another's private ticket there
        are none.
        """
        found = self.subject.remarks.filter(visibility=Remark.Visibility.PUBLIC).select_related("unit")
        if self.subject.pk != self.own.pk and self.subject.private:
            return []
        if self.alone:
            return list(found.exclude(Q(verb="add") & ~Q(pk__in=self.added)).exclude(pk__in=self.foreign))
        others = public.without_personal_remarks(self.subject, found.exclude(verb__in=BY_RESIDENT))
        mine = found.filter(pk__in=self.added) if self.added else []
        return sorted([*others, *mine], key=lambda remark: (remark.at, remark.pk))

    def photos(self) -> list[Attachment]:
        """The photos that this reporter added, and for the author also those of the report."""
        own = Q(reporter=self.reporter)
        if self.author:
            own |= Q(ticket=self.own, purpose="report")
        return list(Attachment.objects.filter(own).order_by("id"))

    def results(self) -> list[Attachment]:
        """The photos of the finished work, once it was verified.

        For the author of this very ticket only, and not of a dispute: others could see a person or a home on them.
        """
        subject = self.subject
        finished = subject.state == State.CLOSED and subject.outcome in WORKED_ON
        if (
            not self.alone
            or not (finished or subject.state == State.RATING)
            or is_dispute(subject.category_id)
        ):
            return []
        return list(Attachment.objects.filter(ticket=self.subject, purpose="evidence").order_by("id"))

    def rated(self) -> Rating | None:
        """This reporter's newest rating, or None."""
        return Rating.objects.filter(ticket=self.subject, reporter=self.reporter).order_by("-round").first()

    def asked(self) -> bool:
        """Must this reporter act now: answer the unit's question, or rate this round?"""
        if self.reporter.left_at is not None or self.subject.state not in state_words.ASKED:
            return False
        if self.subject.state == State.AWAITING_RESIDENT:
            # A reporter whose ticket was merged into another's private ticket cannot read the question.
            return self.author and (self.subject.pk == self.own.pk or not self.subject.private)
        if not self.rates:
            return False
        stars = self.rated()
        return stars is None or stars.round < self.subject.reworks

    def step_due(self) -> datetime | None:
        """The due time of the present step; None if the resident must act, the ticket is closed, or a
        promised day is shown."""
        waiting = {State.RATING, State.AWAITING_RESIDENT, State.CLOSED}
        promised = self.subject.promised_at is not None and self.subject.state == State.HANDLING
        return None if promised or self.subject.state in waiting else self.subject.due_at


def view_of(reporter: Reporter, own: Ticket, events: Iterable[Event] = ()) -> ReporterView:
    """The view of a reporter on a ticket.

    One statement, and those for related rows that are not loaded yet.
    """
    first = own.reporters.order_by("id").values_list("pk", flat=True).first()
    told = [event.facts for event in events if event.kind in {"ticket.add", "ticket.reply"}]
    said = [(facts["remark"], facts["reporter"]) for facts in told if facts.get("reporter")]
    added = tuple(remark for remark, whose in said if whose == reporter.pk)
    foreign = tuple(remark for remark, whose in said if whose != reporter.pk)
    return ReporterView(own, own.merged_into or own, reporter, first == reporter.pk, added, foreign)


def question_of(remarks: list[Remark]) -> str:
    """The last question that the unit asked the resident; empty if there is none."""
    return next((one.text for one in reversed(remarks) if one.verb == "ask_resident"), "")


def answer_of(remarks: list[Remark]) -> Remark | None:
    """The last remark in which the unit reported the result, or None."""
    return next((one for one in reversed(remarks) if one.verb in public.ANSWERS), None)
