"""Mediation (小调解): sessions, agreements, sealed names, follow-up; the level at which a ticket ends."""

from datetime import date

import pytest

from governance.clocks import timer
from governance.errors import Forbidden, IllegalMove, Invalid
from governance.events import feed
from governance.events.models import Event
from governance.sheets.tables import Row
from governance.tenancy import config
from governance.tenancy.scope import scope
from tests.tickets.matters import DESK, picture
from tests.worlds import at
from tickets.catalog.imports import import_categories
from tickets.catalog.marks import is_dispute
from tickets.intake import actions as intake
from tickets.mediation import actions as mediation
from tickets.models import Attachment, Category, MediationAgreement, MediationSession
from tickets.orders import actions
from tickets.orders.actions import handling, judging, triage
from tickets.ticket import rights as ticket_rights
from tickets.ticket.ended_level import level_of

SOLVED = {"outcome": "fixed", "answer": "双方已和解", "evidence": "现场调解"}
MEETING = {
    "held_at": at(23, 10),
    "place": "社区调解室",
    "mediators": "孙社区",
    "parties": "钱居民\n欧阳邻居",
    "text": "双方各让一步",
    "session_result": "agreed",
}
AGREED = {"terms": "三日内清理楼道杂物", "signed_on": date(2026, 11, 23), "signers": "钱居民、欧阳邻居"}


def mark(world):
    lamp = world.categories["lamp"]
    Category.objects.filter(pk=lamp.pk).update(dispute=True)
    config.changed(world.tenant)


def disputed(walk, **more):
    mark(walk)
    when = at(23, 9)
    given = {"text": "邻里噪声纠纷", "area": walk.areas["lane_building"].code, "category": "0101"}
    ticket = intake.report(intake.Draft(**given | more), by=walk.actor("clerk"), at=when).ticket
    return triage.triage_minor(ticket, by=walk.actor("community"), at=when, reason="社区调解")


def test_from_the_meeting_to_the_agreement_and_the_visit(walk):
    ticket = disputed(walk)
    by = walk.actor("community")
    actions.VERBS["mediate"](ticket, by=by, at=at(23, 11), **MEETING)
    with pytest.raises(Invalid) as refusal:
        handling.resolve(ticket, by=by, at=at(23, 11), **SOLVED)
    assert refusal.value.field == "no_agreement"
    scan = picture("协议.jpg")
    actions.VERBS["sign"](ticket, by=by, at=at(23, 12), due_on=date(2026, 11, 26), scan=scan, **AGREED)
    assert Attachment.objects.get().purpose == "agreement"
    ticket = handling.resolve(ticket, by=by, at=at(23, 14), **SOLVED)
    assert ticket.state == "resolved"
    agreement = MediationAgreement.objects.get()
    given = {"agreement": agreement, "kept": True, "text": "楼道已清"}
    ticket = actions.VERBS["follow_up"](ticket, by=by, at=at(27, 10), **given)
    agreement.refresh_from_db()
    assert (agreement.kept, agreement.followed_at) == (True, at(27, 10))
    with pytest.raises(IllegalMove):
        actions.VERBS["follow_up"](ticket, by=by, at=at(27, 11), **given)


def test_a_dispute_may_end_without_an_agreement_where_it_is_said_why(walk):
    ticket = disputed(walk)
    ticket = handling.resolve(
        ticket, by=walk.actor("community"), at=at(23, 14), no_agreement="口头和解,双方不愿签字", **SOLVED
    )
    assert ticket.state == "resolved"
    assert ticket.remarks.get(verb="no_agreement").visibility == "internal"
    facts = Event.objects.get(kind="ticket.resolve").facts
    assert facts["no_agreement"] == ticket.remarks.get(verb="no_agreement").pk


def test_only_disputes_are_mediated_by_who_handles_them(walk):
    draft = intake.Draft(text="灯不亮", area=walk.areas["lane_building"].code, category="0102")
    ticket = intake.report(draft, by=walk.actor("clerk"), at=at(23, 9)).ticket
    by = walk.actor("community")
    ticket = triage.triage_minor(ticket, by=by, at=at(23, 9), reason="小事")
    with pytest.raises(IllegalMove):
        actions.VERBS["mediate"](ticket, by=by, at=at(23, 11), **MEETING)
    ticket = disputed(walk)
    with pytest.raises(Forbidden):
        actions.VERBS["mediate"](ticket, by=walk.actor("head"), at=at(23, 11), **MEETING)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"held_at": at(24, 9)}, "held_at"),
        ({"parties": "钱居民"}, "parties"),
        ({"session_result": "won"}, "session_result"),
        ({"place": " "}, "place"),
    ],
)
def test_what_is_wrong_with_a_meeting_is_named(walk, wrong, field):
    ticket = disputed(walk)
    with pytest.raises(Invalid) as refusal:
        actions.VERBS["mediate"](ticket, by=walk.actor("community"), at=at(23, 11), **MEETING | wrong)
    assert refusal.value.field == field


def test_the_names_lie_sealed_and_are_shown_once_with_a_reason(world, as_):
    with scope(world.tenant):
        ticket = disputed(world)
        by = world.actor("community")
        actions.VERBS["mediate"](ticket, by=by, at=at(23, 11), **MEETING)
        actions.VERBS["sign"](ticket, by=by, at=at(23, 12), **AGREED)
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute("SELECT parties FROM tickets_mediationsession")
            assert "钱居民" not in cursor.fetchone()[0]
    client, page = as_("community"), f"{DESK}tickets/{ticket.number}/"
    text = client.get(page).content.decode()
    assert "钱*、欧阳*" in text
    assert "钱居民" not in text
    assert client.post(f"{page}parties/", {"reason": ""}).status_code == 400
    answer = client.post(f"{page}parties/", {"reason": "回访履行情况"})
    assert "欧阳邻居" in answer.content.decode()
    assert answer["Cache-Control"] == "no-store"
    assert "欧阳邻居" not in client.get(page).content.decode()
    assert as_("leader").post(f"{page}parties/", {"reason": "看看"}).status_code == 403
    with scope(world.tenant):
        assert Event.objects.filter(kind="ticket.parties_unmasked").count() == 1


def test_the_day_after_the_performance_date_asks_for_a_visit(walk, monkeypatch):
    monkeypatch.setattr(feed, "announce", lambda tenant_id: None)
    ticket = disputed(walk)
    by = walk.actor("community")
    for due in (date(2026, 11, 26), date(2026, 11, 25)):
        actions.VERBS["sign"](ticket, by=by, at=at(23, 12), due_on=due, **AGREED)
    when = []
    for moment in (at(26, 8, 59), at(26, 9), at(27, 9)):
        while timer.fire_next_due(moment):
            pass
        when.append(Event.objects.filter(kind="ticket.agreement_due").count())
    assert when == [0, 1, 2]


def test_a_category_marks_those_below_it_and_the_import_has_a_column(walk):
    Category.objects.filter(pk=walk.categories["top"].pk).update(dispute=True)
    config.changed(walk.tenant)
    assert is_dispute(walk.categories["lamp"].pk)
    assert not is_dispute(None)
    rows = [
        Row(2, {"一级分类": "矛盾纠纷", "二级分类": "邻里", "纠纷类": "是"}),
        Row(3, {"一级分类": "矛盾纠纷", "二级分类": "其他", "纠纷类": ""}),
    ]
    report = import_categories(rows)
    assert report.created == 2
    assert Category.objects.get(name="邻里").dispute
    assert not Category.objects.get(name="其他").dispute


def test_each_write_of_a_mediation_sends_ten_statements_at_most(walk, django_assert_max_num_queries):
    ticket = disputed(walk)
    by = walk.actor("community")
    with django_assert_max_num_queries(10):
        actions.VERBS["mediate"](ticket, by=by, at=at(23, 11), **MEETING)
    with django_assert_max_num_queries(10):
        actions.VERBS["sign"](
            ticket, by=by, at=at(23, 12), due_on=date(2026, 11, 26), scan=picture(), **AGREED
        )
    given = {"agreement": MediationAgreement.objects.get(), "kept": False, "text": "未清"}
    with django_assert_max_num_queries(10):
        actions.VERBS["follow_up"](ticket, by=by, at=at(27, 10), **given)
    assert MediationSession.objects.count() == 1


@pytest.mark.parametrize(
    ("unit", "level"),
    [
        ("lane_grids", "grid"),
        ("lane", "community"),
        ("east_team", "street"),
        ("east_center", "street"),
        ("county_center", "county"),
        ("water", "department"),
        ("pipes", "department"),
    ],
)
def test_the_level_of_a_unit(walk, unit, level):
    assert level_of(walk.units[unit].pk) == level
    assert level_of(None) == ""


def test_the_level_at_which_a_matter_ended_is_kept(walk):
    ticket = disputed(walk)
    assert ticket.ended_level == ""
    by = walk.actor("community")
    ticket = handling.resolve(ticket, by=by, at=at(23, 14), no_agreement="口头和解", **SOLVED)
    ticket = judging.verify(ticket, by=walk.actor("lead"), at=at(23, 15), done=True, text="和好了")
    ticket = judging.close(ticket, by=walk.system, at=at(30, 15)) if ticket.state == "rating" else ticket
    assert (ticket.state, ticket.ended_level) == ("closed", "community")
    ticket = (
        actions.VERBS["reopen"](ticket, by=by, at=at(30, 16), reason="又吵")
        if _may_reopen(ticket, by)
        else ticket
    )
    assert ticket.ended_level in {"", "community"}
    assert mediation.FOLLOW_UP


def _may_reopen(ticket, by):
    return "reopen" in {move.verb for move in ticket_rights.available(ticket, by)}
