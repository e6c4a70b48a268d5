"""Policies: the steps of a clock and their times."""

from datetime import timedelta

import pytest

from governance.clocks.calendar import Mode, Unit
from governance.clocks.policies import Policy, timetable
from governance.clocks.timeline import Stretch, stretches
from tests.governance.clocks.fixtures import SHANGHAI, calendar, local


def plan(policy: Policy, *runs: Stretch, since: str | None = None) -> dict[str, str]:
    steps = timetable(policy, calendar(), runs, local(since) if since else runs[0].start)
    assert [at for _, at in steps] == sorted(at for _, at in steps)
    return {name: at.astimezone(SHANGHAI).strftime("%m-%d %H:%M") for name, at in steps}


def test_a_promise_of_days_warns_by_shares_of_its_working_time():
    assert plan(Policy(5, Unit.WORKDAYS), Stretch(local("10-12 09:00"))) == {
        "warn_1": "10-14 17:30",
        "warn_2": "10-16 16:06",
        "warn_3": "10-19 16:30",
        "due": "10-19 17:30",
        "escalate_1": "10-20 17:30",
        "escalate_2": "10-26 17:30",
    }


def test_s52_the_last_warning_is_one_working_hour_before_due():
    policy = Policy(180, Unit.WORK_MINUTES, warn_shares=())
    found = plan(policy, Stretch(local("10-12 16:30")))
    assert (found["warn_3"], found["due"]) == ("10-13 10:00", "10-13 11:00")


def test_s53_a_warning_before_the_start_is_left_out():
    policy = Policy(30, Unit.WORK_MINUTES, warn_shares=(50,))
    assert list(plan(policy, Stretch(local("10-12 09:30")))) == ["warn_1", "due", "escalate_1", "escalate_2"]


def test_emergencies_warn_in_natural_time():
    policy = Policy(
        120, Unit.NATURAL_MINUTES, warn_shares=(25,), escalate_after=((30, Unit.NATURAL_MINUTES),)
    )
    assert plan(policy, Stretch(local("10-11 02:00"))) == {
        "warn_1": "10-11 02:30",
        "warn_3": "10-11 03:00",
        "due": "10-11 04:00",
        "escalate_1": "10-11 04:30",
    }


def test_s28_after_a_resume_no_warning_of_the_past_fires():
    runs = [Stretch(local("10-12 09:00"), local("10-12 11:55")), Stretch(local("10-14 10:00"))]
    policy = Policy(180, Unit.WORK_MINUTES)
    assert list(plan(policy, *runs, since="10-14 10:00")) == ["due", "escalate_1", "escalate_2"]
    assert plan(policy, *runs, since="10-14 10:00")["due"] == "10-14 10:05"


def test_a_pause_after_the_breach_holds_the_escalation_back():
    runs = [Stretch(local("10-12 09:00"), local("10-12 12:00")), Stretch(local("10-14 09:00"))]
    found = plan(Policy(60, Unit.WORK_MINUTES), *runs, since="10-14 09:00")
    assert found["due"] == "10-12 10:00"
    # One workday after Monday 10:00 is Tuesday 10:00: at the pause five working hours were left.
    assert found["escalate_1"] == "10-14 15:30"


def test_a_clock_that_stands_still_has_no_timetable():
    assert plan(Policy(600, Unit.WORK_MINUTES), Stretch(local("10-12 09:00"), local("10-12 10:00"))) == {}


def test_stretches_that_touch_are_one():
    at = local("10-12 09:00")
    segments = [
        {"state": "running", "from": at.isoformat(), "to": (at + timedelta(hours=1)).isoformat()},
        {
            "state": "paused",
            "from": (at + timedelta(hours=1)).isoformat(),
            "to": (at + timedelta(hours=1)).isoformat(),
        },
        {"state": "running", "from": (at + timedelta(hours=1)).isoformat(), "to": None},
    ]
    assert stretches(segments) == [Stretch(at)]


def test_a_snapshot_gives_the_same_policy_back():
    policy = Policy(7, Unit.WORKDAYS, Mode.SAME_CLOCK, roll_forward=True, warn_shares=(60,), pausable=False)
    assert Policy.from_json(policy.to_json()) == policy


@pytest.mark.parametrize(
    "facts",
    [
        {"budget": -1, "unit": "workdays"},
        {"budget": 99_999, "unit": "workdays"},
        {"budget": 5, "unit": "fortnights"},
        {"budget": 5, "unit": "workdays", "warn_shares": [100]},
        {"budget": 5, "unit": "workdays", "warn_shares": [10, 20, 30]},
        {"budget": 5, "unit": "workdays", "mode": "noon"},
    ],
)
def test_a_policy_that_makes_no_sense_is_refused(facts):
    with pytest.raises(ValueError):
        Policy.from_json(facts)
