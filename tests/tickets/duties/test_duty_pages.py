"""Pages and API of the duty list, of admissions, and of consents about the heads of stationed agencies."""

import io
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.utils import timezone
from openpyxl import load_workbook

from governance import events
from governance.clocks import timer
from governance.errors import Conflict, Forbidden, Invalid
from governance.events import feed
from governance.events.models import Event, Notice
from governance.tenancy.scope import scope
from grids import tree as territory_queries
from grids.units import records as unit_records
from tests.pages import folded
from tests.tickets.calls import TICKETS, refused
from tests.tickets.duty_lists import HEADINGS, LINES, published
from tests.tickets.matters import reported, statements
from tests.worlds import at
from tickets.duties import queries as duty_queries
from tickets.duties.actions import admissions, consents
from tickets.models import DutyList, HeadConsent, Push, Ticket, WorkAdmission
from tickets.orders import actions, time_notices

pytestmark = [pytest.mark.django_db]

DESK, SETTINGS = "/alpha/desk/", "/alpha/desk/settings/duties/"


def file_of(*lines, headings=HEADINGS):
    text = "\n".join(",".join(line) for line in (headings, *lines))
    return SimpleUploadedFile("清单.csv", text.encode())


def upload(*lines, **more):
    return {"name": "2026 年版", "valid_from": "2026-01-01", "file": file_of(*lines), **more}


@pytest.fixture
def listed(world):
    """Publish the duty list and refer a ticket to the county's centre; returns (world, number)."""
    with scope(world.tenant):
        published(world, when=timezone.now())
    ticket = reported(world, category="0102").ticket
    with scope(world.tenant):
        now = timezone.now()
        community, center = world.actor("community", now), world.actor("center", now)
        actions.VERBS["triage_major"](ticket, by=community, at=now, reason="社区无力解决")
        actions.VERBS["refer"](ticket, by=center, at=now, reason="需要水务部门")
    return world, ticket.number


# -- the list on its pages


def test_an_upload_becomes_a_draft_with_its_differences_and_is_published(world, as_):
    admin = as_("admin")
    kept = admin.post(SETTINGS, upload(*LINES))
    assert kept.status_code == 302
    page = admin.get(kept["Location"]).content.decode()
    assert "新增 3 项" in page
    with scope(world.tenant):
        draft = DutyList.objects.get()
        assert draft.state == DutyList.State.DRAFT
    assert admin.post(f"{SETTINGS}{draft.pk}/publish/").status_code == 302
    assert admin.post(f"{SETTINGS}{draft.pk}/publish/").status_code == 409
    assert admin.post(f"{SETTINGS}{draft.pk}/discard/").status_code == 409
    shown = as_("head").get(DESK + "duties/?q=供水").content.decode()
    assert "供水管道抢修" in shown
    assert "路灯报修" not in shown
    assert as_("head").get(DESK + "duties/export/")["Content-Type"].endswith("spreadsheetml.sheet")


def test_a_faulty_file_is_told_by_row_and_nothing_is_kept(world, as_):
    bad = ("4", "清雪", "基本履职", "无此局", "", "", "")
    answer = as_("admin").post(SETTINGS, upload(*LINES, bad))
    assert answer.status_code == 400
    page = answer.content.decode()
    assert "第 5 行：没有单位“无此局”" in page
    assert "2026 年版" in page  # the input is shown again
    for given in ({"file": SimpleUploadedFile("x.xlsx", b"PK\x03\x04broken")}, {"name": ""}):
        assert as_("admin").post(SETTINGS, upload(*LINES) | given).status_code == 400
    with scope(world.tenant):
        assert DutyList.objects.count() == 0


def test_the_faulty_rows_of_a_duty_list_come_back_as_a_sheet(world, as_):
    admin, faults = as_("admin"), f"{SETTINGS}faults/"
    assert admin.get(faults)["Location"] == SETTINGS  # no file was sent
    headings = ("序号", *HEADINGS)
    rows = [
        (str(n), *line) for n, line in enumerate([*LINES, ("", "清雪", "基本履职", "无此局", "", "", "")], 1)
    ]
    page = folded(admin.post(SETTINGS, upload() | {"file": file_of(*rows, headings=headings)}))
    assert f'href="{faults}"' in page
    assert "“序号”→" not in page
    assert "第 5 行：“事项编号”不能为空" in page  # the number of the row is not taken for it
    answer = admin.get(faults)
    (line,) = list(load_workbook(io.BytesIO(answer.content)).active.values)[1:]
    assert line[2] == "清雪"
    assert line[-1] == "“事项编号”不能为空"
    assert as_("county").get(faults).status_code == 403


def test_a_check_shows_the_differences_and_keeps_nothing(listed, as_):
    world, _number = listed
    answer = as_("admin").post(SETTINGS, upload(LINES[0], dry_run="on"))
    assert answer.status_code == 200
    assert "取消 2 项" in answer.content.decode()
    with scope(world.tenant):
        assert DutyList.objects.count() == 1


def test_only_the_administrator_reaches_the_versions(listed, as_):
    for who in ("county", "head", "worker"):
        assert as_(who).get(SETTINGS).status_code == 403
        assert as_(who).get(DESK + "duties/").status_code == 200


def test_the_list_sends_the_same_for_few_and_for_many_items(world, as_):
    head, counts = as_("head"), []
    for n in (1, 40):
        with scope(world.tenant):
            more = [(f"9{i}", f"事项{i}", "基本履职", "街道", "社区、水务局", "", "0104") for i in range(n)]
            published(world, *more, when=timezone.now())
        head.get(DESK + "duties/")
        counts.append(statements(head, DESK + "duties/"))
    assert counts[0] == counts[1] <= 6


def test_the_command_imports_and_publishes(world, tmp_path, capsys):
    file = tmp_path / "清单.csv"
    file.write_bytes("\n".join(",".join(line) for line in (HEADINGS, *LINES)).encode("gbk"))
    call_command("import_duties", str(file), tenant="alpha", dry_run=True)
    assert "新增 3 项" in capsys.readouterr().out
    with scope(world.tenant):
        assert DutyList.objects.count() == 0
    call_command("import_duties", str(file), tenant="alpha", publish=True)
    with scope(world.tenant):
        world.tenant.refresh_from_db()
        assert duty_queries.in_force(timezone.now()).name == "清单"


# -- dispatching


def test_the_form_proposes_with_its_reason_and_leaves_the_choice_free(listed, as_):
    _world, number = listed
    county = as_("county")
    page = county.get(f"{DESK}tickets/{number}/?move=dispatch").content.decode()
    assert "依据履职清单第 1 项“供水管道抢修”" in page
    assert '<option value="water" selected>' in page
    given = {"unit": "parks", "expected": "referred"}
    assert county.post(f"{DESK}tickets/{number}/moves/dispatch/", given).status_code == 302


def test_a_refused_push_says_why_keeps_what_was_typed_and_is_counted(listed, as_):
    world, number = listed
    given = {"unit": "east_office", "text": "请街道先处置", "expected": "referred"}
    answer = as_("county").post(f"{DESK}tickets/{number}/moves/dispatch/", given)
    assert answer.status_code == 400
    page = answer.content.decode()
    assert "由水务局负责" in page
    assert "请街道先处置" in page
    with scope(world.tenant):
        push, event = Push.objects.get(), Event.objects.get(kind="ticket.push_refused")
        assert (push.verdict, push.department, push.onto) == (
            "refused",
            world.units["water"],
            world.units["east_office"],
        )
        assert event.facts["unit"] == world.units["east_office"].pk
        assert Ticket.objects.get(number=number).state == "referred"
        now = timezone.now()
        found = duty_queries.pushes(now - timedelta(days=1), now + timedelta(days=1))
        assert [(row.department, row.refused, row.admitted) for row in found] == [("水务局", 1, 0)]
    assert "水务局" in as_("county").get(DESK + "duties/").content.decode()


def test_the_api_proposes_refuses_and_counts(listed, call):
    world, number = listed
    found = call.get(f"{TICKETS}{number}/proposal/").json()["results"]
    assert [(one["unit"], one["assistants"], one["source"]) for one in found] == [
        ("water", ["parks"], "duty_list")
    ]
    body = {"verb": "dispatch", "unit": "east_office"}
    refused(call.post(f"{TICKETS}{number}/moves/", body, "county"), 400, "push_refused", "unit")
    with scope(world.tenant):
        assert Push.objects.count() == 1
    body = {"verb": "dispatch", "unit": "water"}
    assert call.post(f"{TICKETS}{number}/moves/", body, "county").status_code == 200
    body = {"verb": "return_ticket", "reason": "不归我们", "duty_item": "88"}
    refused(call.post(f"{TICKETS}{number}/moves/", body, "head"), 400, "unknown_duty_item", "duty_item")
    body["duty_item"] = "1"
    assert call.post(f"{TICKETS}{number}/moves/", body, "head").status_code == 200


def test_the_form_of_a_return_suggests_the_items(listed, as_):
    world, number = listed
    with scope(world.tenant):
        now, ticket = timezone.now(), Ticket.objects.get(number=number)
        actions.VERBS["dispatch"](ticket, by=world.actor("county", now), at=now, unit=world.units["water"])
    page = as_("head").get(f"{DESK}tickets/{number}/?move=return_ticket").content.decode()
    assert page.index('<option value="1">') < page.index('<option value="2">')
    given = {"reason": "不归我们", "duty_item": "2", "expected": "dispatched"}
    assert as_("head").post(f"{DESK}tickets/{number}/moves/return_ticket/", given).status_code == 302


# -- admissions


def wish(**more):
    today = timezone.localdate()
    given = {"unit": "water", "name": "管道巡查", "category": "0102", "onto_kind": "street_office"}
    days = {"valid_from": today.isoformat(), "valid_until": (today + timedelta(days=9)).isoformat()}
    return {**given, **days, "reason": "汛期", "budget": "2000", "budget_source": "防汛专项", **more}


def test_a_department_asks_and_the_leader_admits(listed, as_):
    world, number = listed
    assert as_("head").post(DESK + "admissions/", wish(budget_source="")).status_code == 400
    assert as_("head").post(DESK + "admissions/", wish(unit="parks")).status_code == 400
    assert as_("head").post(DESK + "admissions/", wish()).status_code == 302
    with scope(world.tenant):
        admission = WorkAdmission.objects.get()
        assert admission.due_at > timezone.now()
    decide = f"{DESK}admissions/{admission.pk}/decide/"
    assert as_("head").post(decide, {"verdict": "yes"}).status_code == 403
    assert as_("leader").post(decide, {"verdict": "no"}).status_code == 400
    assert as_("leader").get(DESK + "admissions/").status_code == 200
    assert as_("leader").post(decide, {"verdict": "yes", "answer": "同意"}).status_code == 302
    assert as_("leader").post(decide, {"verdict": "yes"}).status_code == 409
    given = {"unit": "east_office", "expected": "referred"}
    assert as_("county").post(f"{DESK}tickets/{number}/moves/dispatch/", given).status_code == 302
    assert as_("worker").get(DESK + "admissions/").status_code == 403
    assert as_("clerk").post(DESK + "admissions/", wish()).status_code == 403


def test_an_admission_ends_by_itself_and_a_late_decision_is_told(world):
    with scope(world.tenant):
        given = {"name": "巡查", "category": world.categories["leak"], "unit": world.units["water"]}
        asked = admissions.Wish(
            **given,
            reason="汛期",
            valid_from=date(2026, 11, 23),
            valid_until=date(2026, 11, 30),
            onto_kind="street_office",
        )
        admission = admissions.ask(asked, by=world.actor("head"), at=at(23, 9))
        other = admissions.ask(asked, by=world.actor("head"), at=at(23, 9))
        admissions.approve(admission, by=world.actor("county"), at=at(23, 10))
    fire(at(1, 0, month=12))
    with scope(world.tenant):
        for one in (admission, other):
            one.refresh_from_db()
            assert one.state == WorkAdmission.State.EXPIRED
        assert Event.objects.filter(kind="clock.breached", subject_id=other.pk).count() == 1
        assert Event.objects.filter(kind="admission.expired").count() == 2


def fire(when):
    while timer.fire_next_due(at=when):
        pass


# -- heads of stationed agencies


@pytest.fixture
def station(world):
    with scope(world.tenant):
        given = {"area": world.areas["east"], "parent": world.units["water"]}
        return unit_records.add_unit(kind="stationed_agency", code="station", name="东街道水务所", **given)


def consent(world, station, **more):
    given = {"unit": station, "person": "马所长", "what": "appoint", "reason": "轮岗"}
    given |= {"asked_unit": world.units["water"], "by": world.actor("head"), "at": at(23, 9)}
    return consents.ask(**{**given, **more})


def test_the_street_is_asked_before_a_head_is_appointed(world, station, as_):
    given = {
        "asked_unit": "water",
        "unit": "station",
        "person": "马所长",
        "what": "appoint",
        "reason": "轮岗",
    }
    assert as_("parks_head").post(DESK + "consents/", {**given, "asked_unit": "parks"}).status_code == 400
    assert as_("head").post(DESK + "consents/", given).status_code == 302
    assert as_("head").post(DESK + "consents/", given).status_code == 409
    with scope(world.tenant):
        asked = HeadConsent.objects.get()
        assert asked.street_unit == world.units["east_center"]
    answer = f"{DESK}consents/{asked.pk}/answer/"
    assert as_("west_center").post(answer, {"verdict": "yes", "answer": "x"}).status_code == 404
    assert "马所长" not in as_("west_center").get(DESK + "consents/").content.decode()
    assert as_("head").post(answer, {"verdict": "yes", "answer": "x"}).status_code == 403
    assert as_("center").post(answer, {"verdict": "no", "answer": " "}).status_code == 400
    assert "马所长" in as_("center").get(DESK + "consents/").content.decode()
    assert as_("center").post(answer, {"verdict": "no", "answer": "与街道工作不熟"}).status_code == 302
    with scope(world.tenant):
        asked.refresh_from_db()
        assert (asked.state, asked.answer) == ("refused", "与街道工作不熟")
        assert "马所长" not in str([event.facts for event in Event.objects.all()])


def test_silence_is_no_consent_and_rises(world, station):
    with scope(world.tenant):
        asked = consent(world, station)
        assert territory_queries.local_day(asked.due_at) == date(2026, 11, 30)  # five workdays after today
    fire(at(1, 9, month=12))
    with scope(world.tenant):
        asked.refresh_from_db()
        assert (asked.state, asked.decided_at) == (HeadConsent.State.UNANSWERED, None)
        kinds = set(Event.objects.filter(subject_type="tickets.headconsent").values_list("kind", flat=True))
        assert {"consent.unanswered", "clock.breached"} <= kinds
        late = consents.agree(asked, by=world.actor("center"), at=at(1, 10, month=12), answer="同意")
        assert late.state == HeadConsent.State.AGREED
        assert Event.objects.get(kind="consent.agreed").facts["late"] is True


def test_who_may_ask_and_answer_and_about_whom(world, station):
    with scope(world.tenant):
        with pytest.raises(Invalid):
            consent(world, world.units["east_team"])
        with pytest.raises(Invalid):
            consent(world, station, by=world.actor("parks_head"), asked_unit=world.units["parks"])
        with pytest.raises(Forbidden):
            consent(world, station, by=world.actor("member"))
        asked = consent(world, station)
        with pytest.raises(Conflict):
            consent(world, station)
        with pytest.raises(Forbidden):
            consents.agree(asked, by=world.actor("west_center"), at=at(23, 10), answer="同意")


def test_those_concerned_are_told(world, station):
    with scope(world.tenant):
        consent(world, station)
        admissions.ask(
            admissions.Wish(
                name="巡查",
                category=world.categories["leak"],
                unit=world.units["water"],
                reason="汛期",
                valid_from=date(2026, 11, 23),
                valid_until=date(2026, 11, 30),
                onto_kind="street_office",
            ),
            by=world.actor("head"),
            at=at(23, 9),
        )
    fire(at(1, 9, month=12))
    deliver(world)
    with scope(world.tenant):
        told = {
            name: list(Notice.objects.filter(member=member).values_list("kind", flat=True))
            for name, member in world.members.items()
            if member.tenant_id == world.tenant.pk
        }
    assert "consent.asked" in told["center"]
    assert "consent.asked" not in told["west_center"]
    assert "consent.unanswered" in told["head"]
    assert "consent.unanswered" in told["county"]
    assert {"admission.asked", "clock.escalated"} <= set(told["leader"])


def test_the_clock_of_something_else_tells_nothing_of_the_ticket_with_its_id(world):
    ticket = reported(world).ticket
    with scope(world.tenant):
        facts = {"purpose": "review", "step": "due", "unit": world.units["lane"].pk}
        for subject, told in ((WorkAdmission(pk=ticket.pk), False), (ticket, True)):
            events.record("clock.breached", subject, by=world.system, at=at(23, 9), **facts)
            event = Event.objects.filter(kind="clock.breached").latest("id")
            time_notices.tell_of_time([event])
            assert Notice.objects.filter(event=event).exists() is told


def deliver(world):
    """Deliver every event to every subscriber, as after the commit."""
    with scope(world.tenant):
        for event in Event.objects.order_by("id"):
            for kinds, handler, _ in feed.SUBSCRIBERS.values():
                if event.kind in kinds:
                    handler(event)
