"""Build the tests' world in a database and print a token for each person as JSON."""

import json

import django

django.setup()

from django.db import transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from governance.access import tokens  # noqa: E402
from governance.access.models import User  # noqa: E402
from tests.worlds import make_world  # noqa: E402

SCOPES = ["tickets:read", "tickets:report", "tickets:move"]


def main() -> None:
    """The world of tests.worlds, in one transaction."""
    with transaction.atomic():
        world = make_world()
    found = {}
    for name, member in world.members.items():
        user, tenant = User.objects.get(pk=member.user_id), member.tenant
        found[name] = tokens.issue(user, tenant, name="tests", scopes=SCOPES, at=timezone.now())
    print(json.dumps({**found, "_areas": {key: area.code for key, area in world.areas.items()}}))


if __name__ == "__main__":
    main()
