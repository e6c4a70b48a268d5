"""Event kinds of mediation."""

from django.utils.translation import gettext_lazy as _

from governance import events

events.declare("ticket.agreement_due", _("调解协议履行期满，请回访"))
events.declare("ticket.parties_unmasked", _("查看当事人姓名"))
