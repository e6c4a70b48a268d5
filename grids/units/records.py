"""Create and change units; checks the data, not the rights."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib.auth.models import Group

from governance.tenancy import config
from governance.tenancy.scope import current
from governance.web import fields as web_fields
from grids.models import Area, Unit


def lock_rows(*rows: Area | Unit) -> None:
    """Lock the rows until the end of the transaction, in one order, and read again what may have changed."""
    model = type(rows[0])
    locked = model.objects.select_for_update(of=("self",)).filter(pk__in=[row.pk for row in rows])
    list(locked.order_by("pk").values_list("pk"))
    for row in rows:
        row.refresh_from_db(
            fields=["path", "valid_to", "merged_into"] if model is Area else ["path", "active"]
        )


def require_known(values: Iterable[str], names: tuple[str, ...]) -> None:
    """Raise TypeError for a keyword that is not among the names: a mistyped one must not be ignored."""
    if unknown := sorted(set(values) - set(names)):
        raise TypeError("unknown keywords: " + ", ".join(unknown))


def set_fields(row: Area | Unit, values: Mapping[str, Any], names: tuple[str, ...]) -> list[str]:
    """Set and save the named values that differ; returns their names. Raises TypeError for a name of no field."""
    require_known(values, names)
    changed = [name for name in names if name in values and getattr(row, name) != values[name]]
    for name in changed:
        setattr(row, name, values[name])
    if changed:
        row.save(update_fields=changed)
    return changed


def add_unit(
    *, kind: str, code: str, name: str, area: Area, parent: Unit | None = None, **reached: str
) -> Unit:
    """Create a unit with the hidden group that receives shares; `reached` is its phone, address and opening
    hours."""
    group = Group.objects.create(name=f"{current().pk}:{code}"[:150])
    unit = Unit.objects.create(
        kind=kind, code=code, name=web_fields.trimmed(name), area=area, parent=parent, group=group, **reached
    )
    unit.path = (parent.path if parent else "") + f"{unit.pk}/"
    unit.save(update_fields=["path"])
    config.changed(current())
    return unit
