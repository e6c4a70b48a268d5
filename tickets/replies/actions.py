"""Change reply templates."""

from datetime import datetime

from django.utils.translation import gettext as _

from governance import events
from governance.access import policy
from governance.access.actors import Actor
from governance.access.permissions import Permission
from governance.errors import Conflict, Invalid, Missing
from governance.tenancy import config
from governance.tenancy.scope import current
from governance.web import fields as web_fields
from tickets.catalog.models import Category
from tickets.replies.models import FIELDS, ReplyTemplate


def keep(
    *,
    verb: str,
    title: str,
    text: str,
    category: Category | None,
    by: Actor,
    at: datetime,
    pk: int | None = None,
) -> ReplyTemplate:
    """Add a template, or change the one with `pk`.

    Raises Forbidden, Invalid, Missing, or Conflict naming the field.
    """
    policy.require(by, Permission.SETTINGS_EDIT)
    if verb not in FIELDS:
        raise Invalid(_("请选择用于哪个动作"), code="unknown_choice", field="verb")
    title = web_fields.required(title, "title", _("名称"))
    text = web_fields.required(text, "text", _("内容"))
    if ReplyTemplate.objects.filter(verb=verb, title=title).exclude(pk=pk).exists():
        raise Conflict(_("已有名为“%(title)s”的模板") % {"title": title}, code="taken", field="title")
    made = ReplyTemplate.objects.filter(pk=pk).first() if pk else ReplyTemplate()
    if made is None:
        raise Missing(_("该模板不存在"))
    made.verb, made.title, made.text, made.category = verb, title, text, category
    made.save()
    config.changed(current())
    events.record("settings.changed", made, by=by, at=at, verb=verb)
    return made


def drop(pk: int, *, by: Actor, at: datetime) -> None:
    """Delete a template. Raises Forbidden or Missing."""
    policy.require(by, Permission.SETTINGS_EDIT)
    found = ReplyTemplate.objects.filter(pk=pk).first()
    if found is None:
        raise Missing(_("该模板不存在"))
    events.record("settings.changed", found, by=by, at=at, dropped=True)
    found.delete()
    config.changed(current())
