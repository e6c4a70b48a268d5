"""Find the district of a URL."""

from governance.tenancy.models import Tenant

BY_SLUG = "SELECT * FROM governance_tenant WHERE slug = %s AND active"


def by_slug(slug: str) -> Tenant | None:
    """The active district with this slug, or None. Raw SQL, because every request runs it."""
    return next(iter(Tenant.objects.raw(BY_SLUG, [slug])), None)
