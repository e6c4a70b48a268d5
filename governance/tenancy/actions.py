"""A district joins the platform."""

import re
from collections.abc import Callable

from django.utils.translation import gettext as _

from governance.errors import Conflict, Invalid
from governance.tenancy.models import RESERVED, Tenant

Seed = Callable[[Tenant], None]
SEEDS: list[Seed] = []


def seeds(function: Seed) -> Seed:
    """A room registers what a new district begins with; called with the tenant, may be called again."""
    SEEDS.append(function)
    return function


def create_tenant(*, slug: str, name: str, code: str, prefix: str = "") -> Tenant:
    """A new district with its calendar and service levels; raises Invalid, Conflict naming the field."""
    slug, name, code = slug.strip().lower(), name.strip(), code.strip()
    if not re.fullmatch(r"[a-z][a-z0-9-]{1,38}", slug) or slug in RESERVED:
        raise Invalid(_("地址名须为小写字母、数字和连字符，且不是保留字"), code="bad_slug", field="slug")
    if not re.fullmatch(r"\d{12}", code.ljust(12, "0") if code.isdigit() else code):
        raise Invalid(_("区划代码应为 6 或 12 位数字"), code="bad_code", field="code")
    if not name:
        raise Invalid(_("请填写名称"), code="required", field="name")
    if Tenant.objects.filter(slug=slug).exists():
        raise Conflict(_("地址名“%(slug)s”已被使用") % {"slug": slug}, code="slug_taken", field="slug")
    letters = re.sub(r"[^A-Z]", "", slug.upper())[:4]
    tenant = Tenant.objects.create(
        slug=slug, name=name, code=code.ljust(12, "0"), prefix=(prefix or letters.ljust(2, "X")).upper()
    )
    for seed in SEEDS:
        seed(tenant)
    return tenant
