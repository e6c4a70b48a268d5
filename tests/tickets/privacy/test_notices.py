"""The privacy notice: its versions, its display before a name or phone is given, its acceptance."""

import json

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from governance.errors import Forbidden, Invalid
from governance.tenancy.models import Tenant
from governance.tenancy.scope import scope
from tests.tickets.calls import TICKETS, refused
from tests.tickets.matters import form_of, reported
from tickets.models import PrivacyNotice, Reporter, Ticket
from tickets.privacy import notice as privacy_notice
from tickets.privacy.actions import notice as actions

SETTINGS = "/alpha/desk/settings/notice/"


def publish(world, text):
    with scope(world.tenant):
        return actions.publish(text, by=world.actor("admin", timezone.now()), at=timezone.now())


def kept(world):
    with scope(world.tenant):
        return list(Reporter.objects.order_by("id").values_list("notice_version", flat=True))


def test_the_platforms_own_text_says_what_the_law_asks_for(world, client):
    with scope(world.tenant):
        Tenant.objects.filter(pk=world.tenant.pk).update(
            settings={"hotline": "0531-12345", "retention_months": 18}
        )
    page = client.get("/alpha/privacy/").content.decode()
    assert "平台通用版" in page
    for words in (
        "甲区",
        "0531-12345",
        "18 个月",
        "谁在处理",
        "为了什么",
        "保存多久",
        "您的权利",
        "15 个工作日",
    ):
        assert words in page, words


def test_a_new_version_holds_at_once_and_the_old_ones_stay_readable(world, client, as_):
    admin = as_("admin")
    assert "谁在处理" in admin.get(SETTINGS).content.decode()
    for text in ("第一份告知", "第二份告知"):
        assert admin.post(SETTINGS, {"text": text}).status_code == 302
    assert admin.post(SETTINGS, {"text": "第二份告知"}).status_code == 400
    assert admin.post(SETTINGS, {"text": " "}).status_code == 400
    assert "第二份告知" in client.get("/alpha/privacy/").content.decode()
    old = client.get("/alpha/privacy/1/").content.decode()
    assert "第一份告知" in old
    assert "不是现行版本" in old
    assert "谁在处理" in client.get("/alpha/privacy/0/").content.decode()
    for number in (3, 2**63):
        assert client.get(f"/alpha/privacy/{number}/").status_code == 404
    assert as_("clerk").get(SETTINGS).status_code == 403


@pytest.mark.servers
@pytest.mark.parametrize("change", ["update", "delete"])
def test_the_database_itself_takes_no_change(world, change):
    publish(world, "第一份告知")
    with scope(world.tenant):
        rows = PrivacyNotice.objects.all()
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.update(text="改了") if change == "update" else rows.delete()
        assert privacy_notice.in_force().text == "第一份告知"


def test_only_who_sets_may_publish(walk):
    with pytest.raises(Forbidden):
        actions.publish("x", by=walk.actor("clerk"), at=timezone.now())


def test_a_name_or_a_phone_is_taken_from_who_has_read_it(world, client):
    for more in ({"phone": ""}, {"name": ""}):
        refusal = client.post("/alpha/report/", form_of(world, accepted="", **more))
        assert refusal.status_code == 400
        assert "请先阅读个人信息处理告知" in refusal.content.decode()
    with scope(world.tenant):
        assert not Ticket.objects.exists()
    nameless = form_of(world, accepted="", name="", phone="")
    assert client.post("/alpha/report/", nameless).status_code == 302
    publish(world, "第一份告知")
    assert 'name="notice_version" value="1"' in client.get("/alpha/report/").content.decode()
    assert client.post("/alpha/report/", form_of(world, notice_version="1")).status_code == 302
    assert kept(world) == [None, 1]


def test_who_filled_the_form_before_a_new_version_has_read_the_one_that_was_shown(world, client):
    publish(world, "第一份告知")
    assert client.post("/alpha/report/", form_of(world, notice_version="0")).status_code == 302
    assert client.post("/alpha/report/", form_of(world, notice_version="2")).status_code == 400
    assert kept(world) == [0]


def test_who_follows_has_read_it_too(world, client):
    number = reported(world).ticket.number
    body = {"number": number, "phone": "13900005678"}
    assert client.post("/alpha/report/follow/", body).status_code == 400
    assert (
        client.post("/alpha/report/follow/", {**body, "accepted": "on", "notice_version": "0"}).status_code
        == 302
    )
    assert kept(world) == [None, 0]


def test_the_resident_sees_and_takes_along_what_was_read(world, client):
    publish(world, "第一份告知")
    client.post("/alpha/report/", form_of(world, notice_version="1"))
    with scope(world.tenant):
        reporter = Reporter.objects.select_related("ticket").get()
        keys = {"number": reporter.ticket.number, "code": reporter.code}
    page = client.get("/alpha/track/privacy/", keys).content.decode()
    assert "第 1 版" in page
    answer = client.post("/alpha/track/privacy/copy/", keys)
    assert "attachment" in answer["Content-Disposition"]
    assert "no-store" in answer["Cache-Control"]
    copy = json.loads(answer.content)
    assert (copy["name"], copy["phone"], copy["text"]) == ("钱居民", "13800001234", "井盖松动")
    assert copy["notice_version"] == 1
    assert copy["notice_accepted_at"]
    assert client.post("/alpha/track/privacy/copy/", {**keys, "code": "x"}).status_code in {400, 404}


def test_a_follower_takes_along_no_words_of_others(world, client):
    number = reported(world, text="别人的话").ticket.number
    body = {"number": number, "phone": "13900005678", "accepted": "on", "notice_version": "0"}
    client.post("/alpha/report/follow/", body)
    with scope(world.tenant):
        code = Reporter.objects.latest("id").code
    answer = client.post("/alpha/track/privacy/copy/", {"number": number, "code": code})
    assert "别人的话" not in answer.content.decode()
    assert answer.json()["phone"] == "13900005678"


def test_systems_may_say_which_version_was_accepted(world, call):
    def send(**who):
        return call.post(TICKETS, call.body(reporter={"name": "钱居民", **who}))

    assert send().status_code == 201
    assert send(notice_version=0).status_code == 201
    refused(send(notice_version=1), 400, "unknown_notice", "notice_version")
    assert kept(world) == [None, 0]


def test_a_version_that_never_was_is_refused(in_scope):
    with pytest.raises(Invalid):
        privacy_notice.require(-1)
