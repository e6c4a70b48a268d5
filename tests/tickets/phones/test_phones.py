"""Verifying a phone with a code, and the tickets reported with that phone."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from governance.access.secrets import keyed_hash
from governance.errors import Invalid, TooOften
from governance.messages.models import Message
from governance.tenancy.models import Tenant
from governance.tenancy.scope import scope
from governance.text import telephones
from tests.tickets.matters import DESK, FRAME, TO_RATING, form_of, reported, walked
from tests.worlds import at
from tickets.models import PhoneProof, Reporter, Ticket
from tickets.phones import actions as phones
from tickets.phones import queries as phone_queries

PHONE = "13800001234"
MINE = "/alpha/mine/"


def code_of(world, phone=PHONE):
    """The newest code in the outbox."""
    with scope(world.tenant):
        return Message.objects.filter(kind="code").latest("id").code


def let_in(world, client, phone=PHONE):
    """Verify a phone in the test client; returns the response."""
    assert client.post(MINE, {"phone": phone}).status_code == 200
    answer = client.post(MINE, {"phone": phone, "code": code_of(world)})
    assert answer.status_code == 302
    return answer


def set_up(world, **settings):
    with scope(world.tenant):
        Tenant.objects.filter(pk=world.tenant.pk).update(settings=settings)


def wrong(code):
    return f"{(int(code) + 1) % 1_000_000:06d}"


def test_a_code_opens_all_matters_of_the_phone_and_no_others(world, client):
    mine = reported(world, phone=PHONE, text="我家楼道灯不亮")
    reported(world, phone="13900005678", text="别人家的事")
    assert "楼道灯" not in client.get(MINE).content.decode()
    let_in(world, client)
    page = client.get(MINE)
    words = page.content.decode()
    assert "我家楼道灯不亮" in words
    assert "别人家的事" not in words
    assert "138****1234" in words
    assert PHONE not in words
    assert "no-store" in page["Cache-Control"]
    address = re.search(r'href="(/alpha/track/[^"]+)"', words)[1].replace("&amp;", "&")
    shown = client.get(address).content.decode()
    assert mine.ticket.number in shown


def test_a_matter_one_only_follows_is_told_by_its_category(world, client):
    receipt = reported(world, phone="13900005678", text="别人的话", category="0101")
    with scope(world.tenant):
        Reporter.objects.create(
            ticket=receipt.ticket,
            phone=PHONE,
            phone_hash=telephones.hash_of(PHONE),
            channel="portal",
            created_at=timezone.now(),
        )
    let_in(world, client)
    words = client.get(MINE).content.decode()
    assert "路灯" in words
    assert "别人的话" not in words


def test_the_answer_is_the_same_whether_or_not_anybody_reported_with_the_phone(world, client):
    reported(world, phone=PHONE)
    pages = [client.post(MINE, {"phone": phone}) for phone in (PHONE, "13900005678")]
    bare = [
        re.sub(r'value="[^"]*"', "", page.content.decode()).replace(phone, "")
        for page, phone in zip(pages, (PHONE, "13900005678"), strict=True)
    ]
    csrf = re.compile(r'X-CSRFToken": "[^"]*"|nonce-[^"\']*')
    assert csrf.sub("", bare[0]) == csrf.sub("", bare[1])


def test_the_code_lies_hashed_and_leaves_the_outbox_with_the_message(world, client):
    client.post(MINE, {"phone": PHONE})
    code = code_of(world)
    assert re.fullmatch(r"\d{6}", code)
    with scope(world.tenant), connection.cursor() as cursor:
        cursor.execute("SELECT p::text || m::text FROM tickets_phoneproof p, governance_message m")
        (row,) = cursor.fetchone()
        assert code not in row
        assert PHONE not in row
        proof = PhoneProof.objects.get()
        assert proof.code_hash == keyed_hash(f"{telephones.hash_of(PHONE)}:{code}", "code")


def test_five_wrong_tries_end_a_code(world, client):
    client.post(MINE, {"phone": PHONE})
    code = code_of(world)
    for _ in range(phones.TRIES):
        answer = client.post(MINE, {"phone": PHONE, "code": wrong(code)})
        assert answer.status_code == 400
        assert "验证码不对或已过期" in answer.content.decode()
    assert client.post(MINE, {"phone": PHONE, "code": code}).status_code == 400
    with scope(world.tenant):
        assert PhoneProof.objects.get().tries == phones.TRIES


def test_with_the_cache_away_five_tries_are_five_all_the_same(world, client, settings):
    settings.CACHES = {
        "default": {"BACKEND": "governance.web.cache.ForgivingCache", "LOCATION": "redis://127.0.0.1:1/0"}
    }
    client.post(MINE, {"phone": PHONE})
    code = code_of(world)
    for _ in range(phones.TRIES):
        client.post(MINE, {"phone": PHONE, "code": wrong(code)})
    assert client.post(MINE, {"phone": PHONE, "code": code}).status_code == 400


def test_a_code_opens_once_and_for_ten_minutes(walk):
    now = at(23, 9)
    asked = phones.send_code(PHONE, at=now).pk
    code = code_of(walk)
    with pytest.raises(Invalid):
        phones.prove(asked, PHONE, code, at=now + phones.CODE_FOR)
    proof, secret = phones.prove(asked, PHONE, code, at=now + timedelta(minutes=9))
    assert phones.of_pass(secret, now + timedelta(days=29)) == proof
    assert phones.of_pass(secret, now + timedelta(days=31)) is None
    with pytest.raises(Invalid):
        phones.prove(asked, PHONE, code, at=now + timedelta(minutes=9))


def test_one_a_minute_and_so_many_an_hour(walk):
    now = at(23, 9)
    phones.send_code(PHONE, at=now)
    with pytest.raises(TooOften):
        phones.send_code(PHONE, at=now + timedelta(seconds=59))
    for minute in range(1, 5):
        phones.send_code(PHONE, at=now + timedelta(minutes=minute))
    with pytest.raises(TooOften):
        phones.send_code(PHONE, at=now + timedelta(minutes=59))
    phones.send_code(PHONE, at=now + timedelta(minutes=61))
    phones.send_code("13900005678", at=now)


def test_one_phone_is_not_rung_all_day(walk):
    now, sent = at(23, 0), 0
    for minutes in range(0, 24 * 60, 13):
        try:
            phones.send_code(PHONE, at=now + timedelta(minutes=minutes))
        except TooOften:
            continue
        sent += 1
    assert sent == 5 * phones.HOURS_A_DAY


def test_another_browser_can_neither_use_a_code_nor_use_up_its_tries(world, client):
    """Also after it has asked for a code itself: the newer code does not end the first."""
    client.post(MINE, {"phone": PHONE})
    code = code_of(world)
    other = Client()
    assert other.post(MINE, {"phone": PHONE, "code": code}).status_code == 400
    with scope(world.tenant):  # the pause between two codes is over
        PhoneProof.objects.update(sent_at=timezone.now() - phones.PAUSE)
    assert other.post(MINE, {"phone": PHONE}).status_code == 200
    for _ in range(phones.TRIES + 1):
        other.post(MINE, {"phone": PHONE, "code": wrong(code)})
    assert client.post(MINE, {"phone": PHONE, "code": code}).status_code == 302


def test_only_the_newest_code_of_a_browser_opens(world, client):
    client.post(MINE, {"phone": PHONE})
    first = code_of(world)
    with scope(world.tenant):
        PhoneProof.objects.update(sent_at=timezone.now() - phones.PAUSE)
    client.post(MINE, {"phone": PHONE, "send": "1", "code": ""})
    if first != code_of(world):  # equal codes: one in a million
        assert client.post(MINE, {"phone": PHONE, "code": first}).status_code == 400
    assert client.post(MINE, {"phone": PHONE, "code": code_of(world)}).status_code == 302


def test_the_cookie_of_a_code_is_signed(world, client):
    client.post(MINE, {"phone": PHONE})
    kept = client.cookies["phone-asked"]
    assert kept["httponly"]
    assert kept["path"] == "/alpha/"
    kept.set(kept.key, kept.value[:-1], kept.value[:-1])
    assert client.post(MINE, {"phone": PHONE, "code": code_of(world)}).status_code == 400


def test_an_address_has_so_many_sent_and_no_more(world, client):
    set_up(world, codes_per_address=2)
    sent = [client.post(MINE, {"phone": f"1390000000{n}"}).status_code for n in range(3)]
    assert sent == [200, 200, 429]


@pytest.mark.parametrize("phone", ["", "abc", "0531-88886666", "12345678901234"])
def test_what_is_no_mobile_is_named(world, client, phone):
    answer = client.post(MINE, {"phone": phone})
    assert answer.status_code == 400
    with scope(world.tenant):
        assert not Message.objects.exists()


def test_a_report_with_a_code_is_of_a_proven_phone_and_the_browser_is_remembered(world, client, as_):
    part = client.post("/alpha/report/code/", {"phone": PHONE}).content.decode()
    assert 'name="code"' in part
    assert client.post("/alpha/report/", form_of(world, code=code_of(world))).status_code == 302
    with scope(world.tenant):
        assert Reporter.objects.get().phone_verified_at is not None
    assert "井盖松动" in client.get(MINE).content.decode()
    assert client.post("/alpha/report/", form_of(world, text="又一件")).status_code == 302  # verified before
    assert client.post("/alpha/report/", form_of(world, phone="13900005678")).status_code == 302
    with scope(world.tenant):
        proven = list(Reporter.objects.order_by("id").values_list("phone_verified_at", flat=True))
        number = Ticket.objects.order_by("id").first().number
    assert [one is not None for one in proven] == [True, True, False]
    assert "电话已验证" in as_("community").get(f"{DESK}tickets/{number}/").content.decode()


def test_a_wrong_code_loses_nothing_of_what_was_typed(world, client):
    client.post("/alpha/report/code/", {"phone": PHONE})
    body = form_of(world, code=wrong(code_of(world)), text="很长的经过")
    answer = client.post("/alpha/report/", body)
    assert answer.status_code == 400
    page = answer.content.decode()
    assert "很长的经过" in page
    assert "验证码不对" in page
    with scope(world.tenant):
        assert not Ticket.objects.exists()
        assert PhoneProof.objects.get().tries == 1
    assert client.post("/alpha/report/", {**body, "code": code_of(world)}).status_code == 302


def test_a_report_sent_twice_with_its_code_is_one(world, client):
    client.post("/alpha/report/code/", {"phone": PHONE})
    body = form_of(world, code=code_of(world))
    first, again = client.post("/alpha/report/", body), client.post("/alpha/report/", body)
    assert first["Location"] == again["Location"]


def test_where_the_district_asks_for_it_a_phone_is_proven_or_left_out(world, client):
    set_up(world, phone_proof=True)
    refusal = client.post("/alpha/report/", form_of(world))
    assert refusal.status_code == 400
    assert "请先获取并填写短信验证码" in refusal.content.decode()
    assert client.post("/alpha/report/", form_of(world, phone="")).status_code == 302
    client.post("/alpha/report/code/", {"phone": PHONE})
    assert client.post("/alpha/report/", form_of(world, code=code_of(world))).status_code == 302


def test_without_scripts_the_button_sends_a_code_and_keeps_the_form(world, client):
    answer = client.post("/alpha/report/", form_of(world, send_code="1", text="很长的经过"))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "很长的经过" in page
    assert 'name="code"' in page
    assert code_of(world)


def test_leaving_forgets_the_phone_on_the_server_too(world, client):
    let_in(world, client)
    secret = client.cookies["phone-pass"].value
    assert client.post("/alpha/mine/leave/").status_code == 302
    client.cookies["phone-pass"] = secret
    assert 'name="phone"' in client.get(MINE).content.decode()


def test_a_pass_of_one_district_opens_nothing_in_another(world, client):
    let_in(world, client)
    cookie = client.cookies["phone-pass"]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == ("/alpha/", True, "Lax")
    client.cookies.load({"phone-pass": cookie.value})
    client.cookies["phone-pass"]["path"] = "/"
    assert 'name="phone"' in client.get("/beta/mine/").content.decode()


def test_one_who_left_or_was_deleted_finds_nothing(world, client):
    receipt = walked(world, *TO_RATING)
    with scope(world.tenant):
        Reporter.objects.filter(pk=receipt.reporter.pk).update(left_at=timezone.now())
    let_in(world, client)
    assert receipt.ticket.number not in client.get(MINE).content.decode()


def test_proofs_past_their_time_are_swept(walk):
    phones.send_code(PHONE, at=at(20, 9))
    asked = phones.send_code("13900005678", at=at(20, 9)).pk
    phones.prove(asked, "13900005678", code_of(walk), at=at(20, 9, 1))
    assert phones.sweep(at(23, 9)) == 1
    assert PhoneProof.objects.get().pass_until == at(20, 9, 1) + phones.PASS_FOR
    assert phones.sweep(at(23, 9) + phones.PASS_FOR) == 1


@pytest.mark.servers
def test_the_page_costs_the_same_for_one_and_for_many(world, client):
    reported(world, phone=PHONE)
    let_in(world, client)

    def cost():
        with CaptureQueriesContext(connection) as found:
            assert client.get(MINE).status_code == 200
        return sum(not one["sql"].startswith(FRAME) for one in found.captured_queries)

    one = cost()
    for n in range(3):
        reported(world, phone=PHONE, text=f"第{n}件")
    assert cost() == one <= 5
    with scope(world.tenant):
        assert phone_queries.my_reports(PHONE).count() == 4


def test_leaving_opens_no_second_code_at_once(world, client):
    let_in(world, client)
    client.post("/alpha/mine/leave/")
    again = client.post(MINE, {"phone": PHONE})
    assert "一分钟后才能重新获取" in again.content.decode()
    assert "我的事项" in client.get(MINE).content.decode()
    with scope(world.tenant):
        assert PhoneProof.objects.get().pass_hash == ""
