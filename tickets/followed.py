"""What somebody who reported or follows a matter sees of it, beside what everybody sees."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from governance.events.models import Event
from tickets import public, resident_words
from tickets.models import Attachment, Rating, Remark, Reporter, Ticket
from tickets.states import State
from tickets.workflow import BY_RESIDENT


@dataclass(frozen=True, slots=True)
class View:
    """A reporter's own ticket, the one that is worked on (another where it was merged), and who looks."""

    own: Ticket
    subject: Ticket
    reporter: Reporter
    author: bool
    added: tuple[int, ...] = ()  # the remarks by which this reporter added something or answered
    foreign: tuple[int, ...] = ()  # the same of other residents

    @property
    def alone(self) -> bool:
        """Raised the very matter that is worked on, and so may read everything said with it."""
        return self.author and self.subject.pk == self.own.pk

    def remarks(self) -> list[Remark]:
        """The public words of the units, and what this one added; residents' other words only to who reported, and of
        another's private matter none."""
        found = self.subject.remarks.filter(visibility=Remark.Visibility.PUBLIC).select_related("unit")
        if self.subject.pk != self.own.pk and self.subject.private:
            return []
        if self.alone:
            return list(found.exclude(Q(verb="add") & ~Q(pk__in=self.added)).exclude(pk__in=self.foreign))
        others = public.for_others(self.subject, found.exclude(verb__in=BY_RESIDENT))
        mine = found.filter(pk__in=self.added) if self.added else []
        return sorted([*others, *mine], key=lambda remark: (remark.at, remark.pk))

    def photos(self) -> list[Attachment]:
        """What came with the own report, for its author, and what this reporter added; nobody else's."""
        own = Q(reporter=self.reporter)
        if self.author:
            own |= Q(ticket=self.own, purpose="report")
        return list(Attachment.objects.filter(own).order_by("id"))

    def rated(self) -> Rating | None:
        """The newest stars of this reporter."""
        return Rating.objects.filter(ticket=self.subject, reporter=self.reporter).order_by("-round").first()

    def asked(self) -> bool:
        """Is it this one's turn: to answer what the unit asked, or to give the stars of this round?"""
        if self.reporter.left_at is not None or self.subject.state not in resident_words.ASKED:
            return False
        if self.subject.state == State.AWAITING_RESIDENT:
            # The question about another's private matter is not read.
            return self.author and (self.subject.pk == self.own.pk or not self.subject.private)
        stars = self.rated()
        return stars is None or stars.round < self.subject.reworks

    def step_due(self) -> datetime | None:
        """By when the step it stands at has to be done, where it is not the resident's turn and no day is promised."""
        waiting = {State.RATING, State.AWAITING_RESIDENT, State.CLOSED}
        promised = self.subject.promised_at is not None and self.subject.state == State.HANDLING
        return None if promised or self.subject.state in waiting else self.subject.due_at


def of_reporter(reporter: Reporter, own: Ticket, events: Iterable[Event] = ()) -> View:
    """How this reporter stands to the matter; one statement beside those for what was not read with it."""
    first = own.reporters.order_by("id").values_list("pk", flat=True).first()
    told = [event.facts for event in events if event.kind in {"ticket.add", "ticket.reply"}]
    said = [(facts["remark"], facts["reporter"]) for facts in told if facts.get("reporter")]
    added = tuple(remark for remark, whose in said if whose == reporter.pk)
    foreign = tuple(remark for remark, whose in said if whose != reporter.pk)
    return View(own, own.merged_into or own, reporter, first == reporter.pk, added, foreign)


def question_of(remarks: list[Remark]) -> str:
    """The last question that the unit asked the resident."""
    return next((one.text for one in reversed(remarks) if one.verb == "ask_resident"), "")


def answer_of(remarks: list[Remark]) -> Remark | None:
    """The last answer of the unit about what was done."""
    return next((one for one in reversed(remarks) if one.verb in public.ANSWERS), None)
