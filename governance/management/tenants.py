"""Command-line argument that names a district."""

from argparse import ArgumentParser

from django.core.management.base import CommandError

from governance.tenancy.models import Tenant


def add_tenant_argument(parser: ArgumentParser) -> None:
    """Add --tenant SLUG."""
    parser.add_argument("--tenant", required=True, metavar="SLUG", help="区县的地址名")


def tenant_named(slug: str) -> Tenant:
    """The district with this slug. Raises CommandError with a list of all districts."""
    found = Tenant.objects.filter(slug=slug).first()
    if found is None:
        known = ", ".join(Tenant.objects.values_list("slug", flat=True)) or "(无 none)"
        raise CommandError(f"没有区县 no tenant “{slug}”；现有 there are: {known}")
    return found
