"""QR codes of buildings (一楼一码) that open the report form with the place filled in; printed per grid."""

import segno
from django.conf import settings
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from governance.access.permissions import Permission
from governance.access.policy import below
from governance.errors import Missing
from governance.web import pages
from grids import choices as territory
from grids.models import Area, Level

MODULE = 4  # SVG units per module of a code; the stylesheet sets the printed size


@pages.desk_with(Permission.TICKET_REPORT)
def grids(request: HttpRequest) -> HttpResponse:
    """List the grids of a community in the member's area, each with a link to its page of codes.

    If there is only one community, it is selected already.
    """
    paths = request.actor.area_paths(Permission.TICKET_REPORT)
    groups = territory.communities(paths)
    codes = [code for _street, ones in groups for code, _name in ones]
    chosen = request.GET.get("community", codes[0] if len(codes) == 1 else "")
    found = Area.objects.filter(
        below("path", paths), level=Level.GRID, parent__code=chosen, parent__code__in=codes, valid_to=None
    )
    context = {"groups": groups, "chosen": chosen, "grids": found.order_by("path") if chosen else None}
    return render(request, "tickets/desk/code_grids.html", context)


@pages.desk
def sheet(request: HttpRequest, code: str) -> HttpResponse:
    """The codes of a grid and its buildings, to print on A4.

    Raises Missing for a grid outside the member's area.
    """
    own = below("path", request.actor.area_paths(Permission.TICKET_REPORT))
    grid = Area.objects.filter(own, code=code, level=Level.GRID, valid_to=None).first()
    if grid is None:
        raise Missing(_("您的辖区内无该网格"))
    inside = Q(path__gte=grid.path, path__lt=grid.path[:-1] + "0", valid_to=None)
    places = Area.objects.filter(inside, level__in=[Level.GRID, Level.BUILDING]).order_by("path")
    address = settings.PUBLIC_URL.rstrip("/") + reverse(
        "portal:report", kwargs={"tenant": request.tenant.slug}
    )
    context = {
        "grid": grid,
        "home": " ".join(territory.names_of(grid.path)),
        "codes": [(place, draw_code(f"{address}?{urlencode({'area': place.code})}")) for place in places],
    }
    return render(request, "tickets/desk/code_sheet.html", context)


def draw_code(address: str) -> str:
    """The address as a QR code (ISO/IEC 18004, readable with a quarter damaged), as an SVG data URI."""
    return segno.make(address, error="q", micro=False).svg_data_uri(scale=MODULE, border=4)
