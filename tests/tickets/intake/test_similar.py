"""Similar tickets: found with a reason, followed instead of reported again, merged by a link."""

from datetime import timedelta

import pytest
from django.utils import timezone

from governance.access import actors
from governance.errors import Invalid
from governance.tenancy.scope import scope
from tests.pages import folded
from tickets.intake import actions as intake
from tickets.intake import similar
from tickets.models import Reporter, Ticket
from tickets.orders import actions
from tickets.orders.actions import merging

pytestmark = pytest.mark.django_db
NOW = timezone.now()
READ = {"accepted": "on", "notice_version": "0"}


def report(world, text, place="lane_building", at=None, **more):
    draft = intake.Draft(text=text, area=world.areas[place].code, **more)
    return intake.report(draft, by=world.actor("clerk"), at=at or NOW).ticket


def numbers(found):
    return [one.row["number"] for one in found]


def test_alike_in_words_and_place_is_found_and_says_why(walk):
    first = report(walk, "三单元门口路灯不亮,晚上看不清路", category="0101")
    report(walk, "楼上漏水,天花板湿了")
    report(walk, "路灯不亮", place="hill", category="0101")  # in another community
    closed = report(walk, "三单元路灯不亮")
    actions.VERBS["decline"](closed, by=walk.actor("community"), at=NOW, refusal="unclear", answer="内容不明")
    report(walk, "三单元路灯不亮", at=NOW - timedelta(days=90))
    mine = report(walk, "我们三单元的路灯坏了,不亮", category="0101")
    found = similar.to_ticket(mine, walk.actor("community"), NOW)
    assert numbers(found) == [first.number]
    assert "类别相同" in found[0].why
    assert "内容相近" in found[0].why


def test_distance_decides_where_both_have_coordinates(walk):
    near = report(walk, "井盖松动", lat="37.450000", lng="118.010000")
    report(walk, "井盖松动", lat="37.470000", lng="118.010000")  # two kilometres away
    mine = report(walk, "井盖松动,车过就响", lat="37.450900", lng="118.010000")
    found = similar.to_ticket(mine, walk.actor("community"), NOW)
    assert numbers(found)[0] == near.number
    assert any("100 米" in why for why in found[0].why)


def test_a_private_matter_is_not_told_to_others(walk):
    report(walk, "三单元路灯不亮", private=True)
    matter = similar.Case("三单元路灯不亮", walk.areas["lane_building"].path)
    assert similar.to_report(matter, NOW) == []
    assert len(similar.to_report(matter, NOW, walk.actor("community"))) == 1


def test_what_is_done_is_offered_to_no_resident(walk):
    done = report(walk, "三单元路灯不亮")
    actions.VERBS["triage_minor"](done, by=walk.actor("community"), at=NOW, reason="换灯泡")
    fixed = {"outcome": "fixed", "answer": "已换", "evidence": "换了灯泡"}
    actions.VERBS["resolve"](done, by=walk.actor("community"), at=NOW, **fixed)
    matter = similar.Case("三单元路灯不亮", walk.areas["lane_building"].path)
    assert similar.to_report(matter, NOW) == []
    assert len(similar.to_report(matter, NOW, walk.actor("community"))) == 1


def test_a_resident_is_offered_the_matter_in_no_words_of_its_reporter_and_follows_it(world, client):
    with scope(world.tenant):
        ticket = report(world, "三单元路灯不亮,张三家门口", category="0101", name="张三")
    given = {"area": world.areas["lane"].code, "category": "0101", "text": "三单元的路灯不亮了"}
    page = folded(client.post("/alpha/report/similar/", given))
    assert ticket.number in page
    assert "张三" not in page
    address = f"/alpha/report/follow/?number={ticket.number}"
    assert client.get(address).status_code == 200
    assert client.post(address, {"number": ticket.number, "phone": "123"}).status_code == 400
    answer = client.post(address, {"number": ticket.number, "name": "李四", "phone": "13900001234", **READ})
    assert answer.status_code == 302
    receipt = folded(client.get(answer.headers["Location"]))
    assert "<h1>已关注该事项</h1>" in receipt
    assert ">不再关注</button>" in receipt
    assert "撤回" not in receipt
    status = folded(client.get(answer.headers["Location"].replace("/receipt/", "/track/")))
    assert "<summary>不再关注</summary>" in status
    assert "撤回" not in status
    client.post(address, {"number": ticket.number, "name": "李四", "phone": "13900001234", **READ})
    with scope(world.tenant):
        phones = list(Reporter.objects.filter(ticket=ticket).order_by("id").values_list("phone", flat=True))
        assert phones == ["", "13900001234", ""]  # the telephone is stored only once


def test_what_is_closed_or_private_is_not_followed(world, client):
    with scope(world.tenant):
        ticket = report(world, "三单元路灯不亮", private=True)
    assert client.get(f"/alpha/report/follow/?number={ticket.number}").status_code == 404
    with scope(world.tenant):
        Ticket.objects.filter(pk=ticket.pk).update(
            private=False, state="closed", closed_at=NOW, outcome="fixed"
        )
    assert client.get(f"/alpha/report/follow/?number={ticket.number}").status_code == 409


def test_an_accusation_is_neither_offered_nor_followed_by_strangers(world, client):
    with scope(world.tenant):
        ticket = report(world, "三单元路灯不亮", category="0101", matter="accusation")
        matter = similar.Case("三单元路灯不亮", world.areas["lane_building"].path)
        assert similar.to_report(matter, timezone.now()) == []
        with pytest.raises(Invalid):
            merging.follow(ticket, by=actors.public(world.tenant.pk), at=timezone.now())
    assert client.get(f"/alpha/report/follow/?number={ticket.number}").status_code == 404


def test_the_desk_offers_to_merge_with_the_number_filled_in(world, client):
    with scope(world.tenant):
        other = report(world, "三单元路灯不亮")
        ticket = report(world, "三单元的路灯不亮")
    client.force_login(world.members["community"].user)
    page = folded(client.get(f"/alpha/desk/tickets/{ticket.number}/similar/"))
    assert f"into={other.number}" in page
    form = client.get(f"/alpha/desk/tickets/{ticket.number}/?move=merge&into={other.number}")
    assert f'value="{other.number}"' in folded(form)
