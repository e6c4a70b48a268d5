"""Search: every word is found, in any order, across title, text, place and category; gaps, parts of a phone, letters."""

import pytest
from django.utils import timezone

from governance.tenancy.scope import scope
from tests.pages import folded
from tests.tickets.matters import DESK, reported
from tests.tickets.whistles.test_whistle import blown
from tickets.lists.filters import filters_for
from tickets.models import Reporter, Ticket
from tickets.privacy.actions import requests as privacy
from tickets.ticket import queries, synonyms
from tickets.ticket.numbers import numbers_in

pytestmark = pytest.mark.django_db
LIST = DESK + "tickets/"


@pytest.fixture
def lamp(world):
    """The number of a ticket in 里巷社区 about 路灯, whose text has a gap."""
    return reported(
        world, text="三单元 楼道灯 不亮", title="门洞漆黑", category="0101", address="一号院"
    ).ticket.number


def found(world, q, who="county"):
    with scope(world.tenant):
        actor, at = world.actor(who, timezone.now()), timezone.now()
        filters = filters_for({"q": q}, actor)
        rows = queries.page(actor, filters, at=at).rows
        assert queries.count(actor, filters, at=at) == len(rows)
        return {row["number"] for row in rows}


@pytest.mark.parametrize(
    "q",
    [
        "楼道灯",
        "楼道灯 里巷",
        "里巷　楼道灯",
        "里巷，楼道灯",
        "灯 里巷社区",
        "三单元楼道",
        "楼道灯不亮",
        "漆黑 不亮 一号院",
        "路灯 门洞",
        "城乡建设 楼道",
        "lxsq 楼道",
        "LD 漆黑",
        "第一网格 漆黑",
        "东街道 漆黑",
    ],
)
def test_every_word_is_found_in_any_order(world, lamp, q):
    assert found(world, q) == {lamp}


@pytest.mark.parametrize(
    "q", ["楼道灯 荷塘", "楼道灯 火警", "里巷 供水管道", "%%", "__", "楼道灯 '; --", "\\", "{a,b}"]
)
def test_a_word_that_is_nowhere_finds_nothing(world, lamp, q):
    assert found(world, q) == set()


@pytest.mark.parametrize("q", ["1234", "01234", "138****1234", "****1234", "138 0000 1234", "1234 里巷"])
def test_a_part_of_the_phone_finds_it(world, lamp, q):
    assert found(world, q) == {lamp}


@pytest.mark.parametrize("q", ["123", "1380", "139****1234", "91234", "1234 荷塘"])
def test_other_digits_do_not(world, lamp, q):
    assert found(world, q) == set()


def test_an_anonymous_phone_or_one_out_of_sight_is_not_found(world, lamp):
    assert found(world, "1234", "pond_community") == set()
    with scope(world.tenant):
        Reporter.objects.update(anonymous=True)
    assert found(world, "1234") == set()


def test_no_phone_of_a_complaint_is_found_by_the_accused(world):
    number = reported(world, against="water").ticket.number
    with scope(world.tenant):
        Ticket.objects.update(lead_unit=world.units["water"])
    assert found(world, "1234", "member") == set()
    assert found(world, "1234") == {number}


@pytest.mark.parametrize("name", ["created_after", "created_before", "since"])
@pytest.mark.parametrize(
    "text", ["昨天", "2026-02-30", "2026-13-01", "9999-12-31", "0001-01-01", "21/11/2026"]
)
def test_a_bad_date_is_refused_in_words(as_, world, name, text):
    answer = as_("county").get(LIST, {name: text})
    assert answer.status_code == 400
    page = answer.content.decode()
    assert "无法识别：请写成年-月-日" in page
    assert text.replace("/", "") in page.replace("/", "")


def test_the_last_digits_go_with_the_phone():
    assert privacy.WITHOUT_CONTACT["phone_tail"] == ""


def typed(number):
    """The number as people type it: without hyphens, with spaces, in lower case, in full width."""
    wide = "".join(chr(ord(one) + 0xFEE0) for one in number)
    return [
        number.replace("-", ""),
        number.replace("-", " "),
        f" {number.lower()} ",
        wide,
        number.replace("-", "—"),
    ]


def test_a_number_is_found_however_it_is_typed(world, lamp, as_):
    for q in typed(lamp):
        assert found(world, q) == {lamp}
        answer = as_("community").get(LIST, {"q": q})
        assert answer.headers["Location"] == f"{LIST}{lamp}/"
    assert as_("pond_community").get(LIST, {"q": lamp}).status_code == 200


def test_the_number_of_a_whistle_opens_it(world, as_):
    with scope(world.tenant):
        number = blown(world, "water", when=timezone.now()).number
    for q in typed(number):
        answer = as_("center").get(LIST, {"q": q})
        assert answer.headers["Location"] == f"{DESK}whistles/{number}/"


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("abs20261123001", ["AB-S20261123-001", "ABS-20261123-001"]),
        ("abs202611230001", ["ABS-20261123-0001", "AB-S20261123-0001"]),
        ("as202611230001", ["AS-20261123-0001"]),
        ("路灯", []),
        ("13800001234", []),
    ],
)
def test_an_s_before_the_day_may_belong_to_either(text, numbers):
    assert numbers_in(text) == numbers


@pytest.mark.parametrize("q", ["路灯", "照明灯", "声控灯 不亮"])
def test_a_word_is_found_by_what_others_call_it(world, q):
    number = reported(world, text="三单元楼道灯不亮", title="门洞漆黑", category="").ticket.number
    reported(world, text="路口井盖松动", category="")
    assert found(world, q) == {number}


def test_each_word_belongs_to_one_group():
    words = [word for group in synonyms.ALIKE for word in group]
    assert len(words) == len(set(words))
    assert synonyms.alike("没有同义词的词") == ["没有同义词的词"]


def test_without_a_hit_each_word_can_be_left_out(world, as_, lamp):
    page = folded(as_("county").get(f"{LIST}?q=楼道灯+火警&open=1"))
    assert "没有符合条件的工单" in page
    assert 'href="?q=%E6%A5%BC%E9%81%93%E7%81%AF&amp;open=1"' in page
    assert "去掉“火警”" in page
    assert lamp in folded(as_("county").get(f"{LIST}?q=楼道灯&open=1"))
