"""The first calendar of a new tenant."""

from governance.clocks import calendars, sources
from governance.tenancy.models import Tenant
from governance.tenancy.scope import scope


def seed_calendar(tenant: Tenant) -> None:
    """Create ordinary hours (08:30-12:00, 14:00-17:30, Monday to Friday) and load all known years.

    Can be run again.
    """
    with scope(tenant):
        calendars.default_calendar()
        for year in sources.covered_years():
            calendars.load_year(year, sources.of_library(year), source=sources.LIBRARY)
