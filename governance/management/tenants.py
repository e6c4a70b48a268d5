"""What the commands share: the district named on the command line."""

from argparse import ArgumentParser

from django.core.management.base import CommandError

from governance.tenancy.models import Tenant


def add_tenant_argument(parser: ArgumentParser) -> None:
    """--tenant SLUG."""
    parser.add_argument("--tenant", required=True, metavar="SLUG", help="区县的地址名")


def tenant_named(slug: str) -> Tenant:
    """The district; raises CommandError listing those there are."""
    found = Tenant.objects.filter(slug=slug).first()
    if found is None:
        known = ", ".join(Tenant.objects.values_list("slug", flat=True)) or "(无 none)"
        raise CommandError(f"没有区县 no tenant “{slug}”；现有 there are: {known}")
    return found
