"""Reply templates (答复模板): find those that fit a ticket and a verb, and fill them."""

from collections.abc import Mapping
from dataclasses import dataclass

from governance.tenancy.config import compiled
from governance.tenancy.scope import current
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
