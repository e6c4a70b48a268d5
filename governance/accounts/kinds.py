"""Event kinds of log-ins and API tokens."""

from django.utils.translation import gettext_lazy as _

from governance import events

events.declare("token.issued", _("签发接口令牌"))
events.declare("token.revoked", _("吊销接口令牌"))
events.declare("account.password_set", _("平台运维设置了新密码"))
