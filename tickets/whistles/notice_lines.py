"""Wording of notices about whistles."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from governance import events
from governance.access.actors import Actor
from governance.clocks import words
from governance.events.models import Notice
from governance.events.notice_texts import Line, registers_lines
from governance.tenancy.scope import current
from tickets.ticket.models.ticket import sealed_from
from tickets.whistles.models import Whistle


@registers_lines("tickets.whistle")
def lines(notices: list[Notice], reader: Actor, at: datetime) -> dict[int, Line]:
    """Number, reason and event of each notice; without reason and link if the reader may not see the whistle.

    One statement, a second one if some may not be seen.
    """
    wanted = {notice.subject_id for notice in notices}
    seen = Whistle.objects.visible_to(reader).filter(pk__in=wanted).values_list("pk", "number", "text")
    known = {pk: (number, text[:30]) for pk, number, text in seen}
    about = sealed_from(reader, "ticket__")
    rest = wanted - known.keys() if about else set()
    sealed = set(Whistle.objects.filter(about, pk__in=rest).values_list("pk", flat=True)) if rest else set()
    found = {}
    for notice in notices:
        told = notice.facts.get("number", "")
        number, title = known.get(notice.subject_id, ("" if notice.subject_id in sealed else told, ""))
        what = _what(notice.kind, notice.facts, at)
        if notice.subject_id in known:
            found[notice.pk] = Line(what, number, title, f"desk/whistles/{number}/")
        else:
            found[notice.pk] = Line(_("%(what)s（已不在您的查看范围）") % {"what": what}, number)
    return found


def _what(kind: str, facts: dict[str, Any], at: datetime) -> str:
    if kind.startswith("clock."):
        return words.happened(kind, facts, at, current().zone)
    if facts.get("say") == "summoned":
        return _("街道吹哨，请应哨并到场")
    if facts.get("say") == "decide":
        return _("应哨单位申请不到场，请区县裁定")
    if facts.get("say") == "rate":
        return _("吹哨结束，请评哨")
    return events.sentence(kind)
