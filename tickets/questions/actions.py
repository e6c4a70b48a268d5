"""Edit the extra questions for reports of a category."""

from datetime import datetime
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext as _

from governance import events
from governance.access import policy
from governance.access.actors import Actor
from governance.access.permissions import Permission
from governance.errors import Conflict, Invalid, Missing
from governance.tenancy import config
from governance.tenancy.scope import current
from governance.web import fields as web_fields
from grids.units.records import require_known
from tickets.catalog.models import Category
from tickets.questions.models import Answer, Question
from tickets.questions.rules import NO, YES, Judged
from tickets.ticket.models.ticket import Ticket

MAX_QUESTIONS = 20  # active questions of one category, without inherited ones
MOST_OPTIONS, LONGEST_OPTION, LONGEST_ENGLISH = 12, 40, 80
SIGN = "|"  # separates the options within a cell of the sheet
FIELDS = (
    "text",
    "text_en",
    "kind",
    "options",
    "options_en",
    "required",
    "active",
    "stop_on",
    "stop_text",
    "stop_text_en",
    "danger",
)
CHOSEN = (Question.Kind.YES_NO, Question.Kind.CHOICE)


def keep(category: Category, *, by: Actor, at: datetime, pk: int | None = None, **values: Any) -> Question:
    """Add a question to a category, as the last of its own, or change the one with `pk`.

    Existing answers keep the wording of their time. Raises Forbidden, Missing, Invalid naming the field, and
    Conflict if the category already has this question.
    """
    policy.require(by, Permission.SETTINGS_EDIT)
    require_known(values, FIELDS)
    made = _own(category, pk) if pk else Question(category=category, place=_last(category) + 1)
    was = made.text
    for name in FIELDS:
        if name in values:
            setattr(made, name, values[name])
    _check(made)
    if made.text != was:
        _text_is_free(made)
    made.save()
    facts = {"category": category.code, "active": made.active}
    return _told(made, by=by, at=at, **facts)


def move(category: Category, pk: int, *, up: bool, by: Actor, at: datetime) -> Question:
    """Move a question one place up or down among the category's own; no change at the end. Raises Missing."""
    policy.require(by, Permission.SETTINGS_EDIT)
    found, own = _own(category, pk), list(Question.objects.filter(category=category).select_for_update())
    place = next(n for n, one in enumerate(own) if one.pk == found.pk)
    to = max(place - 1, 0) if up else min(place + 1, len(own) - 1)
    own.insert(to, own.pop(place))
    for n, one in enumerate(own, 1):
        one.place = n
    Question.objects.bulk_update(own, ["place"])
    return _told(found, by=by, at=at, category=category.code, place=to + 1)


def _told(made: Question, *, by: Actor, at: datetime, **facts: Any) -> Question:
    config.changed(current())
    events.record("settings.changed", made, by=by, at=at, **facts)
    return made


def _own(category: Category, pk: int) -> Question:
    found = Question.objects.filter(category=category, pk=pk).first()
    if found is None:
        raise Missing(_("该分类没有该问题"))
    return found


def _last(category: Category) -> int:
    own = Question.objects.filter(category=category)
    if own.filter(active=True).count() >= MAX_QUESTIONS:
        raise Invalid(_("一个分类最多 %(n)d 个问题") % {"n": MAX_QUESTIONS}, code="too_many", field="text")
    return own.aggregate(last=Max("place"))["last"] or 0


def _text_is_free(question: Question) -> None:
    """Raise Conflict if the category has this question already; a retired one must be activated again."""
    same = Question.objects.filter(category=question.category, text=question.text).exclude(pk=question.pk)
    if same.exists():
        message = _("该分类已有该问题；已停用的请重新启用")
        raise Conflict(message, code="text_taken", field="text")


def _check(question: Question) -> None:
    """Check that the parts fit each other, and clear the parts that do not belong to the kind."""
    for name in ("text", "text_en", "stop_on", "stop_text", "stop_text_en"):
        setattr(question, name, web_fields.trimmed(getattr(question, name)))
    if not question.text:
        raise Invalid(_("请填写问题"), code="required", field="text")
    question.options = _options(question) if question.kind == Question.Kind.CHOICE else []
    question.options_en = _english(question) if question.options else []
    if not question.stop_on:
        question.stop_text, question.stop_text_en, question.danger = "", "", False
        return
    if question.kind not in CHOSEN:
        raise Invalid(_("只有“是或否”和“单选”可以设提醒"), code="no_stop", field="stop_on")
    values = question.options
    if question.kind == Question.Kind.YES_NO:
        values = [YES, NO]
        question.stop_on = {_("是"): YES, _("否"): NO}.get(question.stop_on, question.stop_on)
    if question.stop_on not in values:
        raise Invalid(_("请填写选项中的一个"), code="unknown_choice", field="stop_on")
    if not question.stop_text:
        raise Invalid(_("请写明居民应先怎样做"), code="required", field="stop_text")


def _options(question: Question) -> list[str]:
    given = [text for one in question.options if (text := web_fields.trimmed(str(one)))]
    if not 2 <= len(given) <= MOST_OPTIONS or len(set(given)) != len(given):
        message = _("单选要有 2 到 %(n)d 个不同的选项")
        raise Invalid(message % {"n": MOST_OPTIONS}, code="options", field="options")
    return _fitting(given, "options", LONGEST_OPTION)


def _english(question: Question) -> list[str]:
    """The English options: none, or one for each option in the same order."""
    given = [text for one in question.options_en if (text := web_fields.trimmed(str(one)))]
    if given and (len(given) != len(question.options) or len(set(given)) != len(given)):
        message = _("英文选项要与选项一一对应、互不相同，或都不填")
        raise Invalid(message, code="options", field="options_en")
    return _fitting(given, "options_en", LONGEST_ENGLISH)


def _fitting(given: list[str], field: str, longest: int) -> list[str]:
    if any(SIGN in one for one in given):
        raise Invalid(_("选项中不能有“|”"), code="sign", field=field)
    if any(len(one) > longest for one in given):
        raise Invalid(_("每个选项最多 %(n)d 字") % {"n": longest}, code="too_long", field=field)
    return given


def store_answers(ticket: Ticket, judged: Judged) -> None:
    """Store the answers with the wording that was asked; one statement, none without answers."""
    if judged.given:
        Answer.objects.bulk_create(
            Answer(ticket=ticket, question_id=one.id, asked=one.text, kind=one.kind, text=text)
            for one, text in judged.given
        )
