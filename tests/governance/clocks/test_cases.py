"""The numbered edge cases (S04 ...) of service-level timers, on clocks in the database."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from governance.access.actors import Actor, system
from governance.clocks import actions, queries, timer
from governance.clocks.actions import NewClock
from governance.clocks.calendar import Unit
from governance.clocks.models import Clock, Deadline, Outcome, State, WorkCalendar
from governance.clocks.policies import Policy, Scoring
from governance.errors import Forbidden
from governance.events import feed
from governance.events.models import Event
from tests.governance.clocks.fixtures import local
from tests.governance.clocks.world import keep_calendar_k

pytestmark = [pytest.mark.django_db, pytest.mark.servers]
W, D = Unit.WORK_MINUTES, Unit.WORKDAYS
HOURS, DAYS = Policy(240, W), Policy(5, D)
MONDAY = local("10-12 09:00")


@pytest.fixture(autouse=True)
def no_broker(monkeypatch) -> None:
    monkeypatch.setattr(feed, "announce", lambda tenant_id: None)


@pytest.fixture
def subject(in_scope) -> WorkCalendar:
    return keep_calendar_k()


@pytest.fixture
def by(tenant) -> Actor:
    return system(tenant.pk)


def another(n: int) -> WorkCalendar:
    return WorkCalendar.objects.create(name=f"{n}", unit_id=900 + n, week={})


def begun(subject, purpose="resolve", policy=HOURS, at=MONDAY, unit_id=None) -> Clock:
    return actions.start(subject, purpose, policy=policy, at=at, unit_id=unit_id)


def fire(at) -> int:
    return timer.drain(at, seconds=20)


def told() -> list[tuple[str, bool]]:
    """(step, whether it notifies members) of every fired deadline, in order."""
    rows = Event.objects.filter(kind__startswith="clock.", facts__has_key="step").order_by("pk")
    return [(row.facts["step"], "combined" not in row.facts) for row in rows]


def test_s04_a_report_at_night_has_used_nothing_and_says_so(subject):
    begun(subject, at=local("10-11 23:00"))
    (story,) = queries.explain(subject, at=local("10-12 09:00"))
    assert (story.used, story.used_words) == (0, "0 分钟")
    (clock,) = actions.stop(subject, ["resolve"], at=local("10-12 08:00"))
    assert (clock.used, clock.outcome, clock.closings[0]["minutes"]) == (0, Outcome.MET, 0)


def test_s20_the_clock_of_a_device_is_kept_and_not_believed(subject):
    tomorrow = MONDAY + timedelta(days=1)
    begin = NewClock(purpose="triage", policy=HOURS, said_at=tomorrow)
    (clock,) = actions.start_all(subject, [begin], at=MONDAY)
    assert (clock.started_at, clock.claimed_at, clock.due_at) == (MONDAY, tomorrow, local("10-12 14:30"))
    ahead = NewClock(purpose="accept", policy=HOURS, said_at=tomorrow, trusted=True)
    (clock,) = actions.start_all(subject, [ahead], at=MONDAY)
    assert clock.started_at == MONDAY  # no stated time starts a clock in the future


def test_s25_a_pause_ends_by_itself_at_its_limit_and_says_why(subject, by):
    clock = begun(subject, policy=Policy(420, W, pause_limit=(2, D)))
    actions.pause(subject, by=by, at=local("10-12 10:00"), reason="ask_resident")
    assert fire(local("10-14 17:29")) == 0
    assert fire(local("10-14 18:40")) == 1
    clock.refresh_from_db()
    assert (clock.state, clock.due_at) == (State.RUNNING, local("10-15 16:30"))
    assert [part["reason"] for part in clock.segments] == ["", "ask_resident", "limit"]
    resumed = Event.objects.get(kind="clock.resumed")
    assert (resumed.actor_kind, resumed.facts["reason"], resumed.at) == (
        "system",
        "limit",
        local("10-14 17:30"),
    )


def test_s25_a_pause_that_ends_in_time_leaves_no_limit_behind(subject, by):
    begun(subject)
    actions.pause(subject, by=by, at=local("10-12 10:00"), reason="wait", until=local("10-14 10:00"))
    actions.resume(subject, by=by, at=local("10-12 11:00"))
    assert not Deadline.objects.filter(step="limit").exists()
    actions.pause(subject, by=by, at=local("10-12 11:30"), reason="wait", until=local("10-20 10:00"))
    actions.extend(subject, "resolve", by=by, at=local("10-12 12:00"), amount=60)
    assert Deadline.objects.filter(step="limit", fired_at=None, due_at=local("10-20 10:00")).count() == 1
    actions.stop(subject, ["resolve"], at=local("10-13 10:00"))
    assert not Deadline.objects.exists()


def test_s26_what_remains_is_frozen_while_time_stands_still(subject, by):
    begun(subject, policy=Policy(420, W))
    actions.pause(subject, by=by, at=local("10-12 10:00"), reason="ask_resident")
    for at in (local("10-12 11:00"), local("10-20 11:00")):
        (story,) = queries.explain(subject, at=at)
        assert (story.used, story.remaining.hours, story.remaining.overdue) == (60, 6, False)
        assert story.phrase == "已暂停（请居民补充），还剩 6 小时"
    assert fire(local("10-20 11:00")) == 0


@pytest.mark.parametrize(("stops", "overdue"), [(True, 30), (False, 90)])
def test_s27_a_pause_after_the_breach_stops_the_count_where_the_policy_says(subject, by, stops, overdue):
    begun(subject, policy=Policy(60, W, pause_stops_overdue=stops))
    actions.pause(subject, by=by, at=local("10-12 10:30"), reason="ask_resident")
    (story,) = queries.explain(subject, at=local("10-12 11:30"))
    left = story.remaining
    assert (left.overdue, left.hours * 60 + left.minutes) == (True, overdue)
    assert story.breached_at == local("10-12 10:00")


def test_s28_five_minutes_left_are_five_minutes_after_the_resume(subject, by):
    clock = begun(subject, policy=Policy(60, W))
    actions.pause(subject, by=by, at=local("10-12 09:55"), reason="ask_resident")
    actions.resume(subject, by=by, at=local("10-20 10:00"))
    clock.refresh_from_db()
    assert clock.due_at == local("10-20 10:05")
    assert fire(local("10-20 10:04")) == 0


def test_s29_every_clock_says_whether_time_runs(subject):
    clock = begun(subject)
    with pytest.raises(IntegrityError), transaction.atomic():
        Clock.objects.filter(pk=clock.pk).update(state="waiting")


WHO = ("reporter", "member", "token", "public")


@pytest.mark.parametrize("kind", WHO)
def test_s30_an_answer_resumes_whoever_brings_it(subject, by, tenant, kind):
    begun(subject)
    actions.pause(subject, by=by, at=local("10-12 10:00"), reason="ask_resident")
    actions.resume(subject, by=Actor(kind, tenant.pk), at=local("10-12 15:00"))
    assert Clock.objects.get().state == State.RUNNING
    assert Event.objects.get(kind="clock.resumed").actor_kind == kind


@pytest.mark.parametrize(("scoring", "outcome"), [(Scoring.WORST, "late"), (Scoring.LAST, "met")])
def test_s33_a_breach_of_an_earlier_target_counts_as_the_policy_says(subject, scoring, outcome):
    begun(subject)
    fire(local("10-12 14:30"))
    longer = Policy(5, D, scoring=scoring)
    actions.change_policy(subject, "resolve", policy=longer, at=local("10-12 16:00"))
    (clock,) = actions.stop(subject, ["resolve"], at=local("10-13 10:00"))
    assert (clock.breached_at, clock.outcome) == (local("10-12 14:30"), outcome)


def test_s33_by_the_last_target_a_pause_after_it_is_late_all_the_same(subject, by):
    begun(subject, policy=Policy(60, W, scoring=Scoring.LAST))
    actions.pause(subject, by=by, at=local("10-12 10:30"), reason="ask_resident")
    (clock,) = actions.stop(subject, ["resolve"], at=local("10-12 11:00"))
    assert clock.outcome == Outcome.LATE


def test_s35_after_a_return_the_street_runs_on_and_the_next_unit_starts_fresh(subject):
    citizen = begun(subject, "resolve", DAYS)
    begun(subject, "dispatch", unit_id=1)
    first = NewClock(purpose="accept", policy=HOURS, unit_id=7)
    actions.change_clocks(subject, stop=["dispatch"], start=[first], at=local("10-12 10:00"))
    actions.stop(subject, ["accept"], at=local("10-12 11:00"), outcome=Outcome.CANCELLED)
    (street,) = actions.restore(subject, ["dispatch"], at=local("10-12 11:00"), counted=False)
    assert street.due_at == local("10-12 15:30")  # one hour was used before, one was the unit's
    second = NewClock(purpose="accept", policy=HOURS, unit_id=8)
    turned = actions.change_clocks(subject, stop=["dispatch"], start=[second], at=local("10-12 11:30"))
    assert [clock.due_at for clock in turned.started] == [local("10-12 17:00")]
    due = citizen.due_at
    citizen.refresh_from_db()
    assert (citizen.due_at, citizen.state) == (due, State.RUNNING)


def test_s36_a_withdrawn_clock_fires_no_more(subject):
    begun(subject)
    actions.withdraw(subject, ["resolve"], at=local("10-12 10:00"))
    assert fire(local("10-20 10:00")) == 0
    assert told() == []


def heard(subject, at):
    """A reply of the reporter arrives; returns the clock that it starts, or [] if one is already running."""
    return actions.change_clocks(subject, start=[NewClock(purpose="update", policy=HOURS)], at=at).started


def test_s38_an_answer_owed_does_not_shorten_the_first_contact(subject):
    contact = begun(subject, "contact", DAYS)
    (owed,) = heard(subject, local("10-12 10:00"))
    due = contact.due_at
    contact.refresh_from_db()
    assert (owed.due_at, contact.due_at) == (local("10-12 15:30"), due)


def test_s39_an_answer_ends_what_is_owed_until_the_reporter_speaks_again(subject):
    heard(subject, MONDAY)
    assert heard(subject, local("10-12 10:00")) == []  # already running since nine
    (owed,) = actions.stop(subject, ["update"], at=local("10-12 11:00"))
    assert (owed.outcome, owed.used) == (Outcome.MET, 120)
    assert fire(local("10-16 10:00")) == 0
    assert actions.stop(subject, ["update"], at=local("10-16 10:00")) == []
    (again,) = heard(subject, local("10-16 13:30"))
    assert again.due_at == local("10-16 17:30")


def test_s40_a_contact_that_is_made_as_it_is_promised_is_met(subject):
    kept = NewClock(purpose="contact", policy=DAYS, kept=True)
    turned = actions.change_clocks(subject, start=[kept, NewClock(purpose="resolve", policy=DAYS)], at=MONDAY)
    assert turned.due_at == local("10-19 17:30")
    clock = Clock.objects.get(purpose="contact")
    assert (clock.outcome, clock.used, clock.ended_at, clock.state) == (
        Outcome.MET,
        0,
        MONDAY,
        State.ENDED,
    )
    assert not Deadline.objects.filter(clock=clock).exists()


def test_s40_accepting_ends_the_promise_once(subject):
    begun(subject, "accept", unit_id=7)
    first = actions.change_clocks(subject, stop=["accept"], at=local("10-12 10:00"))
    second = actions.change_clocks(subject, stop=["accept"], at=local("10-12 10:01"))
    assert (len(first.stopped), second.stopped) == (1, [])
    assert len(Clock.objects.get().closings) == 1


def test_s43_a_late_extension_excuses_where_the_rule_allows(subject, by):
    begun(subject, policy=Policy(240, W, excuse_late=True))
    fire(local("10-12 14:30"))
    at = local("10-12 15:00")
    clock = actions.extend(subject, "resolve", by=by, at=at, amount=420, level=1)
    assert (clock.breached_at, clock.excused_at) == (local("10-12 14:30"), at)
    with pytest.raises(Forbidden) as refused:
        actions.extend(subject, "resolve", by=by, at=at, amount=60, level=1)
    assert refused.value.code == "higher_approver"
    assert actions.extend(subject, "resolve", by=by, at=at, amount=60, level=2).extensions == 2


def test_s43_an_extension_the_timer_had_not_come_to_leaves_the_breach(subject, by):
    begun(subject)
    clock = actions.extend(subject, "resolve", by=by, at=local("10-12 15:00"), amount=420)
    assert (clock.breached_at, clock.excused_at) == (local("10-12 14:30"), None)
    (stopped,) = actions.stop(subject, ["resolve"], at=local("10-12 16:00"))
    assert stopped.outcome == Outcome.LATE


def test_s44_a_shelved_promise_is_not_counted_and_comes_back_on_its_day(subject, by):
    clock = begun(subject, policy=DAYS)
    spring = local("2027-03-15 09:00")
    actions.pause(subject, by=by, at=local("10-12 10:00"), reason="defer", until=spring)
    assert actions.earliest_due(subject) is None  # a clock without a due time is in no open count
    assert fire(local("2027-03-14 12:00")) == 0
    fire(spring)
    clock.refresh_from_db()
    assert (clock.state, clock.due_at) == (State.RUNNING, local("2027-03-22 17:30"))
    assert clock.provisional


@pytest.mark.parametrize(
    ("again", "due", "minutes"), [("goes on", "10-15 12:00", 360), ("anew", "10-15 17:30", 120)]
)
def test_s45_work_taken_up_again_goes_on_or_begins_anew_and_each_end_is_kept(subject, again, due, minutes):
    policy = Policy(420, W)
    begun(subject, policy=policy, at=local("10-12 13:30"))
    actions.stop(subject, ["resolve"], at=local("10-12 17:30"))
    if again == "anew":
        clock = begun(subject, policy=policy, at=local("10-15 09:00"))
    else:
        (clock,) = actions.restore(subject, ["resolve"], at=local("10-15 09:00"), counted=False)
    assert clock.due_at == local(due)
    actions.stop(subject, ["resolve"], at=local("10-15 11:00"))
    ends = [end["minutes"] for one in Clock.objects.order_by("started_at") for end in one.closings]
    assert ends == [240, minutes]
    assert Clock.objects.earliest("started_at").first_ended_at == local("10-12 17:30")


def test_s47_the_kept_matter_counts_from_the_earlier_start(subject):
    gone, kept = another(1), another(2)
    actions.start(gone, "resolve", policy=HOURS, at=MONDAY)
    actions.start(kept, "resolve", policy=HOURS, at=local("10-12 11:00"))
    actions.stop(gone, actions.EVERY, at=local("10-12 11:30"), outcome=Outcome.MERGED)
    (moved,) = actions.begin_earlier(kept, {"resolve": MONDAY}, at=local("10-12 11:30"))
    assert (moved.started_at, moved.due_at) == (MONDAY, local("10-12 14:30"))
    assert not Deadline.objects.filter(subject_id=gone.pk).exists()
    (back,) = actions.restore(gone, ["resolve"], at=local("10-12 13:30"), counted=True)
    assert (back.due_at, back.closings, len(back.segments)) == (local("10-12 14:30"), [], 1)


@pytest.mark.parametrize(("since", "due"), [("10-12 09:00", "10-12 14:30"), ("10-12 10:00", "10-12 15:30")])
def test_s49_the_parts_of_a_matter_count_from_its_start_or_from_the_division(subject, since, due):
    begun(subject)
    at = local("10-12 10:00")
    actions.stop(subject, ["resolve"], at=at, outcome=Outcome.CANCELLED)
    parts = [another(1), another(2)]
    begin = NewClock(purpose="resolve", policy=HOURS, said_at=local(since), trusted=True)
    made = [actions.start_all(part, [begin], at=at)[0] for part in parts]
    assert [clock.due_at for clock in made] == [local(due)] * 2
    fire(local("10-12 16:00"))
    breached = Event.objects.filter(kind="clock.breached").values_list("subject_id", flat=True)
    assert sorted(breached) == sorted(part.pk for part in parts)  # the divided ticket itself is not late


def test_s50_a_call_filed_late_counts_from_the_call_and_tells_once(subject):
    call = local("10-12 09:00")
    begin = NewClock(purpose="resolve", policy=HOURS, said_at=call, trusted=True)
    (clock,) = actions.start_all(subject, [begin], at=local("10-12 15:00"))
    assert (clock.started_at, clock.due_at) == (call, local("10-12 14:30"))
    fire(local("10-12 15:00"))
    assert told() == [("warn_1", False), ("warn_2", False), ("due", True)]


def test_s53_an_early_warning_comes_at_the_start_where_the_policy_says(subject):
    policy = Policy(30, W, warn_shares=(), warn_before=600, warn_at_start=True)
    begun(subject, policy=policy)
    assert fire(MONDAY) == 1
    assert told() == [("warn_3", True)]
    assert fire(local("10-12 09:30")) == 1
    skipping = Policy(30, W, warn_shares=(), warn_before=600)
    actions.start(another(1), "resolve", policy=skipping, at=MONDAY)
    assert not Deadline.objects.filter(step="warn_3", subject_id__gt=subject.pk).exists()


def test_s56_a_clock_of_another_unit_fires_for_its_own_only(subject):
    begun(subject, "accept", unit_id=7)
    actions.change_clocks(
        subject,
        stop=[("accept", 7)],
        start=[NewClock(purpose="accept", policy=HOURS, unit_id=8)],
        at=local("10-12 14:00"),
    )
    fire(local("10-12 14:30"))
    assert told() == []


def test_s57_steps_belong_to_their_own_clock(subject):
    begun(subject, "accept")
    begun(subject, "resolve", Policy(600, W))
    actions.stop(subject, ["accept"], at=local("10-12 10:00"))
    assert set(Deadline.objects.values_list("purpose", flat=True)) == {"resolve"}
    fire(local("10-13 12:00"))
    assert {row.facts["purpose"] for row in Event.objects.filter(facts__has_key="step")} == {"resolve"}


def test_s65_what_stands_still_comes_last_however_little_remains(subject, by):
    begun(subject, "accept", Policy(30, W))
    actions.pause(subject, ["accept"], by=by, at=local("10-12 09:10"), reason="ask_resident")
    begun(subject, "resolve", DAYS)
    begun(subject, "verify", HOURS)
    begun(subject, "triage", HOURS)
    actions.stop(subject, ["triage"], at=local("10-12 10:00"))
    found = queries.by_urgency(queries.explain(subject, at=local("10-12 10:30")))
    assert [story.purpose for story in found] == ["verify", "resolve", "accept", "triage"]


def test_never_more_is_left_than_was_promised(subject):
    begun(subject, policy=Policy(1, D), at=local("10-09 20:00"))  # day 0 is the make-up Saturday
    for at, left in (("10-10 08:00", "1 个工作日"), ("10-10 15:00", "1 个工作日"), ("10-12 10:00", "6 小时")):
        (story,) = queries.explain(subject, at=local(at))
        assert (story.remaining.length, story.due_at) == (left, local("10-12 17:30"))
