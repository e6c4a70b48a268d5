"""The questions of a category, compiled, and the answers of a ticket."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F

from governance.tenancy.config import compiled
from governance.tenancy.scope import current
from governance.text.bilingual import in_reader_language
from tickets.catalog.tree import tree
from tickets.questions.models import Answer, Question
from tickets.questions.rules import Asked, words
from tickets.ticket.models.ticket import Ticket
from tickets.ticket.queries import rows_of_ticket

COLUMNS = (
    "id",
    "category_id",
    "text",
    "text_en",
    "kind",
    "options",
    "options_en",
    "required",
    "stop_on",
    "stop_text",
    "stop_text_en",
    "danger",
)
#: Fields read of an answer: the question as it was asked, the answer, and the question as it is now.
TOLD = {
    "asked": "asked",
    "kind": "kind",
    "text": "text",
    "now": "question__text",
    "now_en": "question__text_en",
    "options": "question__options",
    "options_en": "question__options_en",
}


def questions_of(code: str) -> Sequence[Asked]:
    """The questions of a category: first those of the categories above it, then its own, each in their order;
    compiled."""
    return compiled(current(), "questions", _load).get(code, ())


def _load() -> dict[str, tuple[Asked, ...]]:
    found: dict[int, list[Asked]] = {}
    for row in Question.objects.filter(active=True).values(*COLUMNS):
        category = row.pop("category_id")
        lists = {name: tuple(row[name]) for name in ("options", "options_en")}
        found.setdefault(category, []).append(Asked(**row | lists))
    if not found:
        return {}
    known = tree()
    asked = {
        node.code: tuple(one for above in reversed(known.upwards(node.id)) for one in found.get(above.id, ()))
        for node in known.active()
    }
    return {code: some for code, some in asked.items() if some}


def answered() -> ArraySubquery:
    """Subquery: the reporter's answers, each with its question as it was worded at the time and as it is
    now."""
    return rows_of_ticket(Answer, ("question_id",), **TOLD)


def answers_of(ticket: Ticket) -> list[tuple[str, str]]:
    """(question as it was asked, answer in words) of a ticket queried with `answered`, without erased
    answers.

    In English if the question has an English text and its wording has not changed since.
    """
    return [_pair(row) for row in ticket.answered if row["text"]]


def _pair(row: Mapping[str, Any]) -> tuple[str, str]:
    asked = in_reader_language(row["asked"], row["now_en"]) if row["asked"] == row["now"] else row["asked"]
    return asked, words(row["kind"], row["text"], row["options"], row["options_en"])


def read_answers(ticket: Ticket) -> list[tuple[str, str]]:
    """The same for any ticket; one statement."""
    own = {name: column for name, column in TOLD.items() if name == column}
    more = {name: F(column) for name, column in TOLD.items() if name not in own}
    return [_pair(row) for row in ticket.answers.exclude(text="").values(*own, **more)]
