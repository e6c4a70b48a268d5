"""Empty a district that was never open of what people tried out: tickets and all that belongs to them.

Territory, units, people and settings stay. So does the event log: it is append-only also for the platform itself, holds
ids and codes but no text of a person, and shows who emptied the district. Ids are never used again, so an old line of
the log is not taken for one of a new ticket.
"""

from collections.abc import Callable
from datetime import datetime

from django.apps import apps
from django.db import connection
from django.utils.translation import gettext as _

from governance import events
from governance.access import policy
from governance.access.actors import Actor
from governance.access.permissions import Permission
from governance.errors import Conflict, Invalid
from governance.events import feed
from governance.tenancy import config
from governance.tenancy.models import Tenant, TenantModel

_files: list[Callable[[], None]] = []


def removes_files(function: Callable[[], None]) -> Callable[[], None]:
    """Register a function that has the files of rows deleted after the commit; it is called before the rows go."""
    _files.append(function)
    return function


def tables() -> list[type[TenantModel]]:
    """The tables of work, whose rows are deleted."""
    return [model for model in apps.get_models() if issubclass(model, TenantModel) and model.of_work]


def possible(tenant: Tenant) -> bool:
    """Can the district still be emptied? Only before it is opened for the first time."""
    return not tenant.open and tenant.opened_at is None


def empty(tenant: Tenant, *, name: str, by: Actor, at: datetime) -> int:
    """Delete every row of work in the district, and let numbers begin again; returns how many rows.

    Subscribers pass over what has happened so far, so no notice is sent about tickets that are gone. Raises Forbidden;
    Conflict if the district is or was open; Invalid if `name` is not the district's.
    """
    policy.require(by, Permission.SETTINGS_EDIT)
    locked = Tenant.objects.select_for_update().get(pk=tenant.pk)
    if not possible(locked):
        raise Conflict(_("本区县已对居民开放过，不能清空数据"), code="was_open", field="name")
    if name.strip() != locked.name:
        message = _("请输入本区县名称“%(name)s”以确认") % {"name": locked.name}
        raise Invalid(message, code="not_confirmed", field="name")
    for remove in _files:
        remove()
    # The keys between these tables are checked at the commit, so their order does not matter.
    count = sum(model.objects.all()._raw_delete(connection.alias) for model in tables())
    feed.skip_to_now(tenant)
    config.changed(tenant)
    events.record("district.emptied", tenant, by=by, at=at, count=count)
    return count
