"""Our database backend: times as Django returns them, and server-side cursors."""

from datetime import UTC, datetime

import pytest
from django.db import connection

from governance.tenancy.models import Tenant

pytestmark = pytest.mark.servers


def test_times_are_read_as_aware_utc(tenant):
    at = datetime(2026, 11, 21, 9, 30, 0, 123456, tzinfo=UTC)
    Tenant.objects.filter(pk=tenant.pk).update(created_at=at)
    read = Tenant.objects.get(pk=tenant.pk).created_at
    assert (read, read.tzinfo) == (at, UTC)
    with connection.cursor() as cursor:
        cursor.execute("SELECT '2026-11-21 17:30:00.123456+08'::timestamptz, NULL::timestamptz")
        assert cursor.fetchone() == (at, None)


def test_a_long_read_goes_through_a_server_side_cursor(tenant, other_tenant):
    read = Tenant.objects.order_by("slug").iterator(chunk_size=1)
    assert [one.slug for one in read] == ["alpha", "beta"]
    assert type(connection.create_cursor("named")).__name__ == "ServerSideCursor"
