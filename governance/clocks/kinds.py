"""Event kinds of clocks. Start and stop have no event here: the subject's own events show them."""

from django.utils.translation import gettext_lazy as _

from governance import events

events.declare("clock.paused", _("计时暂停"))
events.declare("clock.resumed", _("计时恢复"))
events.declare("clock.extended", _("时限延长"))
events.declare("clock.warned", _("临期预警"))
events.declare("clock.breached", _("超过时限"))
events.declare("clock.escalated", _("超时升级"))
events.declare("calendar.changed", _("修改工作日历"))
