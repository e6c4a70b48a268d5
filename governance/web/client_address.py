"""The network address of a visitor: one answer for every limit and for the log-in."""

import ipaddress
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest

UNKNOWN = "0.0.0.0"  # noqa: S104 - an address to count by, nothing listens on it


def client_address(request: HttpRequest) -> str:
    """The visitor's address, as `address_of` tells it."""
    return address_of(request.META)


def address_of(variables: Mapping[str, Any]) -> str:
    """The visitor's address by the WSGI variables of a request, as text.

    An IPv6 address is cut to its /64 network, which one household has.

    With PROXY_COUNT proxies in front it is the PROXY_COUNT-th entry of X-Forwarded-For from the right: the one that
    the outermost own proxy wrote. Entries further left come from the visitor and are not read. Without a proxy, or
    without that entry, it is the address of the connection. Never None.
    """
    peer = _read(variables.get("REMOTE_ADDR", ""))
    if settings.PROXY_COUNT:
        entries = variables.get("HTTP_X_FORWARDED_FOR", "").split(",")
        if len(entries) >= settings.PROXY_COUNT:
            return _read(entries[-settings.PROXY_COUNT]) or peer or UNKNOWN
    return peer or UNKNOWN


def _read(text: str) -> str:
    """An address without port, brackets and zone; empty for another text."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        found = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return ""
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    if found.ipv4_mapped:
        return str(found.ipv4_mapped)
    return str(ipaddress.ip_network((found, 64), strict=False).network_address)
