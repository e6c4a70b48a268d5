"""Reply templates (答复模板): find those that fit a ticket and a verb, fill them, change them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from governance import events
from governance.access import policy
from governance.access.actors import Actor
from governance.access.permissions import Permission
from governance.errors import Conflict, Invalid, Missing
from governance.tenancy import config
from governance.tenancy.config import compiled
from governance.tenancy.scope import current
from tickets.catalog.models import Category
from tickets.catalog.tree import tree
from tickets.replies.models import FIELDS, ReplyTemplate
from tickets.ticket.models.ticket import Ticket

#: The marks that a text may contain; each is replaced by a fact of the ticket.
MARKS = ("{编号}", "{标题}", "{单位}", "{类别}", "{地点}")


@dataclass(frozen=True, slots=True)
class Reply:
    """One fitting template, with its marks replaced."""

    id: int
    title: str
    text: str


def fitting(ticket: Ticket, verb: str) -> list[Reply]:
    """The templates of a verb for all tickets or for the ticket's category, the most specific first;
    compiled."""
    if verb not in FIELDS:
        return []
    rows = compiled(current(), "replies", _load)
    above = [node.id for node in tree().upwards(ticket.category_id)]
    wanted = [row for row in rows if row[1] == verb and (row[2] is None or row[2] in above)]
    wanted.sort(key=lambda row: above.index(row[2]) if row[2] in above else len(above))
    facts = _facts(ticket) if wanted else {}
    return [Reply(pk, title, filled(text, facts)) for pk, _verb, _category, title, text in wanted]


def for_many(verb: str) -> list[Reply]:
    """The templates of a verb that read the same for every ticket: for all categories, and without marks."""
    rows = compiled(current(), "replies", _load) if verb in FIELDS else []
    plain = [row for row in rows if row[1] == verb and row[2] is None and not any(m in row[4] for m in MARKS)]
    return [Reply(pk, title, text) for pk, _verb, _category, title, text in plain]


def filled(text: str, facts: Mapping[str, str]) -> str:
    """The text with its marks replaced; other text in braces stays."""
    for mark, value in facts.items():
        text = text.replace(mark, value)
    return text


def _facts(ticket: Ticket) -> dict[str, str]:
    return dict(
        zip(
            MARKS,
            (
                ticket.number,
                ticket.title,
                ticket.lead_unit.name if ticket.lead_unit else "",
                ticket.category.name if ticket.category else "",
                " ".join(one for one in (ticket.area.name if ticket.area else "", ticket.address) if one),
            ),
            strict=True,
        )
    )


def _load() -> list[tuple[int, str, int | None, str, str]]:
    return list(
        ReplyTemplate.objects.order_by("title").values_list("id", "verb", "category_id", "title", "text")
    )


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
    if ReplyTemplate.objects.filter(verb=verb, title=title.strip()).exclude(pk=pk).exists():
        raise Conflict(_("已有名为“%(title)s”的模板") % {"title": title.strip()}, code="taken", field="title")
    made = ReplyTemplate.objects.filter(pk=pk).first() if pk else ReplyTemplate()
    if made is None:
        raise Missing(_("没有这个模板"))
    made.verb, made.title, made.text, made.category = verb, title.strip(), text.strip(), category
    made.save()
    config.changed(current())
    events.record("settings.changed", made, by=by, at=at, verb=verb)
    return made


def drop(pk: int, *, by: Actor, at: datetime) -> None:
    """Delete a template. Raises Forbidden or Missing."""
    policy.require(by, Permission.SETTINGS_EDIT)
    found = ReplyTemplate.objects.filter(pk=pk).first()
    if found is None:
        raise Missing(_("没有这个模板"))
    events.record("settings.changed", found, by=by, at=at, dropped=True)
    found.delete()
    config.changed(current())
