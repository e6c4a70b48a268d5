"""Wording of the notice of the morning brief."""

from typing import Any

from django.utils.translation import gettext as _

from governance.events.notice_texts import registers_text
from tickets.today.actions import BEGUN
from tickets.today.brief import PARTS


@registers_text(BEGUN)
def _words(facts: dict[str, Any]) -> str:
    given = {name: facts.get(name, 0) for name in PARTS}
    return _("早报：新增 %(new)d 件，今日到期 %(due)d 件，超期 %(late)d 件") % given
