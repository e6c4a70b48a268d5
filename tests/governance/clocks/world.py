"""Calendar K as rows of a tenant."""

from datetime import date

from governance.clocks import calendar_rows
from governance.clocks.holidays import Holiday
from governance.clocks.models import CalendarYear, WorkCalendar
from tests.governance.clocks.fixtures import CLOSED, HOURS, MAKE_UP


def keep_calendar_k() -> WorkCalendar:
    """Store K in the open scope's tenant."""
    calendar = calendar_rows.set_hours({str(n): HOURS for n in range(1, 6)}, name="K")
    days = [Holiday(day, True, "国庆节") for day in CLOSED] + [Holiday(day, False) for day in MAKE_UP]
    calendar_rows.load_year(2026, days, source="K")
    CalendarYear.objects.get_or_create(year=date(2025, 1, 1).year, defaults={"published": True})
    return calendar
