"""The initial data of a new district."""

from datetime import date

import pytest

from governance.clocks import compiled_calendars
from governance.clocks.calendar import Unit
from governance.clocks.models import CalendarYear
from governance.errors import DomainError
from governance.tenancy.actions import create_tenant
from governance.tenancy.scope import scope
from tests.worlds import at
from tickets.models import ServiceLevel


def test_a_new_district_counts_on_the_published_calendar(tenant):
    with scope(tenant):
        assert CalendarYear.objects.filter(year=2026, published=True).exists()
        calendar = compiled_calendars.calendar_for(tenant, None, at(23, 9))
        assert calendar.workdays_in(date(2026, 1, 1), date(2026, 12, 31)) == 248
        due = calendar.add(at(23, 9), 7, Unit.WORKDAYS)
        assert (due.at, due.provisional) == (at(2, 17, 30, month=12), False)


def test_a_new_district_has_the_default_service_levels(tenant):
    with scope(tenant):
        assert ServiceLevel.objects.get(tier="", purpose="resolve").budget == 7


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("slug", "name", "code", "field"),
    [
        ("admin", "甲区", "371602", "slug"),
        ("Bad Slug", "甲区", "371602", "slug"),
        ("good", "", "371602", "name"),
        ("good", "甲区", "37a602", "code"),
    ],
)
def test_a_wrong_district_is_refused_by_field(slug, name, code, field):
    with pytest.raises(DomainError) as refusal:
        create_tenant(slug=slug, name=name, code=code)
    assert refusal.value.field == field
