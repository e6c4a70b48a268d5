"""Personal data: removed after the retention period; residents can have theirs corrected or deleted."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from governance.clocks.models import Clock
from governance.errors import Conflict, Forbidden, Invalid
from governance.events import log
from governance.events.models import Event
from governance.tenancy.scope import scope
from tests.worlds import at
from tickets.intake import actions as intake
from tickets.models import DataRequest, Reporter, Ticket
from tickets.orders.actions import merging
from tickets.privacy.actions import requests as privacy
from tickets.ticket import unmasking

pytestmark = pytest.mark.django_db
ASKED = at(23, 9)


def reported(world, **more):
    draft = intake.Draft(
        text="楼上漏水,我姓钱",
        area=world.areas["lane_building"].code,
        name="钱居民",
        phone="13800001234",
        **more,
    )
    return intake.report(draft, by=world.actor("clerk"), at=at(2, 9))


def close(ticket, days_ago=0, now=ASKED):
    Ticket.objects.filter(pk=ticket.pk).update(
        state="closed", outcome="fixed", closed_at=now - timedelta(days=days_ago)
    )
    ticket.refresh_from_db()


def test_contacts_past_their_time_are_taken_off_and_the_log_stays_whole(world):
    now = timezone.now()
    with scope(world.tenant):
        old, young = reported(world), reported(world)
        still_open = reported(world)
        close(old.ticket, 800, now)
        close(young.ticket, 700, now)
    call_command("anonymise", "--tenant", "alpha", "--dry-run")
    with scope(world.tenant):
        assert Reporter.objects.get(pk=old.reporter.pk).phone == "13800001234"
    assert privacy.anonymise(world.tenant, at=now) == 1
    assert privacy.anonymise(world.tenant, at=now) == 0
    with scope(world.tenant):
        gone = Reporter.objects.get(pk=old.reporter.pk)
        assert (gone.name, gone.phone, gone.phone_hash) == ("", "", "")
        for kept in (young, still_open):
            assert Reporter.objects.get(pk=kept.reporter.pk).phone == "13800001234"
        assert Event.objects.filter(kind="ticket.anonymised").count() == 1
        assert list(log.verify()) == []


def test_what_is_wrong_is_put_right_within_a_clock(walk):
    receipt = reported(walk)
    made = privacy.ask(receipt.reporter, "correct", by=walk.system, at=ASKED, phone="13900009999")
    clock = Clock.objects.get(subject_type="tickets.datarequest", subject_id=made.pk)
    assert (clock.purpose, clock.budget, clock.budget_unit) == ("privacy", 15, "workdays")
    with pytest.raises(Conflict):
        privacy.ask(receipt.reporter, "delete", by=walk.system, at=ASKED)
    with pytest.raises(Forbidden):
        privacy.grant(made.pk, by=walk.actor("community"), at=at(24, 9))
    privacy.grant(made.pk, by=walk.actor("county"), at=at(24, 9), answer="已更正")
    person = Reporter.objects.get(pk=receipt.reporter.pk)
    assert (person.name, person.phone) == ("钱居民", "13900009999")
    clock.refresh_from_db()
    assert clock.outcome == "met"
    made.refresh_from_db()
    assert (made.state, made.phone) == ("done", "")
    with pytest.raises(Conflict):
        privacy.grant(made.pk, by=walk.actor("county"), at=at(24, 10))


def test_a_correction_names_what_is_right_and_a_refusal_why(walk):
    receipt = reported(walk)
    with pytest.raises(Invalid) as refusal:
        privacy.ask(receipt.reporter, "correct", by=walk.system, at=ASKED)
    assert refusal.value.field == "name"
    made = privacy.ask(receipt.reporter, "delete", by=walk.system, at=ASKED)
    with pytest.raises(Invalid):
        privacy.refuse(made.pk, by=walk.actor("county"), at=at(24, 9), answer=" ")
    assert (
        privacy.refuse(made.pk, by=walk.actor("county"), at=at(24, 9), answer="依法须保存").state == "refused"
    )


def test_deleting_waits_for_the_end_and_takes_words_too_where_nobody_else_follows(walk):
    receipt = reported(walk)
    made = privacy.ask(receipt.reporter, "delete", by=walk.system, at=ASKED)
    with pytest.raises(Conflict) as refusal:
        privacy.grant(made.pk, by=walk.actor("county"), at=at(24, 9))
    assert refusal.value.code == "still_open"
    close(receipt.ticket)
    privacy.grant(made.pk, by=walk.actor("county"), at=at(24, 9))
    ticket = Ticket.objects.get(pk=receipt.ticket.pk)
    assert "钱" not in ticket.title + ticket.text
    assert Reporter.objects.get(pk=receipt.reporter.pk).phone == ""
    assert list(log.verify()) == []


def test_deleting_one_of_several_leaves_the_matter(walk):
    receipt = reported(walk)
    merging.follow(receipt.ticket, by=walk.system, at=ASKED, name="李四", phone="13700001111")
    close(receipt.ticket)
    made = privacy.ask(receipt.reporter, "delete", by=walk.system, at=ASKED)
    privacy.grant(made.pk, by=walk.actor("county"), at=at(24, 9))
    assert "漏水" in Ticket.objects.get(pk=receipt.ticket.pk).text
    assert Reporter.objects.get(pk=receipt.reporter.pk).name == ""


def test_a_resident_asks_on_the_page_and_the_centre_answers(world, client):
    with scope(world.tenant):
        receipt = reported(world)
    keys = {"number": receipt.ticket.number, "code": receipt.reporter.code}
    assert client.get("/alpha/track/privacy/").status_code == 404
    page = client.get("/alpha/track/privacy/", keys)
    assert "13800001234" in page.content.decode()
    assert page.headers["Cache-Control"] == "no-store"
    assert client.post("/alpha/track/privacy/", {**keys, "kind": "correct"}).status_code == 400
    wrong = {**keys, "kind": "correct", "name": "钱大"}
    assert client.post("/alpha/track/privacy/", wrong).status_code == 302
    client.force_login(world.members["county"].user)
    page = client.get("/alpha/desk/privacy/").content.decode()
    assert "钱*" in page
    assert "钱大" not in page
    with scope(world.tenant):
        made = DataRequest.objects.get()
    client.post(f"/alpha/desk/privacy/{made.pk}/", {"decision": "refuse", "answer": ""})
    with scope(world.tenant):
        assert DataRequest.objects.get().state == "open"
    client.post(f"/alpha/desk/privacy/{made.pk}/", {"decision": "grant"})
    with scope(world.tenant):
        assert Reporter.objects.get(pk=receipt.reporter.pk).name == "钱大"
    client.force_login(world.members["community"].user)
    assert client.get("/alpha/desk/privacy/").status_code == 403


def test_every_look_at_a_reporter_is_on_the_list(world, client):
    with scope(world.tenant):
        receipt = reported(world)
        by = world.actor("community")
        unmasking.unmask(receipt.ticket, receipt.reporter.pk, by=by, at=timezone.now(), reason="电话核实地址")
    client.force_login(world.members["admin"].user)
    page = client.get("/alpha/desk/settings/reads/").content.decode()
    assert "电话核实地址" in page
    assert "孙社区" in page
    assert receipt.ticket.number in page
