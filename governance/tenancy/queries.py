"""Which district an address names."""

from governance.tenancy.models import Tenant

BY_SLUG = "SELECT * FROM governance_tenant WHERE slug = %s AND active"


def by_slug(slug: str) -> Tenant | None:
    """The active district of that name, or None. Raw, because every request asks it."""
    return next(iter(Tenant.objects.raw(BY_SLUG, [slug])), None)
