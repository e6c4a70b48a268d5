"""All faults of a report at once, so that a form names them in one answer."""

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial
from typing import Any

from governance.access.actors import Actor
from governance.errors import DomainError, Invalid
from tickets.intake import actions
from tickets.intake.forms import NoticeForm, ReportForm
from tickets.questions import queries as question_queries
from tickets.questions import rules as questions

Check = Callable[[], Any]


def add_faults(form: Any, checks: Iterable[Check]) -> None:
    """Add to a refused form what its action would refuse after a correction; a field with an error gets no second.

    The photos are named by `kept_photos.keep`.
    """
    for check in checks:
        try:
            check()
        except DomainError as error:
            if isinstance(error, Invalid) and error.field in form.fields and error.field not in form.errors:
                form.add_error(error.field, str(error))


def checks_of(form: ReportForm, *, by: Actor, at: datetime) -> list[Check]:
    """The checks that `report` makes, one by one; the questions have fields of their own."""
    draft = form.draft()
    asked = question_queries.questions_of(draft.category)
    judge = partial(questions.judge, asked, draft.answers, whole=False)

    def require_place() -> None:
        if judge(despite=True).danger:
            actions.require_place(draft)

    return [
        partial(actions.is_the_clerks_word, draft, by, at),
        partial(judge, despite=draft.despite),
        require_place,
        partial(actions.text_of, draft),
        acceptance_of(form, by=by, at=at),
    ]


def acceptance_of(form: NoticeForm, *, by: Actor, at: datetime) -> Check:
    """The check that who leaves a name or a phone, valid or not, has accepted the privacy notice."""
    personal = any(str(form[name].value() or "").strip() for name in ("name", "phone"))
    return partial(actions.accepted, form.accepted_version(), personal, by=by, at=at)
