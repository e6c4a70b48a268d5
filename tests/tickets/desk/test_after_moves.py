"""After a move the page says what happened and what comes next; a decision that waits stands on top."""

import re

import pytest

from tests.tickets.matters import DESK, TO_HANDLING, walked
from tickets.states import State
from tickets.whistles.workflow import MOVES as WHISTLE_MOVES
from tickets.workflow import MOVES

GENERIC = re.compile("已完成。$")
FACTS = {"unit": "水务局", "approver": "区县中心", "due": "周四 17:30"}


@pytest.mark.parametrize("verb", sorted(MOVES))
def test_every_verb_says_what_happened_and_what_comes_next(verb):
    move = MOVES[verb]
    said = [str(move.sentence(state) or "") % FACTS for state in move.targets or [State.HANDLING]]
    assert all(len(one) > 4 and one.endswith("。") and not GENERIC.search(one) for one in said), said


def test_every_verb_of_a_whistle_does_too():
    said = {verb: str(move.done) for verb, move in WHISTLE_MOVES.items()}
    assert all(one.endswith("。") and not GENERIC.search(one) for one in said.values())


def test_a_request_is_told_to_wait_for_its_approver_who_finds_it_on_top(world, as_):
    number = walked(world, *TO_HANDLING).ticket.number
    address = f"{DESK}tickets/{number}/"
    given = {"expected": "handling", "days": "3", "reason": "等配件到货"}
    page = as_("community").post(f"{address}moves/request_extension/", given, follow=True).content.decode()
    assert f"{number}：延期申请已提交，待东街道指挥中心批复" in page
    assert "待您批复" not in page
    page = as_("center").get(address).content.decode()
    top, moves = page.index("待您批复：申请延期"), page.index("btn-list moves")
    assert top < page.index("等配件到货") < moves
    assert "3 天" in page[top:moves]
    first = page[moves : page.index("</a>", moves)]
    assert ("?move=approve_extension" in first, "btn-primary" in first) == (True, True)


def test_only_moves_that_can_succeed_are_on_the_page(world, as_):
    number = walked(world, *TO_HANDLING).ticket.number
    page = as_("community").get(f"{DESK}tickets/{number}/").content.decode()
    assert ("?move=assist_waive" in page, "?move=urge" in page) == (False, False)
    shown = page[page.index("btn-list moves") : page.index("更多动作")]
    for verb in ("resolve", "contact", "ask_resident", "request_extension"):
        assert f"?move={verb}#move" in shown, verb
