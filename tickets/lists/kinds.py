"""Event kinds of lists."""

from django.utils.translation import gettext_lazy as _

from governance import events

events.declare("ticket.exported", _("导出工单列表"))
