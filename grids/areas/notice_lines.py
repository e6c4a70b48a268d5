"""Wording of notices about a recut."""

from typing import Any

from django.utils.translation import gettext as _

from governance.events.notice_texts import registers_text


@registers_text("area.took_in")
@registers_text("area.received")
def _words(facts: dict[str, Any]) -> str:
    given = {name: facts.get(name, 0) for name in ("buildings", "work")}
    return _("您负责的网格有调整：划入楼栋 %(buildings)d 个、在办事项 %(work)d 件") % given
