"""The first calendar of a new tenant."""

from governance.clocks import calendar_rows, holidays
from governance.tenancy.models import Tenant
from governance.tenancy.scope import scope


def seed_calendar(tenant: Tenant) -> None:
    """Create ordinary hours (08:30-12:00, 14:00-17:30, Monday to Friday) and load all known years.

    Can be run again.
    """
    with scope(tenant):
        calendar_rows.default_calendar()
        for year in holidays.covered_years():
            calendar_rows.load_year(year, holidays.of_library(year), source=holidays.LIBRARY)
