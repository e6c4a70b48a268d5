"""Whistles on pages and over REST, their notices and the number of their statements."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from governance import events
from governance.clocks import timer
from governance.events import feed, notice_texts, notices
from governance.events.models import Notice
from governance.tenancy.scope import scope
from tests.tickets.calls import refused
from tests.tickets.matters import DESK, reported, statements
from tests.tickets.whistles.test_whistle import MONDAY, blown, go, on_ticket, party
from tests.worlds import at
from tickets.models import Whistle
from tickets.orders import actions
from tickets.ticket import sharing
from tickets.ticket.audience import CONCERNED
from tickets.whistles import actions as whistles
from tickets.whistles import queries as whistle_queries
from tickets.whistles.actions import blowing
from tickets.whistles.forms import BlowForm

API = "/alpha/api/v1/whistles/"


def test_from_the_form_to_the_check_in_on_pages(world, as_):
    form = {"kind": "pressing", "text": "占道经营", "area": world.areas["lane"].code, "units": ["water"]}
    page = as_("center").post(f"{DESK}whistles/new/", form, follow=True).content.decode()
    with scope(world.tenant):
        whistle = Whistle.objects.get()
    assert whistle.code in page
    address = f"{DESK}whistles/{whistle.number}/"
    client = as_("head")
    assert whistle.number in client.get(f"{DESK}whistles/").content.decode()
    page = client.get(f"{address}?move=arrive").content.decode()
    assert whistle.code not in page
    assert 'name="code"' in page
    answer = client.post(f"{address}moves/arrive/", {"code": whistle.code, "expected": "blown"}, follow=True)
    assert "现场处置" in answer.content.decode()
    late = client.post(f"{address}moves/refuse/", {"reason": "不去", "expected": "blown"})
    assert late.status_code == 409
    assert as_("parks_head").get(address).status_code == 404


def test_the_ticket_opens_the_form_and_shows_its_whistles(world, as_):
    number = reported(world).ticket.number
    client = as_("center")
    page = client.get(f"{DESK}tickets/{number}/?move=whistle").content.decode()
    assert 'name="units"' in page
    given = {"kind": "enforcement", "text": "请到场", "units": ["water", "east_team"], "expected": "reported"}
    page = client.post(f"{DESK}tickets/{number}/moves/whistle/", given, follow=True).content.decode()
    with scope(world.tenant):
        whistle = Whistle.objects.get()
    assert f"{DESK}whistles/{whistle.number}/" in page
    assert client.get(f"{DESK}whistles/new/?ticket={number}").status_code == 200
    assert number in as_("head").get(f"{DESK}whistles/{whistle.number}/").content.decode()


def test_a_missing_unit_is_named_and_nothing_is_stored(world, as_):
    form = {"kind": "pressing", "text": "占道", "area": world.areas["lane"].code}
    answer = as_("center").post(f"{DESK}whistles/new/", form)
    assert answer.status_code == 400
    assert "请选择要召集的单位" in answer.content.decode()
    assert as_("head").get(f"{DESK}whistles/new/").status_code == 403
    with scope(world.tenant):
        assert not Whistle.objects.exists()


def test_whistles_over_rest(world, call):
    body = {"kind": "emergency", "text": "燃气泄漏", "area": world.areas["lane"].code, "units": ["water"]}
    made = call.post(API, body, who="center")
    assert made.status_code == 201, made.content
    told = made.json()
    assert [one["verb"] for one in told["available_moves"]][:1] == ["confirm"]
    moves = f"{API}{told['number']}/moves/"
    refused(call.post(moves, {"verb": "end"}, who="head"), 403, "forbidden")
    refused(call.post(moves, {"verb": "fly"}, who="head"), 400, "unknown_verb", "verb")
    refused(call.post(moves, {"verb": "end"}, who="center"), 400, "invalid", "text")
    answered = call.post(moves, {"verb": "answer", "expected": "blown"}, who="head").json()
    assert (answered["state"], answered["code"], answered["parties"][0]["stage"]) == (
        "answered",
        None,
        "answered",
    )
    refused(call.post(moves, {"verb": "arrive", "expected": "blown"}, who="head"), 409, "stale")
    refused(call.post(API, {**body, "units": ["moon"]}, who="center"), 400, "unknown_unit", "units")
    refused(call.post(API, body, who="clerk"), 403, "forbidden")
    listed = call.get(f"{API}?show=answer", who="head").json()
    assert [(row["number"], row["summoned"], row["there"]) for row in listed["results"]] == [
        (told["number"], 1, 0)
    ]
    refused(call.get(f"{API}?show=moon"), 400, "unknown_choice", "show")
    refused(call.get(f"{API}{told['number']}/", who="parks_head"), 404, "not_found")


def sent(work):
    with CaptureQueriesContext(connection) as caught:
        work()
    return len(caught)


def test_every_write_sends_ten_statements_at_most(walk):
    on_ticket(walk, "parks")  # fills the caches of the process
    sharing.share_permission()
    ticket, center = reported(walk).ticket, walk.actor("center")
    given = {"kind": "joint", "text": "请到场", "units": [walk.units["water"], walk.units["east_team"]]}
    verb = actions.VERBS["whistle"]
    counts = {"blow": sent(lambda: verb(ticket, by=center, at=at(23, 9), **given))}
    whistle = Whistle.objects.order_by("-id").first()
    water = party(walk, whistle, "water").pk
    steps = [
        ("head", "refuse", {"reason": "不属"}),
        ("county", "overrule", {"reason": "应到场", "party": water}),
        ("head", "arrive", {"code": whistle.code}),
        ("team", "refuse", {"reason": "无人"}),
        ("county", "uphold", {"reason": "同意"}),
        ("center", "assign_task", {"text": "关阀", "party": water}),
        ("center", "summon", {"units": [walk.units["parks"]]}),
        ("center", "release", {"reason": "已完成", "party": water}),
        ("parks_head", "answer", {}),
        ("center", "confirm", {}),
        ("center", "end", {"text": "完成"}),
        ("center", "rate_unit", {"in_time": 5, "together": 5, "solved": 5}),
        ("head", "rate_whistle", {"needed": 5, "clear": 5}),
        ("center", "rate_unit", {"in_time": 5, "together": 5, "solved": 5}),
        ("parks_head", "rate_whistle", {"needed": 5, "clear": 5}),
    ]
    for who, verb, given in steps:
        actor = walk.actor(who)
        counts[verb] = sent(
            lambda v=verb, a=actor, g=given: whistles.VERBS[v](whistle, by=a, at=at(23, 10), **g)
        )
    whistle.refresh_from_db()
    assert whistle.state == "rated"
    assert {verb: n for verb, n in counts.items() if n > 10} == {}


@pytest.mark.parametrize("rows", [1, 3])
def test_a_list_and_a_page_send_the_same_for_any_number_of_rows(world, as_, rows):
    with scope(world.tenant):
        for _ in range(rows):
            whistle = blown(world, "water", "parks", "east_team")
    client = as_("center")
    client.get(f"{DESK}whistles/")
    assert statements(client, f"{DESK}whistles/") <= 5
    assert statements(client, f"{DESK}whistles/{whistle.number}/") <= 7  # six, and one for the unread notices
    assert statements(client, f"{DESK}whistles/figures/") <= 8


@pytest.fixture
def quiet(monkeypatch):
    monkeypatch.setattr(feed, "announce", lambda tenant_id: None)


def told(walk, name, subject="tickets.whistle"):
    found = Notice.objects.filter(member=walk.members[name], subject_type=subject).order_by("pk")
    return [one.line.what for one in notice_texts.told(found, walk.actor(name), at(23, 12))]


def test_the_summoned_the_street_and_the_county_are_told(walk, quiet):
    feed.skip_to_now(walk.tenant)
    whistle = blown(walk, "water", kind="emergency")
    go(walk, whistle, "head", "refuse", reason="不属")
    deliver(walk)
    assert told(walk, "member") == ["街道吹哨，请应哨并到场"]
    assert told(walk, "county") == ["应哨单位申请不到场，请区县裁定"]
    assert CONCERNED


def deliver(walk):
    from governance.events.models import Event
    from tickets.whistles import subscribers

    handlers = {
        "whistle.blow": [subscribers.tell_the_summoned],
        "whistle.refuse": [subscribers.tell_who_decides],
    }
    for event in Event.objects.filter(subject_type="tickets.whistle").order_by("pk"):
        for handler in handlers.get(event.kind, []):
            handler(event)
        if event.kind in notices.TIMED:
            subscribers.tell_of_time([event])


def test_who_does_not_answer_in_time_is_told_of_to_the_county_and_the_unit(walk, quiet):
    whistle = blown(walk, "water", kind="emergency")
    while timer.fire_next_due(at(23, 9, 11)):
        pass
    deliver(walk)
    assert [one for one in told(walk, "county") if "应哨超时" in one]
    assert [one for one in told(walk, "head") if "应哨超时" in one]
    assert whistle.is_open


def test_what_nobody_rates_is_closed_unrated(walk, quiet):
    whistle = blown(walk, "water")
    go(walk, whistle, "center", "confirm")
    go(walk, whistle, "center", "end", when=at(23, 11), text="完成")
    while timer.fire_next_due(at(30, 12)):
        pass
    whistle.refresh_from_db()
    assert whistle.state == "rated"
    assert not whistle.ratings.exists()


def test_figures_count_both_sides(walk):
    on_ticket(walk, "water")
    whistle = Whistle.objects.get()
    go(walk, whistle, "head", "answer", when=at(23, 9, 5))
    go(walk, whistle, "center", "confirm", when=at(23, 16))  # after the due time
    go(walk, whistle, "center", "end", when=at(23, 17), text="完成")
    go(walk, whistle, "center", "rate_unit", in_time=1, together=4, solved=4)
    go(walk, whistle, "head", "rate_whistle", needed=2, clear=3)
    reported(walk)
    month = at(23, 9).date().replace(day=1)
    (street,) = whistle_queries.by_street(walk.actor("county"), month)
    assert (street.street, street.tickets, street.whistles, street.whistled) == ("东街道", 2, 1, 1)
    (unit,) = whistle_queries.by_unit(walk.actor("county"), month)
    assert (unit.unit, unit.summoned, unit.answered_in_time, unit.arrived, unit.arrived_in_time) == (
        "水务局", 1, 1, 1, 0,
    )  # fmt: skip
    assert (unit.stars, unit.gave) == (3.0, 2.5)
    assert whistle_queries.by_street(walk.actor("west_center"), month) == []
    assert list(whistle_queries.months(at(1, 9, month=1), 2))[1].isoformat() == "2025-12-01"
    assert timezone.is_aware(whistle_queries.month_of(month)[0])


def test_each_line_of_the_history_names_its_unit_and_no_warning_comes_late(walk):
    whistle = blown(walk, "parks")
    unit = whistle.parties.get().unit
    for step, combined in (("warn_1", True), ("warn_2", None), ("due", None)):
        kind = "clock.breached" if step == "due" else "clock.warned"
        facts = {"purpose": "arrive", "unit": unit.pk, "step": step, "combined": combined}
        events.record(kind, whistle, by=walk.system, at=MONDAY, **facts)
    lines = [
        line for line in whistle_queries.sheet(whistle, MONDAY).history if line.kind.startswith("clock.")
    ]
    assert [line.kind for line in lines] == ["clock.warned", "clock.breached"]
    assert {line.about for line in lines} == {unit.name}
    assert all("（" in line.what for line in lines)


def test_the_form_says_the_due_times_and_puts_usual_units_first(walk):
    answer, arrive = blowing.foreseen("emergency", None, MONDAY)
    assert MONDAY < answer <= arrive == at(23, 9, 30)
    unit = blown(walk, "parks").parties.get().unit
    form = BlowForm(by=walk.actor("center"), at=at(23, 11))
    assert str(form.fields["units"].widget.choices[0][0]) == unit.code
