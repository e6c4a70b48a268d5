"""Units that serve an area, and units as choices."""

from django.utils.translation import gettext as _

from governance.errors import Invalid
from governance.tenancy.config import compiled
from governance.tenancy.scope import current
from grids.choices import places
from grids.models import Unit, UnitKind
from grids.tree import ancestors_of

#: From the area upwards: the unit that triages, the one that dispatches in the street, the one in the county.
LADDER = (UnitKind.COMMUNITY, UnitKind.STREET_CENTER, UnitKind.COUNTY_CENTER)


def holder(community: str, kind: str) -> str:
    """The code of the unit of a kind that holds reports from a community; empty if there is none."""
    home = next((place for place in places() if place.code == community), None)
    pk = holders_of(home.path).get(kind) if home else None
    return Unit.objects.filter(pk=pk).values_list("code", flat=True).first() or "" if pk else ""


def unit_choices() -> list[tuple[str, str]]:
    """(code, name) of every active unit."""
    return compiled(
        current(), "unit_choices", lambda: list(Unit.objects.filter(active=True).values_list("code", "name"))
    )


def unit_of(code: str) -> Unit:
    """The unit of a cell; raises Invalid."""
    found = Unit.objects.select_related("group").filter(code=code, active=True).first()
    if found is None:
        raise Invalid(_("没有代码为 %(code)s 的单位") % {"code": code[:40]})
    return found


def ladder_of(path: str) -> list[int]:
    """The ids of the community, the command centre and the county centre that serve an area path, from the
    nearest up."""
    serving = holders_of(path)
    return [serving[kind] for kind in LADDER if kind in serving]


def holders_of(path: str) -> dict[str, int]:
    """The nearest community, command centre and county centre of an area path: {kind: unit id}; compiled, no
    statement.

    If two units of a kind serve the same area, the older one counts.
    """
    serving = compiled(current(), "holders", _load_holders)
    found: dict[str, int] = {}
    for ancestor in ancestors_of(path):
        found |= serving.get(ancestor, {})  # areas further down come later and win
    return found


def _load_holders() -> dict[str, dict[str, int]]:
    rows = Unit.objects.filter(kind__in=LADDER, active=True).order_by("-id")
    serving: dict[str, dict[str, int]] = {}
    for path, kind, pk in rows.values_list("area__path", "kind", "id"):
        serving.setdefault(path, {})[kind] = pk
    return serving
