"""Wording of notices about tickets."""

from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from governance import events
from governance.access.actors import Actor
from governance.clocks import words
from governance.events.models import Notice
from governance.events.notice_texts import Line, registers_lines
from governance.tenancy.scope import current
from tickets.states import State
from tickets.ticket.models.ticket import Ticket


@registers_lines("tickets.ticket")
def lines(notices: list[Notice], reader: Actor, at: datetime) -> dict[int, Line]:
    """Number, title and event of each notice; without title and link if the reader may no longer see the
    ticket, and without number if it is a complaint about a unit in the reader's line.

    One statement.
    """
    wanted = {notice.subject_id for notice in notices}
    seen = Exists(Ticket.objects.visible_to(reader).filter(pk=OuterRef("pk")))
    rows = Ticket.objects.filter(pk__in=wanted).annotate(seen=seen)
    known, sealed = {}, set()
    for pk, number, title, about, visible in rows.values_list(
        "pk", "number", "title", "against_unit_id", "seen"
    ):
        if visible:
            known[pk] = (number, title)
        elif about in reader.line:
            sealed.add(pk)
    found = {}
    for notice in notices:
        number, title = known.get(notice.subject_id, (notice.facts.get("number", ""), ""))
        if notice.subject_id in sealed:
            number = ""
        what = _what(notice.kind, notice.facts, at)
        if notice.subject_id in known:
            found[notice.pk] = Line(what, number, title, f"desk/tickets/{number}/")
        else:
            found[notice.pk] = Line(_("%(what)s（已不在您的查看范围）") % {"what": what}, number)
    return found


def _what(kind: str, facts: dict[str, Any], at: datetime) -> str:
    """The event in words; the fact `say` holds which wording was meant when the notice was written."""
    if kind.startswith("clock."):
        return words.happened(kind, facts, at, current().zone)
    if facts.get("say") == "inform":
        return _("特急事项已直派责任单位，请关注")
    if facts.get("say") == "assigned":
        return _("%(what)s，由您办理") % {"what": events.sentence(kind)}
    if facts.get("say") == "back":
        return _("经办人已停用，请重新指派")
    if facts.get("say") == "assist":
        return _("请贵单位协办")
    if facts.get("say") == "decide":
        return _("%(what)s，请批复") % {"what": events.sentence(kind)}
    if facts.get("say") == "state" and facts.get("now") in State.values:
        return str(State(facts["now"]).label)
    return events.sentence(kind)
