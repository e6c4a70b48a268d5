"""The tree of areas: paths, the area in force, the local day, and which posts hold."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db.models import Q

from governance.tenancy.scope import current
from grids.models import CODE_LENGTH, Area, Level


def local_day(at: datetime) -> date:
    """The calendar day in the time zone of the open scope's district."""
    return at.astimezone(ZoneInfo(current().zone)).date()


def on_duty(day: date) -> Q:
    """The posts that hold on a day, of active members."""
    return Q(valid_from__lte=day) & (Q(valid_to=None) | Q(valid_to__gte=day)) & Q(member__active=True)


def lasting(day: date) -> Q:
    """The posts that are not over on a day, including those that have not begun."""
    return Q(valid_to=None) | Q(valid_to__gte=day)


def ancestors_of(path: str) -> list[str]:
    """The paths from the district down to this one, itself included."""
    codes = path.rstrip("/").split("/")
    return ["/".join(codes[: n + 1]) + "/" for n in range(len(codes))]


def in_force(code: str) -> Area | None:
    """The area in use with this code, or the grid that a merged one went into in the end; None if there is
    none."""
    found = Area.objects.select_related("merged_into").filter(code=code).first()
    while found is not None and found.merged_into is not None:
        found = Area.objects.select_related("merged_into").get(pk=found.merged_into_id)
    return found if found is not None and found.valid_to is None else None


def district() -> Area | None:
    """The root of the open scope's tree, None if there is none."""
    return Area.objects.filter(level=Level.DISTRICT).order_by("path").first()


def street_path(path: str) -> str:
    """The path of the street that contains an area path: its first two codes, district and street."""
    return "/".join(path.rstrip("/").split("/")[:2]) + "/"


def community_path(path: str) -> str:
    """The path of the community that contains an area path, or the path itself if it is above communities.

    A community's code has twelve digits and does not end in 000 (domain.md B1); sections have other lengths,
    streets end in 000.
    """
    kept = []
    for code in path.rstrip("/").split("/"):
        kept.append(code)
        if len(code) == CODE_LENGTH[Level.COMMUNITY] and not code.endswith("000"):
            break
    return "/".join(kept) + "/"
