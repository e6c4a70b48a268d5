"""Category questions (补充问题): the questions of a report, valid answers, and answers that show a warning first.

A warning never blocks a report: a reporter who has read it may still send the report, and danger to life then
makes it an emergency. The warning shows a phone number first, because staff do not read forms at night.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from governance.errors import Invalid
from governance.text.bilingual import in_reader_language
from governance.web import fields as web_fields
from tickets.questions.models import Question

LONGEST = 500  # characters of an answer
YES, NO = "yes", "no"
Kind = Question.Kind


@dataclass(frozen=True, slots=True)
class Asked:
    """One question for a report, in the district's words and in English; `options` are also the stored
    answers."""

    id: int
    text: str
    text_en: str
    kind: str
    options: tuple[str, ...]
    options_en: tuple[str, ...]
    required: bool
    stop_on: str
    stop_text: str
    stop_text_en: str
    danger: bool

    @property
    def says(self) -> str:
        """The question in the reader's language."""
        return in_reader_language(self.text, self.text_en)

    @property
    def stop_says(self) -> str:
        """The warning in the reader's language."""
        return in_reader_language(self.stop_text, self.stop_text_en)

    @property
    def name(self) -> str:
        """The name of its form field."""
        return f"q{self.id}"

    def choices(self) -> list[tuple[str, str]]:
        """(value, words) of each possible answer."""
        return _choices(self.kind, self.options, self.options_en)


def _choices(kind: str, options: Sequence[str], english: Sequence[str]) -> list[tuple[str, str]]:
    if kind == Kind.YES_NO:
        return [(YES, _("是")), (NO, _("否"))]
    return [
        (one, in_reader_language(one, other)) for one, other in zip(options, english or options, strict=True)
    ]


@dataclass(frozen=True, slots=True)
class Judged:
    """The valid answers of one report, and the questions whose answers show a warning."""

    given: tuple[tuple[Asked, str], ...] = ()
    stops: tuple[Asked, ...] = ()

    @property
    def danger(self) -> bool:
        """Does an answer report danger to life?"""
        return any(one.danger for one in self.stops)


def judge(
    questions: Iterable[Asked], answers: Iterable[tuple[int, Any]], *, despite: bool, whole: bool = True
) -> Judged:
    """Check the answers of a report to the questions of its category. `whole`: every required question must
    be answered.

    Raises Invalid naming the question if an answer is invalid or missing. Raises Invalid with the code
    "stopped" and the district's warning if an answer shows a warning and `despite` is not set.
    """
    asked = {one.id: one for one in questions}
    given: dict[int, str] = {}
    for pk, answer in answers:
        if pk not in asked:
            message = _("这类事项没有编号为 %(id)s 的补充问题")
            raise Invalid(message % {"id": str(pk)[:20]}, code="unknown_question", field="answers")
        if text := stored_form(asked[pk], answer):
            given[pk] = text
    missing = [one for one in asked.values() if one.required and one.id not in given]
    if whole and missing:
        raise _wrong(missing[0], _("请回答：%(question)s"), "required")
    stops = tuple(stopping(asked.values(), given.items()))
    if stops and not despite:
        raise Invalid("\n".join(one.stop_says for one in stops), code="stopped", field="despite")
    return Judged(tuple((one, given[pk]) for pk, one in asked.items() if pk in given), stops)


def stopping(asked: Iterable[Asked], answers: Iterable[tuple[int, Any]]) -> list[Asked]:
    """The questions whose answers show a warning; invalid answers are skipped."""
    given = dict(answers)
    return [one for one in asked if one.stop_on and given.get(one.id) == one.stop_on]


def stored_form(asked: Asked, answer: Any) -> str:
    """The answer as stored, empty for none; raises Invalid naming the question."""
    text = web_fields.trimmed(str(answer if answer is not None else ""))
    if not text:
        return ""
    if len(text) > LONGEST:
        raise _wrong(asked, _("“%(question)s”的回答太长"), "too_long")
    if asked.kind in {Kind.YES_NO, Kind.CHOICE} and text not in dict(asked.choices()):
        raise _wrong(asked, _("“%(question)s”无此选项"), "unknown_choice")
    if asked.kind == Kind.NUMBER:
        return _number(asked, text)
    if asked.kind == Kind.DATE:
        return _date(asked, text)
    return text


def _number(asked: Asked, text: str) -> str:
    try:
        number = Decimal(text)
    except InvalidOperation as error:
        raise _wrong(asked, _("“%(question)s”应填数字"), "no_number") from error
    if not number.is_finite() or abs(number) >= 10**12 or number.as_tuple().exponent < -6:
        raise _wrong(asked, _("“%(question)s”应填数字"), "no_number")
    return f"{number:f}"


def _date(asked: Asked, text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError as error:
        raise _wrong(asked, _("“%(question)s”应填日期"), "no_date") from error


def _wrong(asked: Asked, message: str, code: str) -> Invalid:
    return Invalid(message % {"question": asked.says}, code=code, field="answers", question=asked.id)


def words(kind: str, text: str, options: Sequence[str] = (), english: Sequence[str] = ()) -> str:
    """An answer in words."""
    return dict(_choices(kind, options, english)).get(text, text)
