"""Event kinds of API tokens."""

from django.utils.translation import gettext_lazy as _

from governance import events

events.declare("token.issued", _("签发接口令牌"))
events.declare("token.revoked", _("吊销接口令牌"))
