"""Make what the sweeps look for in the platform's database: `scene.py sweep | sealed UNIT | payloads`; prints JSON."""

import json
import sys
from typing import Any

import django

django.setup()

from django.db import connection, models  # noqa: E402

from governance.access.secrets import EncryptedField  # noqa: E402
from governance.tenancy.models import TenantModel  # noqa: E402
from governance.tenancy.owner import as_owner  # noqa: E402
from governance.tenancy.scope import scope  # noqa: E402
from tests import databases  # noqa: E402
from tests.governance.tenancy import test_routes as sweep  # noqa: E402
from tests.hardening.test_sealed_sweep import make_complaint  # noqa: E402
from tools.attack.payload import PAYLOAD  # noqa: E402

#: Columns whose text is no person's words: a key, a hash, a path, or one of a list.
NO_WORDS = (
    "code",
    "path",
    "hash",
    "digest",
    "key",
    "kind",
    "slug",
    "sha256",
    "link",
    "query",
    "state",
    "stage",
    "unit",
    "mode",
    "rows",
    "preview",
    "fingerprint",
)


def routes(samples: dict[str, Any]) -> list[dict[str, Any]]:
    """The addresses of the first district: {name, path, api}."""
    return [
        {"name": route.name, "path": sweep.address(route, samples), "api": route.is_api, "hidden": hidden}
        for route, hidden in ((route, route.name not in sweep.PUBLIC) for route in sweep.ROUTES)
    ]


def payloads(world: Any) -> int:
    """Write the payload into every column of people's words, in all rows of the first district; the number of columns."""
    columns = 0
    with as_owner(), scope(world.tenant):  # the log and published notices cannot be changed otherwise
        for model in TenantModel.__subclasses__():
            names = {field.name: text for field in model._meta.concrete_fields if (text := _text(field))}
            for row in model.objects.all() if names else ():
                for name, text in names.items():
                    if getattr(row, name):
                        setattr(row, name, text)
                model.objects.bulk_update([row], list(names))
            columns += len(names)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE governance_tenant SET name = %s WHERE slug = 'alpha'", [PAYLOAD])
    return columns + 1


def _text(field: models.Field) -> str:
    """The payload as long as the column takes it; empty for a column of other things."""
    words = isinstance(field, models.CharField | models.TextField) and not field.choices
    keys = [name for one in field.model._meta.constraints for name in getattr(one, "fields", ())]
    unique = field.unique or field.name in keys
    if not words or unique or any(part in field.name for part in NO_WORDS) or "phone" in field.name:
        return ""
    most = None if isinstance(field, EncryptedField) else field.max_length
    return PAYLOAD if most is None or most >= len(PAYLOAD) else ""


def main(what: str, *more: str) -> dict[str, Any]:
    """Do one step; `sealed` reads the arguments of the routes from standard input, as `sweep` returned them."""
    world = databases.result("world")
    if what == "sweep":
        samples = sweep.make_samples(world)
        return {"samples": samples, "routes": routes(samples)}
    if what == "sealed":
        line, hidden = make_complaint(world, json.load(sys.stdin), *more)
        return {"line": line, "hidden": hidden}
    return {"columns": payloads(world)}


if __name__ == "__main__":
    print(json.dumps(main(*sys.argv[1:])))
