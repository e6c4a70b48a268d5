"""The kinds of events that tickets record, each with its sentence."""

from django.utils.translation import gettext_lazy as _

from governance import events
from governance.clocks import words
from tickets.states import State
from tickets.whistles.workflow import BLOW
from tickets.whistles.workflow import MOVES as WHISTLE_MOVES
from tickets.workflow import MOVES

for _move in MOVES.values():
    events.declare(_move.event, _move.label)
    words.declare_cause(_move.verb, _move.label)
for _state in State:
    words.declare_cause(_state.value, _state.label)
for _move in WHISTLE_MOVES.values():
    events.declare(_move.event, _move.label)
words.declare_cause("refuse", _("待区县裁定"))
words.declare_cause("overrule", _("区县要求到场"))
events.declare(BLOW, _("吹哨"))
events.declare("whistle.photo_added", _("添加照片"))
events.declare("ticket.whistle_ended", _("吹哨结束"))
events.declare("ticket.agreement_due", _("调解协议履行期满，请回访"))
events.declare("ticket.parties_unmasked", _("查看当事人姓名"))
events.declare("desk.brief", _("早报"))
events.declare("desk.briefed", _("早报已发"))
events.declare("ticket.handed_over", _("工作交接"))
events.declare("ticket.regridded", _("网格调整，随之改变所在网格"))
events.declare("whistle.regridded", _("网格调整，随之改变所在网格"))
events.declare("person.handed_over", _("工作交接"))
events.declare("ticket.reworked", _("返工重办"))
events.declare("ticket.photo_added", _("添加照片"))
events.declare("ticket.sampled", _("抽查自办件"))
events.declare("ticket.imported", _("历史导入"))
events.declare("ticket.exported", _("导出工单列表"))
events.declare("ticket.unmasked", _("查看反映人信息"))
events.declare("ticket.anonymised", _("到期去除联系方式"))
events.declare("privacy.asked", _("居民提出个人信息请求"))
events.declare("privacy.decided", _("个人信息请求已答复"))
events.declare("ticket.took_in", _("并入了另一张工单"))
events.declare("ticket.followed", _("有居民关注"))
events.declare("ticket.push_refused", _("下推被拒"))
events.declare("duty_list.drafted", _("导入履职清单"))
events.declare("duty_list.discarded", _("删除履职清单草稿"))
events.declare("duty_list.published", _("发布履职清单"))
events.declare("admission.asked", _("申请工作准入"))
events.declare("admission.approved", _("同意工作准入"))
events.declare("admission.refused", _("不同意工作准入"))
events.declare("admission.expired", _("工作准入到期"))
events.declare("consent.asked", _("征求派驻机构负责人意见"))
events.declare("consent.agreed", _("街道同意"))
events.declare("consent.refused", _("街道不同意"))
events.declare("consent.unanswered", _("街道逾期未答复"))
