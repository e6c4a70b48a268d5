"""Create a district."""

import re
from collections.abc import Callable
from datetime import datetime
from zoneinfo import available_timezones

from django.utils.translation import gettext as _

from governance.errors import Conflict, Invalid
from governance.tenancy.models import RESERVED, Tenant

Seed = Callable[[Tenant], None]
SEEDS: list[Seed] = []


def seeds(function: Seed) -> Seed:
    """Register a function that creates the first data of a new district; it must allow being called again."""
    SEEDS.append(function)
    return function


def checked_slug(text: str) -> str:
    """The district's name in URLs, in lower case. Raises Invalid if no URL can use it."""
    slug = text.strip().lower()
    if not re.fullmatch(r"[a-z][a-z0-9-]{1,38}", slug) or slug in RESERVED:
        raise Invalid(_("地址名须为小写字母、数字和连字符，且不是保留字"), code="bad_slug", field="slug")
    return slug


def checked_zone(text: str) -> str:
    """A time zone of the IANA list. Raises Invalid."""
    zone = text.strip()
    if zone not in available_timezones():
        raise Invalid(_("时区有误，正确的例如 Asia/Shanghai"), code="bad_zone", field="zone")
    return zone


def create_tenant(
    *,
    slug: str,
    name: str,
    code: str,
    prefix: str = "",
    zone: str = "Asia/Shanghai",
    opened_at: datetime | None = None,
) -> Tenant:
    """Create a district with its calendar and service levels. Raises Invalid, Conflict naming the field.

    Until an administrator opens it, only its members see its pages for residents; `opened_at` opens it at once.
    """
    slug, zone, name, code = checked_slug(slug), checked_zone(zone), name.strip(), code.strip()
    if not re.fullmatch(r"\d{12}", code.ljust(12, "0") if code.isdigit() else code):
        raise Invalid(_("区划代码应为 6 或 12 位数字"), code="bad_code", field="code")
    if not name:
        raise Invalid(_("请填写名称"), code="required", field="name")
    if Tenant.objects.filter(slug=slug).exists():
        raise Conflict(_("地址名“%(slug)s”已被使用") % {"slug": slug}, code="slug_taken", field="slug")
    letters = re.sub(r"[^A-Z]", "", slug.upper())[:4]
    tenant = Tenant.objects.create(
        slug=slug,
        name=name,
        code=code.ljust(12, "0"),
        prefix=(prefix or letters.ljust(2, "X")).upper(),
        zone=zone,
        open=opened_at is not None,
        opened_at=opened_at,
    )
    for seed in SEEDS:
        seed(tenant)
    return tenant
