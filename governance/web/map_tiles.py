"""The tiles under the maps of a district: addresses, the line on the map, and the policy that allows their hosts."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from governance.environment import origin_of
from governance.tenancy.models import Tenant

#: A name of at least two parts, or an address in numbers; not the machine itself.
_HOST = re.compile(r"(?!127\.)(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z0-9]+(?::[1-9]\d{0,4})?")
_PARTS = ("{x}", "{y}", "{z}")
LONGEST = 300
LAST_PORT = 65535


@dataclass(frozen=True, slots=True)
class Tiles:
    """Addresses of the layers from the ground up, and the line on the map: who made it, and its approval number."""

    layers: tuple[str, ...]
    note: str


def tiles_of(tenant: Tenant) -> Tiles:
    """The tiles of the district, else those of the platform; without any, maps show the outlines only."""
    own, key = tenant.setting("map_tiles"), tenant.setting("map_key")
    layers = tuple(one.replace("{key}", key) for one in own) or tuple(filter(None, (settings.MAP_TILES,)))
    number = tenant.setting("map_approval")
    approval = _("审图号：%(number)s") % {"number": number} if number else ""
    return Tiles(layers, " · ".join(filter(None, (tenant.setting("map_credit"), approval))) if layers else "")


def is_address(text: str) -> bool:
    """Is it the address of a tile layer at one encrypted host, with the places of a tile?"""
    parts = urlsplit(text)
    port = parts.netloc.partition(":")[2]
    odd = re.search(r"[\s\"'<>;\x00-\x1f\x7f]", text) or (port.isdecimal() and int(port) > LAST_PORT)
    well = parts.scheme == "https" and bool(_HOST.fullmatch(parts.netloc)) and not odd
    return well and len(text) <= LONGEST and all(part in text for part in _PARTS)


class AllowTiles:
    """Middleware: allow the pages of a district to load pictures from the hosts of its tiles, and no others."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Name the hosts in the response's policy."""
        response = self.get_response(request)
        tenant = getattr(request, "tenant", None)
        if tenant is not None and (own := tenant.setting("map_tiles")):
            response._csp_update = {"img-src": sorted({origin for one in own for origin in origin_of(one)})}
        return response
