"""Event kinds of intake."""

from django.utils.translation import gettext_lazy as _

from governance import events

events.declare("ticket.imported", _("历史导入"))
