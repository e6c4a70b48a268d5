"""Setup check of the clocks: are the holidays of the present year published and loaded?"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from governance.clocks.models import CalendarYear
from governance.tenancy.gaps import Gap, registers_check
from governance.tenancy.scope import current

WARN_BEFORE = timedelta(days=31)


@registers_check(5)
def calendar(at: datetime) -> Iterator[Gap]:
    """Check the present year and, from December on, the next one; one statement."""
    zone = ZoneInfo(current().zone)
    needed = {at.astimezone(zone).year, (at + WARN_BEFORE).astimezone(zone).year}
    known = CalendarYear.objects.filter(year__in=needed, published=True).values_list("year", flat=True)
    missing = sorted(needed - {*known})
    yield Gap(
        title=_("没有载入放假安排的年份"),
        well=_("放假安排已载入"),
        why=_("未载入放假安排的年份按周一至周五计算，节假日也计入时限"),
        count=len(missing),
        names=tuple(str(year) for year in missing),
        path="settings/calendar/",
    )
