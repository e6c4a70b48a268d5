"""The working calendar on the settings pages, and clocks on the ticket page."""

import re
from datetime import date

import pytest
from django.conf import settings
from django.utils import timezone

from governance.access.models import User
from governance.accounts import actions as account_actions
from governance.clocks import compiled_calendars
from governance.clocks.models import CalendarDay, CalendarYear, WorkCalendar
from governance.events.models import Event
from governance.tenancy.scope import scope
from tests.pages import folded
from tickets.intake import actions as intake
from tickets.orders.actions import triage

URL = "/alpha/desk/settings/calendar/"


@pytest.fixture
def admin(world, client):
    client.force_login(
        User.objects.get(pk=world.members["admin"].user_id), "governance.access.backend.LoginBackend"
    )
    return client


def test_a_day_is_set_and_follows_its_week_again(world, admin):
    given = {"day": "2026-12-31", "kind": "work", "slots": "08:30-12:00", "name": "盘点", "year": "2026"}
    assert admin.post(URL + "day/", given).status_code == 302
    page = folded(admin.get(URL + "?year=2026"))
    assert "盘点" in page
    assert "08:30-12:00" in page
    assert admin.post(URL + "clear/", {"day": "2026-12-31", "year": "2026"}).status_code == 302
    with scope(world.tenant):
        assert not CalendarDay.objects.filter(date=date(2026, 12, 31)).exists()
        assert Event.objects.filter(kind="calendar.changed").count() == 2


@pytest.mark.parametrize(
    ("slots", "words"), [("25:00-26:00", "25:00"), ("早上", "时段应写成"), ("12:00-08:00", "12:00")]
)
def test_hours_that_do_not_hold_are_named_and_kept(world, admin, slots, words):
    given = {"day": "2026-12-31", "kind": "work", "slots": slots, "name": "盘点", "year": "2026"}
    answer = admin.post(URL + "day/", given)
    page = folded(answer)
    assert answer.status_code == 400
    assert words in page
    assert "盘点" in page
    with scope(world.tenant):
        assert not CalendarDay.objects.filter(date=date(2026, 12, 31)).exists()


def test_the_week_is_set(world, admin):
    week = {str(day): "09:00-12:00 13:00-18:00" for day in range(1, 6)}
    assert admin.post(URL + "week/", {**week, "6": "", "7": ""}).status_code == 302
    with scope(world.tenant):
        kept = WorkCalendar.objects.get(active=True, unit_id=None).week
    assert kept["1"] == [["09:00", "12:00"], ["13:00", "18:00"]]
    assert "6" not in kept
    empty = admin.post(URL + "week/", {str(day): "" for day in range(1, 8)})
    assert empty.status_code == 400


def test_a_published_year_is_loaded(world, admin):
    assert admin.post(URL + "load/", {"year": "2025"}).status_code == 302
    with scope(world.tenant):
        assert CalendarYear.objects.get(year=2025).published
    assert admin.post(URL + "load/", {"year": "2098"}).status_code == 400
    assert admin.get(URL + "?year=1800").status_code == 404


def test_the_page_and_rest_tell_a_promise_in_the_same_words(world, admin):
    """Each segment has its cause and actor; the extension, the pause and the provisional year are shown."""
    from governance.clocks import actions as clocks
    from tests.worlds import at

    with scope(world.tenant):
        draft = intake.Draft(
            text="楼道灯不亮", area=world.areas["lane_building"].code, name="钱居民", phone="13800001234"
        )
        community = world.actor("community")
        ticket = intake.report(draft, by=world.actor("clerk"), at=at(23, 9)).ticket
        ticket = triage.triage_minor(ticket, by=community, at=at(23, 10), reason="社区可办")
        unit = ticket.holder_unit_id
        clocks.extend(ticket, "resolve", by=community, at=at(23, 11), amount=60, unit_id=unit)
        clocks.pause(ticket, ["resolve"], by=community, at=at(23, 12), reason="ask_resident")
    user = User.objects.get(pk=world.members["community"].user_id)
    token = account_actions.create_token(
        user, world.tenant, name="tests", scopes=["tickets:read"], at=timezone.now()
    )
    admin.force_login(user, "governance.access.backend.LoginBackend")
    page = folded(admin.get(f"/alpha/desk/tickets/{ticket.number}/"))
    api = f"/alpha/api/v1/tickets/{ticket.number}/clocks/"
    stories = admin.get(api, headers={"Authorization": f"Bearer {token}"}).json()["results"]
    story = next(one for one in stories if one["purpose"] == "resolve")
    assert story["phrase"].startswith("已暂停（请居民补充），还剩")
    assert story["policy_words"].startswith("67 个工作日，至最后一日下班止；50%、80%、到期前 1 小时预警")
    assert [(part["cause"], part["who"]) for part in story["segments"]] == [
        ("分单·小事", "孙社区（里巷社区居委会）"),
        ("请居民补充", "孙社区（里巷社区居委会）"),
    ]
    assert story["provisional_words"] == "2027 年放假安排尚未公布，到期时间为暂定"
    said = [story["phrase"], story["policy_words"], story["provisional_words"], *story["segments"][0]["who"]]
    assert all(words in page for words in said)
    assert story["remaining"]["days"] + story["used"] >= 66


def open_on(world, day):
    with scope(world.tenant):
        world.tenant.refresh_from_db()
        return compiled_calendars.calendar_for(world.tenant, None, timezone.now()).is_workday(day)


def test_a_day_of_the_year_is_turned_by_one_press_and_back_by_another(world, admin):
    sunday, friday = date(2026, 12, 13), date(2026, 12, 11)
    for day, before in ((sunday, False), (friday, True)):
        for expected in (not before, before):
            answer = admin.post(URL + "turn/", {"day": day.isoformat(), "year": "2026"})
            assert answer.status_code == 302
            assert open_on(world, day) is expected
        with scope(world.tenant):
            assert not CalendarDay.objects.filter(date=day).exists()
    assert admin.post(URL + "turn/", {"day": "someday"}).status_code == 404
    for year in ("0001", "9999"):
        assert admin.post(URL + "turn/", {"day": f"{year}-01-01"}).status_code == 400


def test_a_published_holiday_that_is_worked_through_stays_so_when_the_year_is_loaded_again(world, admin):
    new_year = date(2026, 1, 1)
    admin.post(URL + "load/", {"year": "2026"})
    assert not open_on(world, new_year)
    admin.post(URL + "turn/", {"day": "2026-01-01", "year": "2026"})
    assert open_on(world, new_year)
    admin.post(URL + "load/", {"year": "2026"})
    assert open_on(world, new_year)


def test_the_year_shows_every_day_once_and_why_it_differs(world, admin):
    admin.post(URL + "load/", {"year": "2026"})
    page = folded(admin.get(URL + "?year=2026"))
    assert page.count('name="day" value="2026-') >= 365
    assert len(set(re.findall(r'<button class="day[^>]*value="(2026-[0-9-]+)\.', page))) == 365
    assert re.search(
        r'<button class="day is-off is-special" name="day" value="2026-01-01.work"[^>]*元旦', page
    )
    work = re.findall(r'<button class="day is-special" name="day" value="(2026-[0-9-]+)\.off"', page)
    assert work  # the make-up workdays
    assert all(date.fromisoformat(one).weekday() >= 5 for one in work)


def test_pressed_twice_or_on_an_old_page_a_day_turns_only_once(world, admin):
    page = folded(admin.get(URL, {"year": "2026"}))
    assert 'value="2026-12-01.off"' in page
    assert 'value="2026-12-05.work"' in page
    for _ in range(2):
        admin.post(URL + "turn/", {"day": "2026-12-01.off", "year": "2026"})
    with scope(world.tenant):
        assert CalendarDay.objects.get(date="2026-12-01").kind == "off"
        assert Event.objects.filter(kind="calendar.changed").count() == 1


def test_in_english_months_and_days_have_their_names(world, admin):
    def heads(page):
        return re.findall(r"<abbr[^>]*>([^<]+)</abbr>", page)[:7], re.findall(r"<caption>([^<]+)<", page)[:2]

    admin.cookies.load({settings.LANGUAGE_COOKIE_NAME: "en"})
    page = folded(admin.get(URL + "?year=2026"))
    assert heads(page) == ([*"MTWTFSS"], ["January", "February"])
    menu = re.findall(r'<nav class="settings-menu".*?</nav>', page, re.DOTALL)[0]
    tabs = re.findall(r">([^<]+)</a>", menu)
    assert {"General", "Areas", "Units", "Categories", "People"} <= set(tabs)
    del admin.cookies[settings.LANGUAGE_COOKIE_NAME]
    assert heads(folded(admin.get(URL + "?year=2026"))) == ([*"一二三四五六日"], ["1月", "2月"])
