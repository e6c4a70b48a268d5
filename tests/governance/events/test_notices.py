"""Notices of clocks: alert time, digests, substitutes and wording."""

from datetime import timedelta

import pytest
from django.utils import timezone, translation

from governance import events
from governance.access.permissions import Role
from governance.clocks import words
from governance.clocks.actions import extend
from governance.clocks.queries import explain
from governance.events import feed, notice_texts, notices, receivers
from governance.events.models import DIGEST, Event, FailedDelivery, Notice, NoticeBrake
from governance.events.receivers import Absence, To
from governance.events.storm_brake import WINDOW
from grids.people import records as territory
from grids.people.subscribers import tell_administrators
from tests.worlds import SINCE, at
from tickets.intake import actions as intake
from tickets.orders.time_notices import tell_of_time

pytestmark = [pytest.mark.django_db, pytest.mark.servers]
FRIDAY_NIGHT, MONDAY, NINE = at(27, 17, 31), at(30, 8, 30), at(23, 9)


@pytest.fixture(autouse=True)
def nobody_away(monkeypatch):
    """Remove the provider of absences and the broker; a test sets its own provider."""
    monkeypatch.setattr(receivers, "_provider", [])
    monkeypatch.setattr(feed, "announce", lambda tenant_id: None)


def setting(walk, **values) -> None:
    walk.tenant.settings = {**walk.tenant.settings, **values}
    walk.tenant.save(update_fields=["settings"])


def reported(walk, when=NINE, **more):
    given = {"text": "楼道灯不亮", "area": walk.areas["lane_building"].code, "category": "0101"}
    return intake.report(intake.Draft(**given | more), by=walk.actor("clerk"), at=when).ticket


def breached(walk, ticket, when, **more) -> Event:
    """A breach as the timer records it."""
    facts = {"purpose": "triage", "step": "due", "unit": walk.units["lane"].pk, "due_at": when.isoformat()}
    kind = more.pop("kind", "clock.breached")
    seq = events.record(kind, ticket, by=walk.system, at=when, **facts | more)
    return Event.objects.get(subject_type="tickets.ticket", subject_id=ticket.pk, seq=seq)


def told(walk, name) -> list[Notice]:
    return list(Notice.objects.filter(member=walk.members[name], digest=None).order_by("pk"))


def units_of(event) -> set[int]:
    return set(Notice.objects.filter(event=event).values_list("member_id", flat=True))


def ids(walk, *names) -> set[int]:
    return {walk.members[name].pk for name in names}


def test_s59_outside_working_hours_a_notice_waits_to_ring_and_stands_in_the_inbox(walk):
    tell_of_time([breached(walk, reported(walk), FRIDAY_NIGHT)])
    (held,) = told(walk, "community")
    member = walk.members["community"].pk
    assert (held.created_at, held.rings_at) == (FRIDAY_NIGHT, MONDAY)
    assert [notices.ringing(member, when).count() for when in (at(28, 12), at(30, 8, 29), MONDAY)] == [
        0,
        0,
        1,
    ]
    (line,) = notice_texts.told([held], walk.actor("community"), at(28, 12))
    assert line.held
    assert not notice_texts.told([held], walk.actor("community"), MONDAY)[0].held


def test_s59_an_emergency_rings_at_once(walk):
    tell_of_time([breached(walk, reported(walk, tier="emergency"), FRIDAY_NIGHT)])
    assert told(walk, "community")[0].rings_at == FRIDAY_NIGHT


def test_s59_who_works_at_night_is_told_at_night_and_a_district_may_switch_it_off(walk):
    from governance.clocks import calendar_rows

    week = {str(day): [["00:00", "24:00"]] for day in range(1, 8)}
    calendar_rows.set_hours(week, unit_id=walk.units["lane"].pk)
    event = breached(walk, reported(walk), FRIDAY_NIGHT)
    tell_of_time([event])
    assert told(walk, "community")[0].rings_at == FRIDAY_NIGHT
    setting(walk, quiet_hours=False)
    assert notices.rings_at(None, FRIDAY_NIGHT, urgent=False) == FRIDAY_NIGHT


def test_s60_more_than_a_few_of_one_lot_are_one_digest(walk):
    tickets = [reported(walk) for _ in range(8)]
    for number, ticket in enumerate(tickets[:5]):
        tell_of_time([breached(walk, ticket, NINE + timedelta(seconds=number))])
    assert len(told(walk, "community")) == 5
    tell_of_time([breached(walk, ticket, NINE + timedelta(minutes=2)) for ticket in tickets[5:]])
    (digest,) = told(walk, "community")
    assert (digest.kind, digest.facts) == (DIGEST, {"clock.breached": 8})
    assert Notice.objects.filter(digest=digest).count() == 8
    (line,) = notice_texts.told([digest], walk.actor("community"), NINE)
    assert line.line.what == "8 条时限提醒：超过时限 8 条"
    assert notices.mark_read(walk.members["community"].pk, [digest.pk], NINE) == 9


def test_s60_the_next_lot_and_what_was_read_stand_for_themselves(walk):
    setting(walk, digest_over=2)
    tickets = [reported(walk) for _ in range(7)]
    tell_of_time([breached(walk, ticket, NINE) for ticket in tickets[:3]])
    tell_of_time([breached(walk, tickets[3], NINE + WINDOW)])
    assert [notice.kind for notice in told(walk, "community")] == [DIGEST, "clock.breached"]
    notices.mark_read(walk.members["community"].pk, None, NINE)
    tell_of_time([breached(walk, ticket, NINE + WINDOW) for ticket in tickets[4:6]])
    assert [n.kind for n in told(walk, "community") if n.read_at is None] == ["clock.breached"] * 2


def test_s60_what_waits_over_the_weekend_is_one_lot_on_monday(walk):
    tickets = [reported(walk) for _ in range(6)]
    for hour, ticket in enumerate(tickets):
        tell_of_time([breached(walk, ticket, at(28, 3 + hour))])
    (digest,) = told(walk, "community")
    assert (digest.kind, digest.rings_at) == (DIGEST, MONDAY)


def test_s60_the_brake_gathers_everything_tells_the_administrator_once_and_comes_off(walk):
    setting(walk, notice_brake=3)
    tickets = [reported(walk) for _ in range(6)]
    for second, ticket in enumerate(tickets[:5]):
        tell_of_time([breached(walk, ticket, NINE + timedelta(seconds=second))])
    (told_once,) = Event.objects.filter(kind="notices.braked")
    assert NoticeBrake.objects.get().tripped_at == NINE + timedelta(seconds=3)
    assert [notice.kind for notice in told(walk, "community")] == [DIGEST]
    urgent = reported(walk, tier="emergency")
    tell_of_time([breached(walk, urgent, NINE + timedelta(seconds=9))])
    assert [(n.kind, n.urgent) for n in told(walk, "community")] == [(DIGEST, False), (DIGEST, True)]
    tell_administrators(told_once)
    (notice,) = told(walk, "admin")
    (line,) = notice_texts.told([notice], walk.actor("admin"), NINE)
    assert line.line.what.startswith("10 分钟内时限通知超过 3 条")
    assert (notice.event_id, told(walk, "worker")) == (told_once.pk, [])
    tell_of_time([breached(walk, tickets[5], NINE + 3 * WINDOW)])
    assert NoticeBrake.objects.get().tripped_at is None
    assert told(walk, "community")[-1].kind == "clock.breached"


def test_s61_who_is_away_is_stood_in_for_and_it_is_written_down(walk):
    community, lead, worker = (walk.members[name].pk for name in ("community", "lead", "worker"))
    away = {community: Absence(deputies=(lead,), duty=(worker,))}
    receivers.provide_stand_in(lambda member, when: away.get(member))
    first = breached(walk, reported(walk), NINE)
    tell_of_time([first])
    (notice,) = Notice.objects.filter(event=first)
    assert (notice.member_id, notice.facts["stands_for"], notice.facts["as"]) == (lead, community, "deputy")
    assert notice_texts.told([notice], walk.actor("lead"), NINE)[0].instead == "孙社区"
    away[lead] = Absence()
    second = breached(walk, reported(walk), NINE)
    tell_of_time([second])
    (notice,) = Notice.objects.filter(event=second)
    assert (notice.member_id, notice.facts["as"]) == (worker, "duty")
    away[worker] = Absence()
    third = breached(walk, reported(walk), NINE)
    tell_of_time([third])
    assert units_of(third) == {community}  # all are absent: the notice goes to the member after all


def test_s61_whoever_has_left_is_not_told_and_their_colleagues_are(walk):
    unit = walk.units["lane"]
    second = territory.add_member(username="alpha-second", name="钱二")
    territory.appoint(second, unit, Role.COMMUNITY_WORKER, since=SINCE, areas=[walk.areas["lane"]])
    walk.members["community"].active = False
    walk.members["community"].save(update_fields=["active"])
    event = breached(walk, reported(walk), NINE)
    tell_of_time([event])
    assert units_of(event) == {second.pk}


def test_s62_escalation_goes_up_a_level_at_a_time_and_ends_at_the_top(walk):
    ticket = reported(walk)
    step = {"kind": "clock.escalated"}
    first = breached(walk, ticket, NINE, step="escalate_1", **step)
    second = breached(walk, ticket, NINE, step="escalate_2", **step)
    top = breached(walk, ticket, NINE, step="escalate_2", unit=walk.units["county_center"].pk, **step)
    tell_of_time([first, second, top])
    assert units_of(first) == ids(walk, "community", "center")
    assert units_of(second) == ids(walk, "community", "center", "county")
    assert units_of(top) == ids(walk, "county")


def test_s62_a_missing_level_is_passed_over_and_nobody_is_told_twice(walk):
    centre = walk.units["east_center"]
    centre.active = False
    centre.save(update_fields=["active"])
    chief = walk.members["community"]
    territory.appoint(chief, walk.units["county_center"], Role.COUNTY_CENTER, since=SINCE, areas=[])
    event = breached(walk, reported(walk), NINE, kind="clock.escalated", step="escalate_1")
    tell_of_time([event])
    assert Notice.objects.filter(event=event, member=chief).count() == 1
    assert units_of(event) == ids(walk, "community", "county")


def test_s63_a_notice_says_the_due_time_of_the_page_in_the_zone_of_the_district(walk):
    ticket = reported(walk)
    (story,) = explain(ticket, at=at(23, 10))
    tell_of_time([breached(walk, ticket, at(23, 11), due_at=story.due_at.isoformat())])
    (notice,) = told(walk, "community")
    when = at(23, 11, 20)
    (line,) = notice_texts.told([notice], walk.actor("community"), when)
    due = words.moment(story.due_at, when, walk.tenant.zone)
    assert (due, line.line.what) == ("周一 11:00", "分单超时（周一 11:00 到期）")
    assert "（今日 11:00 到期）" in explain(ticket, at=when)[0].phrase
    assert (line.line.number, line.line.title) == (ticket.number, ticket.title)
    with translation.override("en"):
        (line,) = notice_texts.told([notice], walk.actor("community"), when)
        assert "Mon 11:00" in line.line.what
        assert "超时" not in line.line.what


@pytest.mark.parametrize(
    ("kind", "facts", "said"),
    [
        ("clock.warned", {"step": "warn_1"}, "分单临期，周一 09:00 到期"),
        ("clock.breached", {"by_change": True}, "分单因时限调整而超时（周一 09:00 到期）"),
        ("clock.escalated", {"step": "escalate_2"}, "分单超时，二级升级（周一 09:00 到期）"),
        ("clock.resumed", {"reason": "limit"}, "分单暂停期满，已恢复计时，周一 09:00 到期"),
    ],
)
def test_each_kind_has_its_words(walk, kind, facts, said):
    tell_of_time([breached(walk, reported(walk), NINE, kind=kind, **facts)])
    assert notice_texts.told(told(walk, "community"), walk.actor("community"), NINE)[0].line.what == said


def test_a_resume_by_hand_and_a_combined_step_tell_nobody(walk):
    ticket = reported(walk)
    tell_of_time(
        [
            breached(walk, ticket, NINE, kind="clock.resumed"),
            breached(walk, ticket, NINE, combined=True),
            breached(walk, ticket, NINE, purpose="rate"),
        ]
    )
    assert not Notice.objects.exists()


def test_the_title_of_a_matter_that_may_not_be_seen_is_not_told(walk):
    ticket = reported(walk)
    event = breached(walk, ticket, NINE)
    notices.tell([To(walk.members["parks_head"].pk)], event, facts={"number": ticket.number})
    (line,) = notice_texts.told(told(walk, "parks_head"), walk.actor("parks_head"), NINE)
    assert (line.line.number, line.line.title, line.line.link) == (ticket.number, "", "")
    assert "已不在您的查看范围" in line.line.what


def test_the_words_of_a_page_cost_the_same_for_any_number(walk, django_assert_num_queries):
    reader = walk.actor("community")
    setting(walk, digest_over=50)
    for count in (1, 9):
        tell_of_time([breached(walk, reported(walk), NINE) for _ in range(count)])
        found = told(walk, "community")
        with django_assert_num_queries(1):
            assert len(notice_texts.told(found, reader, NINE)) == len(found)


def test_a_batch_costs_the_same_for_one_event_and_for_many(walk):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    sent = []
    for count in (7, 8, 40):  # the first batch also creates the district's brake
        happened = [breached(walk, reported(walk), NINE) for _ in range(count)]
        with CaptureQueriesContext(connection) as caught:
            tell_of_time(happened)
        sent.append(len(caught))
        Notice.objects.filter(digest__isnull=False).delete()
        Notice.objects.all().delete()
    assert sent[1] == sent[2] <= 12


def test_one_bad_event_does_not_stop_its_batch(walk, monkeypatch):
    seen = []

    def hear(happened):
        if any(event.facts["n"] == 2 for event in happened):
            raise ValueError("two")
        seen.extend(event.facts["n"] for event in happened)

    monkeypatch.setattr(feed, "SUBSCRIBERS", {})
    events.subscribes_in_batches("ticket.note", name="tests.hear")(hear)
    ticket = reported(walk)
    for n in (1, 2, 3):
        events.record("ticket.note", ticket, by=walk.system, at=NINE, n=n)
    found = list(Event.objects.filter(kind="ticket.note").order_by("pk"))
    (name,) = feed.SUBSCRIBERS
    handler = feed.SUBSCRIBERS[name][1]
    assert not feed._run_together(name, handler.batch, found)
    for event in found:
        feed._run(name, handler, event, NINE)
    assert seen == [1, 3]
    assert FailedDelivery.objects.get().event_id == found[1].pk


def test_the_inbox_shows_a_digest_and_opens_it(walk, client):
    from governance.access.models import User

    now = timezone.now()
    happened = [breached(walk, reported(walk, now), now) for _ in range(7)]
    tell_of_time(happened)
    backend = "governance.access.backend.LoginBackend"
    client.force_login(User.objects.get(pk=walk.members["community"].user_id), backend)
    page = client.get("/alpha/desk/inbox/").content.decode()
    assert "7 条时限提醒" in page
    assert "ALPH-" not in page
    (digest,) = told(walk, "community")
    answer = client.post("/alpha/desk/inbox/read/", {"notice": digest.pk, "open": "1"})
    inside = client.get(answer["Location"]).content.decode()
    assert inside.count("ALPH-") >= 7
    assert "楼道灯不亮" in inside
    assert client.get("/alpha/desk/inbox/?digest=9x").status_code == 200


def test_an_extension_is_a_fact_of_the_promise(walk):
    ticket = reported(walk)
    extend(ticket, "triage", by=walk.system, at=NINE, amount=60, unit_id=walk.units["lane"].pk)
    (story,) = explain(ticket, at=NINE)
    assert story.extensions == 1


def test_a_second_wording_for_the_same_notices_is_refused():
    (label, teller), *_ = notice_texts.TELLERS.items()
    assert notice_texts.registers_lines(label)(teller) is teller
    with pytest.raises(ValueError, match="into words already"):
        notice_texts.registers_lines(label)(print)
    assert notice_texts.TELLERS[label] is teller
