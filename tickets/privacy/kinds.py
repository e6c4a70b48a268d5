"""Event kinds of personal data: requests, and erasure."""

from django.utils.translation import gettext_lazy as _

from governance import events

events.declare("ticket.anonymised", _("到期去除联系方式"))
events.declare("privacy.asked", _("居民提出个人信息请求"))
events.declare("privacy.decided", _("个人信息请求已答复"))
