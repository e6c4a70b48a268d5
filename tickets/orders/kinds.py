"""Event kinds of the five orders, besides the moves themselves."""

from django.utils.translation import gettext_lazy as _

from governance import events

events.declare("ticket.reworked", _("返工重办"))
events.declare("ticket.sampled", _("抽查自办件"))
events.declare("ticket.took_in", _("并入了另一张工单"))
events.declare("ticket.followed", _("有居民关注"))
