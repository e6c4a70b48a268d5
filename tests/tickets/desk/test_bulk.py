"""Moves on many tickets: only common moves are offered, each row has its own result, no input is lost."""

import pytest
from django.utils import timezone

from governance.errors import Invalid
from governance.events.models import Event
from governance.tenancy.scope import scope
from tests.pages import folded
from tests.tickets.matters import DESK, TO_HANDLING, reported, statements, walked
from tickets.desk import bulk
from tickets.models import Ticket
from tickets.orders import actions

URL = DESK + "tickets/bulk/"


def states(world):
    with scope(world.tenant):
        return dict(Ticket.objects.values_list("number", "state"))


def numbers(world, many):
    return [reported(world).ticket.number for _ in range(many)]


def test_the_bar_offers_only_what_fits_all_chosen_rows(world, as_):
    new, handled = reported(world).ticket.number, walked(world, *TO_HANDLING).ticket.number
    client, bar = as_("community"), {"HX-Request": "true"}
    alone = folded(client.get(URL, {"row": [f"{new}.reported"]}, headers=bar))
    both = folded(client.get(URL, {"row": [f"{new}.reported", f"{handled}.handling"]}, headers=bar))
    assert "<html" not in alone
    assert ('value="triage_major"' in alone, 'value="triage_major"' in both) == (True, False)
    assert ('value="merge"' in alone, 'value="merge"' in both) == (True, True)
    assert "已选 2 件" in both


def test_a_row_out_of_sight_leaves_no_move(world, as_):
    mine, other = reported(world).ticket.number, reported(world, area=world.areas["pond"].code).ticket.number
    page = folded(as_("community").get(URL, {"row": [f"{mine}.reported", f"{other}.reported"]}))
    assert 'name="move"' not in page
    assert "无权查看该工单" in page


def test_the_list_carries_a_box_per_row_with_the_state_that_is_shown(world, as_):
    number = reported(world).ticket.number
    page = folded(as_("community").get(DESK + "tickets/"))
    assert f'name="row" value="{number}.reported"' in page


def test_many_are_sorted_in_one_go_and_one_that_changed_is_told(world, as_):
    first, second, third = numbers(world, 3)
    with scope(world.tenant):
        ticket = Ticket.objects.get(number=second)
        by = world.actor("community", timezone.now())
        actions.VERBS["triage_minor"](ticket, by=by, at=timezone.now(), reason="自办")
    rows = [f"{number}.reported" for number in (first, second, third)]
    given = {"move": "triage_major", "row": rows, "reason": "需街道协调"}
    answer = as_("community").post(URL, given)
    page = folded(answer)
    assert answer.status_code == 200
    assert states(world) == {first: "escalated", second: "handling", third: "escalated"}
    assert "成功 2 件" in page
    assert "失败 1 件" in page
    assert "工单已变为“办理中”" in page
    assert "需街道协调" in page


def test_a_refused_row_leaves_nothing_behind_and_can_be_sent_again(world, as_):
    """A row with the wrong unit is refused inside its savepoint; the moves of the other rows stay."""
    lane, pond = reported(world).ticket.number, reported(world, area=world.areas["pond"].code).ticket.number
    rows = [f"{number}.reported" for number in (lane, pond)]
    given = {
        "move": "triage_minor",
        "row": rows,
        "reason": "社区自办",
        "unit": world.units["lane_grids"].code,
    }
    answer = as_("community").post(URL, given)
    assert "工单不存在或您无权查看" in folded(answer)
    assert states(world) == {lane: "handling", pond: "reported"}


def test_a_missing_reason_does_nothing_and_keeps_the_choice(world, as_):
    number = reported(world).ticket.number
    answer = as_("community").post(
        URL, {"move": "triage_major", "row": [f"{number}.reported"], "reason": " "}
    )
    assert answer.status_code == 400
    assert f'value="{number}.reported" checked' in folded(answer)
    assert states(world) == {number: "reported"}


def test_merging_takes_all_but_the_target_in(world, as_):
    target, *others = numbers(world, 3)
    rows = [f"{number}.reported" for number in (target, *others)]
    given = {"move": "merge", "row": rows, "into": target.lower().replace("-", ""), "reason": "同一盏灯"}
    answer = as_("community").post(URL, given, follow=True)
    assert "成功 2 件" in folded(answer)
    assert states(world) == {target: "reported", **dict.fromkeys(others, "closed")}


def test_a_street_sends_many_to_one_unit(world, as_):
    moves = [("community", "triage_major", {"reason": "社区无力解决"})]
    made = [walked(world, *moves).ticket.number for _ in range(2)]
    rows = [f"{number}.escalated" for number in made]
    client = as_("center")
    form = folded(client.get(URL, {"move": "dispatch", "row": rows}))
    assert world.units["east_team"].name in form
    assert world.units["water"].name not in form
    client.post(URL, {"move": "dispatch", "row": rows, "unit": world.units["east_team"].code})
    assert states(world) == dict.fromkeys(made, "dispatched")


def test_urging_many_is_in_the_log_of_each(world, as_):
    made = [walked(world, *TO_HANDLING).ticket.number for _ in range(2)]
    rows = [f"{number}.handling" for number in made]
    client = as_("center")
    answer = client.post(URL, {"move": "urge", "row": rows, "text": "请抓紧"})
    assert answer.status_code == 302
    for _ in range(2):  # loading the result page again repeats no move
        assert "成功 2 件" in folded(client.get(answer["Location"]))
    with scope(world.tenant):
        assert Event.objects.filter(kind="ticket.urge").count() == 2
    assert "成功" not in folded(as_("community").get(answer["Location"]))


@pytest.mark.parametrize(
    ("rows", "code"), [([], "none_chosen"), ([f"ZX-{n}" for n in range(bulk.MAX_CHOSEN + 1)], "too_many")]
)
def test_nothing_and_too_much_are_told(world, as_, rows, code):
    client = as_("community")
    assert client.get(URL, {"row": rows}).status_code == (400 if rows else 200)
    assert client.post(URL, {"move": "urge", "row": rows, "text": "请抓紧"}).status_code == 400
    with pytest.raises(Invalid) as refusal:
        bulk.chosen(rows)
    assert refusal.value.code == code


@pytest.mark.parametrize("verb", ["resolve", "nonsense", ""])
def test_only_moves_of_the_bar_are_made_so(world, as_, verb):
    number = reported(world).ticket.number
    answer = as_("community").post(URL, {"move": verb, "row": [f"{number}.reported"], "reason": "x"})
    assert answer.status_code == 404


def test_the_bar_needs_as_many_statements_for_many_rows(world, as_):
    client = as_("community")
    made = numbers(world, 4)

    def asked(rows):
        return URL + "?" + "&".join(f"row={number}.reported" for number in rows)

    client.get(asked(made))
    assert statements(client, asked(made[:1])) == statements(client, asked(made)) <= 2
