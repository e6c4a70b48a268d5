"""The scope: one tenant at a time, and one transaction with it."""

import threading
from types import SimpleNamespace

import pytest
from celery import shared_task
from django.db import DataError, ProgrammingError, connection, transaction
from django.http import HttpResponse
from django.test import override_settings
from django.urls import include, path
from django_scopes.exceptions import ScopeError
from rest_framework.response import Response
from rest_framework.views import APIView

from governance import events
from governance.access import actors
from governance.access.models import Member
from governance.errors import Invalid
from governance.events.models import Event
from governance.tenancy.scope import current, scope
from governance.tenancy.tasks import TenantTask
from tests import worlds
from tickets.models import Category, NumberCounter

pytestmark = [pytest.mark.servers]


@pytest.mark.django_db
def test_a_query_without_a_scope_raises(world):
    with pytest.raises(ScopeError):
        Member.objects.count()


@pytest.mark.django_db
def test_raw_sql_without_a_tenant_raises(world):
    with pytest.raises((DataError, ProgrammingError)), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM tickets_category")


@pytest.mark.django_db
def test_raw_sql_sees_one_tenant_only(world):
    with scope(world.other), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM tickets_category")
        assert cursor.fetchone()[0] == 0
    with scope(world.tenant), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM tickets_category")
        assert cursor.fetchone()[0] == len(world.categories)


@pytest.mark.django_db
def test_a_row_for_another_tenant_is_refused(world):
    with pytest.raises(ProgrammingError), scope(world.other):
        Category.objects.create(tenant=world.tenant, code="99", name="x")


@pytest.mark.django_db
def test_the_outer_tenant_is_back_after_an_inner_one(world):
    with scope(world.tenant):
        with scope(world.other):
            assert current() == world.other
        with pytest.raises(KeyError), scope(world.other):
            raise KeyError
        assert Member.objects.filter(name="王网格").exists()


@pytest.mark.django_db(transaction=True)
def test_a_connection_carries_no_tenant_over():
    tenant = worlds.make_tenant("gamma", "丙区", "990103000000")
    with scope(tenant):
        Category.objects.create(code="01", name="一")
    with pytest.raises(DataError), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM tickets_category")


@pytest.mark.django_db(transaction=True)
def test_a_scope_without_sql_opens_no_transaction():
    tenant = worlds.make_tenant("gamma", "丙区", "990103000000")
    with scope(tenant):
        assert connection.connection.info.transaction_status.name == "IDLE"


@pytest.mark.django_db(transaction=True)
def test_after_the_commit_there_is_no_scope():
    tenant = worlds.make_tenant("gamma", "丙区", "990103000000")
    seen = []

    def look():
        seen.append(current())

    with scope(tenant):
        Category.objects.create(code="01", name="一")
        transaction.on_commit(look)
    assert seen == [None]


@pytest.mark.django_db
def test_a_task_without_a_tenant_raises(world):
    @shared_task(name="test.task", base=TenantTask)
    def slug_of(*, tenant):
        return tenant.slug

    assert slug_of(tenant_id=world.tenant.pk) == "alpha"
    with pytest.raises(TypeError):
        slug_of()


def writes_and_raises(request):
    NumberCounter.objects.create(day="2026-11-23", last=7)
    raise RuntimeError("after the write")


def writes_and_refuses(request):
    NumberCounter.objects.create(day="2026-11-23", last=7)
    return HttpResponse("no", status=422)


class WritesAndRefuses(APIView):
    permission_classes = ()

    def post(self, request):
        NumberCounter.objects.create(day="2026-11-23", last=7)
        raise Invalid("after the write")


class WritesAndStays(APIView):
    permission_classes = ()

    def post(self, request):
        NumberCounter.objects.create(day="2026-11-23", last=7)
        return Response({})


urlpatterns = [
    path(
        "<slug:tenant>/",
        include(
            [
                path("raise/", writes_and_raises),
                path("refuse/", writes_and_refuses),
                path("api-refuse/", WritesAndRefuses.as_view()),
                path("api-stay/", WritesAndStays.as_view()),
            ]
        ),
    )
]


@pytest.mark.django_db(transaction=True)
@override_settings(ROOT_URLCONF="tests.governance.tenancy.test_scope")
@pytest.mark.parametrize(("route", "kept"), [("raise", 0), ("refuse", 0), ("api-refuse", 0), ("api-stay", 1)])
def test_what_a_failing_view_wrote_is_gone(client, route, kept):
    tenant = worlds.make_tenant("gamma", "丙区", "990103000000")
    client.raise_request_exception = False
    client.post(f"/gamma/{route}/")
    with scope(tenant):
        assert NumberCounter.objects.count() == kept


@pytest.mark.django_db
def test_an_event_outside_a_transaction_is_refused(world, monkeypatch):
    with scope(world.tenant):
        subject = Category.objects.first()
        by = actors.system(world.tenant.pk)
        with monkeypatch.context() as patch, pytest.raises(RuntimeError):
            patch.setattr("governance.events.log.connection", SimpleNamespace(in_atomic_block=False))
            events.record("ticket.note", subject, by=by, at=worlds.MONDAY)
        with pytest.raises(LookupError):
            events.record("ticket.unheard_of", subject, by=by, at=worlds.MONDAY)
        assert Event.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_two_threads_hold_two_tenants():
    tenants = [worlds.make_tenant(f"t{n}", f"{n}区", f"9901{n:02d}000000") for n in (11, 12)]
    seen, together = {}, threading.Barrier(2, timeout=10)

    def work(tenant):
        try:
            with scope(tenant):
                Category.objects.create(code=tenant.slug, name=tenant.slug)
                together.wait()
                seen[tenant.slug] = list(Category.objects.values_list("code", flat=True))
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(tenant,)) for tenant in tenants]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == {tenant.slug: [tenant.slug] for tenant in tenants}
