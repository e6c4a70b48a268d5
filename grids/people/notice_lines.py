"""Wording of notices about posts."""

from typing import Any

from django.utils.translation import gettext as _

from governance.access.permissions import ROLE_NAMES
from governance.events.notice_texts import registers_text


@registers_text("person.posted")
def _words(facts: dict[str, Any]) -> str:
    return _("您有新的任职或负责区域有调整：%(role)s") % {"role": ROLE_NAMES.get(facts.get("role"), "")}
