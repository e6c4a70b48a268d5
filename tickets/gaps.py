"""Setup checks of tickets: does every ticket find its category, its duty unit and its rules?"""

from collections.abc import Iterator
from datetime import datetime

from django.conf import settings
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from governance.tenancy.gaps import Gap, gap_of_one, gap_of_rows, registers_check
from grids.people import queries as people_queries
from tickets.catalog.models import Category
from tickets.duties.models import DutyItem, DutyList
from tickets.privacy.models import PrivacyNotice
from tickets.replies.models import ReplyTemplate
from tickets.states import Tier

CATEGORIES = "settings/categories/"


@registers_check(30)
def matters(at: datetime) -> Iterator[Gap]:
    """Check the categories and their duty units; three statements."""
    leaves = Category.objects.filter(leaf=True, active=True)
    yield gap_of_one(
        leaves.exists(),
        title=_("未设事项分类"),
        well=_("有事项分类"),
        why=_("分单、派单和时限都按分类；可以从 Excel 导入"),
        path=CATEGORIES,
        grave=True,
    )
    nobody = Q(duty_unit=None) | Q(duty_unit__active=False)
    yield gap_of_rows(
        leaves.filter(nobody, tier=Tier.EMERGENCY),
        title=_("没有首办单位的特急分类"),
        well=_("特急分类都有首办单位"),
        why=_("特急事项直接派首办单位，不经分单"),
        path=CATEGORIES,
        grave=True,
    )
    listed = DutyItem.objects.filter(version__state=DutyList.State.PUBLISHED, category=OuterRef("pk"))
    yield gap_of_rows(
        leaves.filter(~Exists(listed), duty_unit=None),
        title=_("没有单位的分类"),
        well=_("每个分类都找得到单位"),
        why=_("未列入清单且未设首办单位，派单时无法推荐单位"),
        path=CATEGORIES,
    )


@registers_check(40)
def rules(at: datetime) -> Iterator[Gap]:
    """Check what is published and set; five statements."""
    yield gap_of_one(
        DutyList.objects.filter(state=DutyList.State.PUBLISHED).exists(),
        title=_("未发布履职事项清单"),
        well=_("履职事项清单已发布"),
        why=_("未发布清单，平台无法拦截部门违规下派"),
        path="settings/duties/",
    )
    yield gap_of_one(
        people_queries.leads_the_district(at),
        title=_("未设分管全区县的领导岗位"),
        well=_("已设分管全区县的领导岗位"),
        why=_("反映区县运行中心的事项由领导办理，未设领导岗位则无人可见"),
        path="settings/people/",
    )
    yield gap_of_one(
        PrivacyNotice.objects.exists(),
        title=_("未发布本区县个人信息告知"),
        well=_("已发布本区县个人信息告知"),
        why=_("居民目前看到的是平台通用文本，不含本区县联系方式"),
        path="settings/notice/",
    )
    yield gap_of_one(
        ReplyTemplate.objects.exists(),
        title=_("未设答复模板"),
        well=_("有答复模板"),
        why=_("未设答复模板，常用答复须逐次填写"),
        path="settings/replies/",
    )
    yield gap_of_one(
        not settings.SMS_BACKEND.endswith(".console"),
        title=_("短信未接通"),
        well=_("短信已接通"),
        why=_("验证码、评价链接和紧急提醒无法发送；请联系平台运维接通短信"),
        path="settings/notices/",
    )
