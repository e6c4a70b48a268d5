"""Reply templates (答复模板): their settings, the forms that offer them, the ticket's facts in them."""

import pytest

from governance.errors import Conflict, Forbidden
from governance.tenancy.scope import scope
from tests.worlds import MONDAY
from tickets.intake import actions as intake
from tickets.models import ReplyTemplate, Ticket
from tickets.orders import actions
from tickets.replies import actions as replies_actions
from tickets.replies import queries as replies

pytestmark = pytest.mark.django_db
PAGE = "/alpha/desk/settings/replies/"


def keep(
    walk, title="路灯已修", text="{地点}的{类别}({编号})已修复", verb="resolve", category="lamp", by="admin"
):
    chosen = walk.categories[category] if category else None
    return replies_actions.keep(
        verb=verb, title=title, text=text, category=chosen, by=walk.actor(by), at=MONDAY
    )


def lamp(walk):
    draft = intake.Draft(
        text="路灯不亮", area=walk.areas["lane_building"].code, category="0101", address="东门"
    )
    ticket = intake.report(draft, by=walk.actor("clerk"), at=MONDAY).ticket
    return Ticket.objects.select_related("category", "area", "lead_unit").get(pk=ticket.pk)


def test_what_fits_is_offered_with_its_facts_and_the_own_category_first(walk):
    keep(walk, title="通用", text="已办理", category=None)
    keep(walk, title="供水", text="已通水", category="leak")
    keep(walk, title="建设类", text="已处理", category="top")
    keep(walk)
    keep(walk, title="问位置", text="请问在哪里", verb="ask_resident", category=None)
    ticket = lamp(walk)
    found = replies.fitting(ticket, "resolve")
    assert [one.title for one in found] == ["路灯已修", "建设类", "通用"]
    assert found[0].text == f"1号楼 东门的路灯({ticket.number})已修复"
    assert replies.fitting(ticket, "accept") == []


def test_a_title_stands_once_per_verb_and_only_settings_keepers_write(walk):
    keep(walk)
    with pytest.raises(Conflict) as refusal:
        keep(walk, text="别的")
    assert refusal.value.field == "title"
    with pytest.raises(Forbidden):
        keep(walk, title="别的", by="community")


def test_braces_that_are_no_mark_stay(walk):
    assert replies.filled("按{编号}办,金额{100}元", {"{编号}": "A-1"}) == "按A-1办,金额{100}元"


def test_the_page_keeps_changes_and_drops(world, client):
    client.force_login(world.members["admin"].user)
    given = {"verb": "resolve", "category": "0101", "title": "路灯已修", "text": "已修复"}
    assert client.post(PAGE, {**given, "title": ""}).status_code == 400
    assert client.post(PAGE, given).status_code == 302
    assert client.post(PAGE, given).status_code in {400, 409}
    with scope(world.tenant):
        made = ReplyTemplate.objects.get()
    assert client.post(f"{PAGE}?edit={made.pk}", {**given, "text": "已更换灯泡"}).status_code == 302
    with scope(world.tenant):
        assert ReplyTemplate.objects.get().text == "已更换灯泡"
    assert client.post(f"{PAGE}{made.pk}/drop/").status_code == 302
    with scope(world.tenant):
        assert not ReplyTemplate.objects.exists()


def test_the_form_of_a_move_takes_the_words(world, client):
    with scope(world.tenant):
        made = keep(world)
        ticket = lamp(world)
        lead = world.actor("community")
        actions.VERBS["triage_minor"](ticket, by=lead, at=MONDAY, reason="换灯泡")
    client.force_login(world.members["community"].user)
    address = f"/alpha/desk/tickets/{ticket.number}/?move=resolve"
    assert f"template={made.pk}" in client.get(address).content.decode()
    assert f"({ticket.number})已修复" in client.get(f"{address}&template={made.pk}").content.decode()
