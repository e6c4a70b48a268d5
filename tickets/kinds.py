"""The kinds of events that tickets record, each with its sentence."""

from django.utils.translation import gettext_lazy as _

from governance import events
from governance.clocks import words
from tickets.workflow import MOVES

for _move in MOVES.values():
    events.declare(_move.event, _move.label)
    words.declare_cause(_move.verb, _move.label)
events.declare("ticket.reworked", _("返工重办"))
events.declare("ticket.photo_added", _("添加照片"))
events.declare("ticket.sampled", _("抽查自办件"))
events.declare("ticket.imported", _("历史导入"))
events.declare("ticket.unmasked", _("查看反映人信息"))
events.declare("ticket.anonymised", _("到期去除联系方式"))
events.declare("privacy.asked", _("居民提出个人信息请求"))
events.declare("privacy.decided", _("个人信息请求已答复"))
events.declare("ticket.took_in", _("并入了另一张工单"))
events.declare("ticket.followed", _("有居民关注"))
