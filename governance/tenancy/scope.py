"""The tenant scope of a transaction, set in PostgreSQL before the first statement.

Inside `scope(tenant)` every query sees only that tenant's rows. Two mechanisms ensure it: django-scopes
refuses a query without a scope, and row-level security hides the rows of other tenants.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import OperationalError, connection, transaction
from django_scopes import get_scope
from django_scopes import scope as orm_scope
from psycopg.pq import ExecStatus, TransactionStatus

from governance.tenancy.models import Tenant


class LateBind:
    """Begins the transaction and sets the tenant in one message, before the first statement."""

    def __init__(self, tenant_id: int) -> None:
        self.begin = b"BEGIN; SET LOCAL app.tenant = '%d'" % tenant_id

    def __call__(self, execute: Callable, sql: str, params: Any, many: bool, context: dict) -> Any:
        raw = context["connection"].connection
        if raw.info.transaction_status == TransactionStatus.IDLE:
            result = raw.pgconn.exec_(self.begin)
            if result.status != ExecStatus.COMMAND_OK:
                raise OperationalError(result.error_message.decode())
        return execute(sql, params, many, context)


def current() -> Tenant | None:
    """The tenant of the open scope, or None outside of any."""
    return get_scope().get("tenant")


def _set_local(tenant: Tenant | None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL app.tenant = '{tenant.pk if tenant else ''}'")


@contextmanager
def scope(tenant: Tenant, *, to_the_end: bool = False) -> Iterator[None]:
    """Open a transaction in which `tenant` is the only one that exists.

    Can be nested for the same tenant. Inside another transaction (a tenant within another one, tests) it is a
    savepoint, and the outer tenant is set again afterwards. With `to_the_end` the scope lasts until the end
    of the outermost transaction, so there is nothing to set again and no savepoint, which saves three
    statements. on_commit callbacks run without a scope, so they carry ids only.
    """
    outer, nested = current(), connection.in_atomic_block
    if nested and outer is not None and outer.pk == tenant.pk:
        yield
    elif nested and to_the_end and outer is None and not connection.savepoint_ids:
        _set_local(tenant)
        with orm_scope(tenant=tenant):
            yield
    elif nested:
        with transaction.atomic():
            _set_local(tenant)
            with orm_scope(tenant=tenant):
                yield
            if (
                not connection.needs_rollback
            ):  # a rollback of the savepoint restores the outer value; a release does not
                _set_local(outer)
    else:
        with transaction.atomic(), connection.execute_wrapper(LateBind(tenant.pk)), orm_scope(tenant=tenant):
            yield
