"""Change a district's own settings."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from governance import events
from governance.access import policy
from governance.access.actors import Actor
from governance.access.permissions import Permission
from governance.errors import Conflict, Invalid
from governance.tenancy import config, gaps
from governance.tenancy.defaults import (
    CHANNELS,
    MAP_LAYERS,
    MAP_TEXTS,
    NOTICE_SORTS,
    NUMBERS_TO_CALL,
    RANGES,
)
from governance.tenancy.models import Tenant
from governance.web import map_tiles
from governance.web.fields import trimmed


def configure(
    tenant: Tenant, values: Mapping[str, int | bool | str | list[str]], *, by: Actor, at: datetime
) -> list[str]:
    """Set the named settings; returns those that changed.

    Raises Forbidden, and Invalid naming the setting.
    """
    policy.require(by, Permission.SETTINGS_EDIT)
    for name, value in values.items():
        _check(name, value)
    if values.get("map_tiles") and not trimmed(
        str(values.get("map_approval", tenant.setting("map_approval")))
    ):
        raise Invalid(_("使用底图须填写审图号"), code="required", field="map_approval")
    locked = Tenant.objects.select_for_update().get(pk=tenant.pk)
    changed = {name: value for name, value in values.items() if locked.setting(name) != value}
    if changed:
        locked.settings = {**locked.settings, **changed}
        locked.save(update_fields=["settings"])
        tenant.settings = locked.settings
        config.changed(tenant)
        events.record("settings.changed", tenant, by=by, at=at, **changed)
    return sorted(changed)


def open_to_residents(tenant: Tenant, *, despite: bool, by: Actor, at: datetime) -> None:
    """Open the district's pages to residents.

    Raises Forbidden; Conflict if it is open; Invalid if the setup check still finds what stops work, unless `despite`
    says that the administrator knows it.
    """
    policy.require(by, Permission.SETTINGS_EDIT)
    if not despite and (grave := sum(1 for gap in gaps.run_checks(at) if gap.count and gap.grave)):
        words = _("还有 %(count)d 项必须完善；确需先行开放的，请勾选后再开放")
        raise Invalid(words % {"count": grave}, code="not_ready", field="despite")
    locked = Tenant.objects.select_for_update().get(pk=tenant.pk)
    if locked.open:
        raise Conflict(_("本区县已对居民开放"), code="open")
    locked.open, locked.opened_at = True, locked.opened_at or at
    _switched(locked, tenant)
    events.record("district.opened", tenant, by=by, at=at, despite=despite)


def close_to_residents(tenant: Tenant, *, by: Actor, at: datetime) -> None:
    """Close the district's pages to residents; its members still see them. Raises Forbidden, Conflict."""
    policy.require(by, Permission.SETTINGS_EDIT)
    locked = Tenant.objects.select_for_update().get(pk=tenant.pk)
    if not locked.open:
        raise Conflict(_("本区县尚未对居民开放"), code="closed")
    locked.open = False
    _switched(locked, tenant)
    events.record("district.closed", tenant, by=by, at=at)


def _switched(locked: Tenant, tenant: Tenant) -> None:
    locked.save(update_fields=["open", "opened_at"])
    tenant.open, tenant.opened_at = locked.open, locked.opened_at


def _check(name: str, value: Any) -> None:
    if name in NUMBERS_TO_CALL:
        return _check_numbers(name, [value] if isinstance(value, str) else value)
    if name == "map_tiles":
        return _check_tiles(value)
    if name in MAP_TEXTS:
        return _check_text(name, value)
    if name in CHANNELS:
        return _check_sorts(name, value)
    if name not in RANGES:
        raise Invalid(_("没有名为 %(name)s 的设置") % {"name": name[:40]}, code="unknown_setting", field=name)
    bounds = RANGES[name]
    if bounds is None or bounds[0] <= value <= bounds[1]:
        return None
    message = _("应在 %(low)d 到 %(high)d 之间") % {"low": bounds[0], "high": bounds[1]}
    raise Invalid(message, code="out_of_range", field=name)


def _check_numbers(name: str, numbers: list[str]) -> None:
    most = NUMBERS_TO_CALL[name]
    if not 1 <= len(numbers) <= most or not all(re.fullmatch(r"\+?\d[\d-]{2,19}", one) for one in numbers):
        raise Invalid(_("请填 1 到 %(most)d 个电话号码") % {"most": most}, code="no_telephone", field=name)


def _check_tiles(layers: list[str]) -> None:
    if len(layers) > MAP_LAYERS or not all(map_tiles.is_address(one) for one in layers):
        words = _("请填 1 到 %(most)d 行 https 地址，每行含 {x}、{y}、{z}，主机名不含通配符")
        raise Invalid(words % {"most": MAP_LAYERS}, code="no_tiles", field="map_tiles")


def _check_text(name: str, text: str) -> None:
    if len(text) > MAP_TEXTS[name]:
        raise Invalid(_("最多 %(most)d 字") % {"most": MAP_TEXTS[name]}, code="too_long", field=name)


def _check_sorts(name: str, sorts: list[str]) -> None:
    if not set(sorts) <= set(NOTICE_SORTS):
        raise Invalid(_("该类通知不存在"), code="unknown_sort", field=name)
