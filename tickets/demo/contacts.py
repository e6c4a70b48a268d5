"""Contact data of the demo district's offices: made-up phones, addresses and opening hours."""

from grids.models import Unit, UnitKind

#: (kind, first phone number (no real local number begins with 0), address, opening hours).
OFFICES = (
    (UnitKind.COUNTY_CENTER, 1, "政务路 {n} 号", "全天"),
    (UnitKind.STREET_CENTER, 2001, "{area}人民路 {n} 号", "全天"),
    (UnitKind.COMMUNITY, 3001, "{area}服务站，团结街 {n} 号", "周一至周五 8:30-17:30，周六 9:00-12:00"),
)


def put() -> None:
    """Set phone, address and opening hours of the communities, the street centres and the county centre."""
    reached = []
    for kind, first, address, opening in OFFICES:
        for n, unit in enumerate(Unit.objects.filter(kind=kind).select_related("area").order_by("code")):
            unit.phone, unit.opening = f"0543{first + n:07d}", opening
            unit.address = address.format(area=unit.area.name.removesuffix("居委会"), n=2 * n + 1)
            reached.append(unit)
    Unit.objects.bulk_update(reached, ["phone", "address", "opening"], batch_size=1000)
