"""Event kinds of duty lists, work admissions and consents."""

from django.utils.translation import gettext_lazy as _

from governance import events

events.declare("ticket.push_refused", _("拦截违规下派"))
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
