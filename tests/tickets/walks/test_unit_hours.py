"""Units with working hours of their own: the settings page, and the effect on their calendar."""

from governance.clocks import compiled_calendars
from governance.events.models import Event
from governance.tenancy.scope import scope
from tests.worlds import at

HOURS = "/alpha/desk/settings/hours/"
WEEK = {str(day): "08:00-12:00" for day in range(1, 8)}


def opens(world, name, moment):
    with scope(world.tenant):
        world.tenant.refresh_from_db()
        unit = world.units[name].pk if name else None
        return compiled_calendars.calendar_for(world.tenant, unit, moment).is_open(moment)


def test_a_units_own_week_holds_for_it_alone_until_it_is_dropped(world, as_):
    client, sunday = as_("admin"), at(22, 9)
    answer = client.post(HOURS + "water/week/", WEEK, follow=True)
    assert answer.status_code == 200
    assert "08:00-12:00" in answer.content.decode()
    assert (opens(world, "water", sunday), opens(world, "parks", sunday), opens(world, None, sunday)) == (
        True,
        False,
        False,
    )
    with scope(world.tenant):
        assert Event.objects.filter(kind="calendar.changed", facts__unit=world.units["water"].pk).exists()
    client.post(HOURS + "water/clear/", {})
    assert not opens(world, "water", sunday)
    assert client.post(HOURS + "water/clear/", {}).status_code == 404


def test_one_day_of_a_unit_differs_and_follows_again(world, as_):
    client, friday = as_("admin"), at(20, 10)
    assert opens(world, "water", friday)
    day = {"day": "2026-11-20", "kind": "off", "slots": "", "name": "停电检修"}
    page = client.post(HOURS + "water/day/", day, follow=True).content.decode()
    assert "停电检修" in page
    assert (opens(world, "water", friday), opens(world, "parks", friday)) == (False, True)
    client.post(HOURS + "water/clear/", {"day": "2026-11-20"})
    assert opens(world, "water", friday)


def test_what_makes_no_sense_is_named_and_nothing_is_kept(world, as_):
    client = as_("admin")
    answer = client.post(HOURS + "water/week/", {**WEEK, "1": "12:00-08:00"})
    assert answer.status_code == 400
    assert "12:00-08:00" in answer.content.decode()
    assert not opens(world, "water", at(22, 9))
    assert client.post(HOURS + "nowhere/week/", WEEK).status_code == 404
    assert client.post(HOURS + "water/clear/", {"day": "someday"}).status_code == 404
    assert as_("head").get(HOURS).status_code == 403


def test_the_list_names_who_has_hours_of_their_own(world, as_):
    client = as_("admin")
    assert "所有单位都按区县的工作日历" in client.get(HOURS).content.decode()
    client.post(HOURS + "water/week/", WEEK)
    page = client.get(HOURS).content.decode()
    assert "?unit=water" in page
    assert client.get(HOURS + "?unit=nowhere").status_code == 404
