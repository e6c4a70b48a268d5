"""A district that was never open is emptied of what people tried out, and nothing else goes."""

import uuid
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import Permission
from django.db import connection

from governance.access import actors
from governance.district import trial
from governance.errors import Conflict, Forbidden, Invalid
from governance.events import feed, log
from governance.events.models import Event, FailedDelivery, Notice
from governance.tenancy.models import Tenant, TenantForeignKey, TenantModel
from governance.tenancy.scope import scope
from tests.governance.tenancy.test_routes import make_samples
from tests.tickets.matters import TO_RATING, reported, walked
from tests.worlds import at
from tickets.intake import actions as intake
from tickets.lists.actions import exports
from tickets.models import Attachment, Export, Ticket

PAGE = "/alpha/desk/settings/gaps/"
EMPTY = "/alpha/desk/settings/empty/"
NOW = at(24, 10)

#: Tables that stay, each with its reason. A new table needs a decision: `of_work`, or a line here.
STAYS = {
    "Member": "people",
    "WorkCalendar": "settings",
    "CalendarYear": "settings",
    "CalendarDay": "settings",
    "Event": "the log is append-only and holds ids and codes only",
    "EventHead": "the same",
    "EventDigest": "the same",
    "FeedCursor": "where each subscriber stands in the log",
    "Robot": "settings",
    "SheetUpload": "settings that wait for a confirmation; gone after a day",
    "Area": "territory",
    "AreaShape": "territory",
    "GridCommunity": "territory",
    "Unit": "units",
    "Post": "people",
    "PostArea": "people",
    "DutyShift": "people",
    "Leave": "people",
    "Category": "settings",
    "ServiceLevel": "settings",
    "DutyList": "settings",
    "DutyItem": "settings",
    "DutyAssistant": "settings",
    "SavedView": "settings of people",
    "PrivacyNotice": "a published text; append-only",
    "Question": "settings",
    "ReplyTemplate": "settings",
}


def tenant_tables():
    return [model for model in apps.get_models() if issubclass(model, TenantModel)]


def counts(tenant):
    with scope(tenant):
        return {model.__name__: model.objects.count() for model in tenant_tables()}


@pytest.fixture
def closed(world):
    Tenant.objects.filter(pk=world.tenant.pk).update(open=False, opened_at=None)
    world.tenant.refresh_from_db()
    return world


#: Values that the rules of a table ask for besides.
MORE = {"WhistleRating": {"by_street": True, "in_time": 4, "together": 4, "solved": 4}}


def filled(model):
    """A row of a table that the actions below leave empty, with the first value that each column accepts."""
    values = {}
    for field in model._meta.concrete_fields:
        if field.name in {"id", "tenant"} or field.null or field.has_default():
            continue
        if field.blank and field.get_internal_type() in {"CharField", "TextField"}:
            values[field.name] = ""
        elif field.name == "permission":
            values[field.name] = Permission.objects.filter(content_type__model="ticket").first()
        elif field.is_relation:
            values[field.name] = field.related_model.objects.first()
        elif field.choices:
            values[field.name] = field.choices[0][0]
        else:
            kinds = {
                "BooleanField": False,
                "DateTimeField": NOW,
                "DateField": NOW.date(),
                "UUIDField": uuid.uuid4(),
            }
            number = "Integer" in field.get_internal_type() or "Decimal" in field.get_internal_type()
            values[field.name] = kinds.get(field.get_internal_type(), 1 if number else "x")
    return model.objects.create(**values | MORE.get(model.__name__, {}))


@pytest.fixture
def tried(closed):
    """The district after people tried everything out, and a ticket in the other district."""
    make_samples(closed)
    walked(closed, *TO_RATING)
    with scope(closed.tenant):
        for model in trial.tables():
            if not model.objects.exists():
                filled(model)
    with scope(closed.other):
        draft = intake.Draft(text="水管漏水", name="冯居民", phone="13900001234", area="990102001001")
        intake.report(draft, by=actors.system(closed.other.pk), at=NOW)
    return closed


def emptied(world, name="甲区", by="admin"):
    with scope(world.tenant):
        return trial.empty(world.tenant, name=name, by=world.actor(by), at=NOW)


def test_every_table_of_a_district_is_emptied_or_stays_for_a_reason():
    kept = {model.__name__ for model in tenant_tables()} - {model.__name__ for model in trial.tables()}
    assert kept == set(STAYS)


def test_nothing_that_stays_refers_to_a_row_that_goes():
    gone = set(trial.tables())
    held = [
        f"{model.__name__}.{field.name}"
        for model in tenant_tables()
        if model not in gone
        for field in model._meta.concrete_fields
        if isinstance(field, TenantForeignKey) and field.related_model in gone
    ]
    assert held == []


@pytest.mark.django_db
def test_no_row_of_work_is_left_and_all_else_is_untouched(tried, django_capture_on_commit_callbacks):
    before, other = counts(tried.tenant), counts(tried.other)
    works = {model.__name__ for model in trial.tables()}
    assert [name for name in works if not before[name]] == []
    with scope(tried.tenant):
        photos = [
            Path(settings.MEDIA_ROOT) / path for path in Attachment.objects.values_list("path", flat=True)
        ]
        exports.folder().mkdir(parents=True, exist_ok=True)
        sheet = exports.folder() / "alpha-test.xlsx"
        sheet.write_bytes(b"x")
        Export.objects.update(path=sheet.name)
        with django_capture_on_commit_callbacks(execute=True):
            count = trial.empty(tried.tenant, name=" 甲区 ", by=tried.actor("admin"), at=NOW)
    after = counts(tried.tenant)
    assert {name: after[name] for name in works} == dict.fromkeys(works, 0)
    assert count == sum(before[name] for name in works)
    logged = {"Event", "EventHead"}
    assert {name: n for name, n in after.items() if name not in works | logged} == {
        name: n for name, n in before.items() if name not in works | logged | {"FeedCursor"}
    } | {"FeedCursor": len(feed.SUBSCRIBERS)}
    assert counts(tried.other) == other
    assert other["Ticket"] == 1
    assert [path for path in [*photos, sheet] if path.exists()] == []
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # as at the commit
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


@pytest.mark.django_db
def test_the_log_stays_whole_and_says_who_did_it(tried):
    with scope(tried.tenant):
        before = set(Event.objects.values_list("pk", flat=True))
    emptied(tried)
    with scope(tried.tenant):
        assert before < set(Event.objects.values_list("pk", flat=True))
        assert list(log.verify()) == []
        last = Event.objects.latest("pk")
        assert (last.kind, last.actor_id) == ("district.emptied", tried.members["admin"].pk)


@pytest.mark.django_db
def test_nothing_is_told_about_what_is_gone_and_numbers_begin_again(tried):
    with scope(tried.tenant):
        first = Ticket.objects.earliest("pk").number
    emptied(tried)
    feed.deliver(tried.tenant, NOW)
    with scope(tried.tenant):
        assert not Notice.objects.exists()
        assert not FailedDelivery.objects.exists()
    assert reported(tried).ticket.number == first


@pytest.mark.django_db
def test_only_a_district_that_was_never_open_is_emptied(tried):
    for row in ({"open": True, "opened_at": NOW}, {"open": False, "opened_at": NOW}):
        Tenant.objects.filter(pk=tried.tenant.pk).update(**row)
        with pytest.raises(Conflict):
            emptied(tried)
    with scope(tried.tenant):
        assert Ticket.objects.exists()


@pytest.mark.django_db
def test_only_its_administrator_empties_it_and_types_its_name(tried):
    for name in ("", "乙区", "alpha"):
        with pytest.raises(Invalid):
            emptied(tried, name)
    for who in ("leader", "county", "nobody"):
        with pytest.raises(Forbidden):
            emptied(tried, by=who)
    with scope(tried.tenant):
        assert Ticket.objects.exists()


@pytest.mark.django_db
def test_the_page_asks_for_the_name_and_then_empties(tried, as_):
    admin = as_("admin")
    assert EMPTY in admin.get(PAGE).content.decode()
    answer = admin.post(EMPTY, {"name": "乙区"})
    assert answer.status_code == 400
    assert "请输入本区县名称“甲区”以确认" in answer.content.decode()
    assert admin.post(EMPTY, {"name": "甲区"}, follow=True).status_code == 200
    for page in ("/alpha/desk/", "/alpha/desk/tickets/", "/alpha/desk/inbox/", "/alpha/desk/settings/log/"):
        assert admin.get(page).status_code in {200, 302, 404}, page
    with scope(tried.tenant):
        assert not Ticket.objects.exists()
    Tenant.objects.filter(pk=tried.tenant.pk).update(opened_at=NOW)
    assert EMPTY not in admin.get(PAGE).content.decode()
    assert as_("leader").post(EMPTY, {"name": "甲区"}).status_code == 403
