"""All faults of a report at once, so that a form names them in one answer."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from governance.access.actors import Actor
from governance.errors import DomainError, Invalid
from governance.web import fields as web_fields
from tickets.intake import actions
from tickets.intake.actions import Draft
from tickets.questions import queries as question_queries
from tickets.questions import rules as questions


def add_faults(form: Any, *checks: Callable[[], Any], by: Actor, at: datetime) -> None:
    """Add to a refused report form what its action and the further checks would refuse after a correction.

    A field that already has an error gets no second one. The photos are named by `kept_photos.keep`.
    """
    for check in (*checks, *_checks(form.draft(), by, at)):
        try:
            check()
        except DomainError as error:
            if isinstance(error, Invalid) and error.field in form.fields and error.field not in form.errors:
                form.add_error(error.field, str(error))


def _checks(draft: Draft, by: Actor, at: datetime) -> list[Callable[[], Any]]:
    """The checks that `report` makes of a draft, one by one; the questions have fields of their own."""
    asked = question_queries.questions_of(draft.category)
    judge = partial(questions.judge, asked, draft.answers, whole=False)

    def require_place() -> None:
        if judge(despite=True).danger:
            actions.require_place(draft)

    personal = bool(web_fields.trimmed(draft.name) or draft.phone)
    return [
        partial(actions.is_the_clerks_word, draft, by, at),
        partial(judge, despite=draft.despite),
        require_place,
        partial(actions.text_of, draft),
        partial(actions.accepted, draft.notice_version, personal, by=by, at=at),
    ]
