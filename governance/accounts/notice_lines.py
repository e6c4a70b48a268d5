"""Wording of notices about log-ins."""

from typing import Any

from django.utils.translation import gettext as _

from governance.events.notice_texts import registers_text


@registers_text("account.password_set")
@registers_text("person.password_reset")
def _words(facts: dict[str, Any]) -> str:
    return _("您的密码已被他人重置，接口令牌同时作废。如果不是您要求的，请立即联系本单位管理员")
