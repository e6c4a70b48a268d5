"""Template databases: built once per server, copied for each worker and for each test that commits.

There are four: `schema` (migrated, empty), `district` (one district without a territory), `world` (the two districts
of tests.worlds) and `stack` (the same for real processes, with an API token for each person). A template's name holds
a digest of the sources it was built from, so warm servers never serve an old one.

`python -m tests.databases` builds what is missing.
"""

import base64
import hashlib
import os
import pickle
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from zoneinfo import ZoneInfo

import psycopg

ROOT = Path(__file__).resolve().parent.parent
APPS = ("governance", "grids", "tickets", "volunteers", "consultation")
PREFIX = "template_"
PASSWORD = "Lotus-2026-pond"  # of every person in the worlds
BUILD_LOCK = 20261123  # the advisory lock of the process that builds; the others wait for its result


def with_database(url: str, name: str) -> str:
    """The same server address with another database."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


def server(role: str = "OWNER") -> psycopg.Connection:
    """A connection to the maintenance database as OWNER or SUPERUSER; each statement commits."""
    return psycopg.connect(os.environ[f"{role}_DATABASE_URL"], autocommit=True)


def copy(kind: str, name: str) -> None:
    """Create a database as a copy of the template of a kind, which is built first if the server has none."""
    template = require(kind)
    with server() as owner:
        owner.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')


def drop(name: str) -> None:
    """Drop a database even while somebody is connected to it; do nothing if it does not exist."""
    with server("SUPERUSER") as superuser:
        superuser.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def result(kind: str) -> Any:
    """The object that the building of a template returned (a World, tokens), as a new copy at each call."""
    require(kind)
    return pickle.loads(_stored(kind))


@cache
def require(kind: str) -> str:
    """Return the name of a template; build all templates first if this one is missing."""
    with server() as owner:
        owner.execute("SELECT pg_advisory_lock(%s)", (BUILD_LOCK,))
        if comment(owner, template_name(kind)) is None:
            subprocess.run([sys.executable, "-m", "tests.databases"], cwd=ROOT, check=True)
    return template_name(kind)


@cache
def _stored(kind: str) -> bytes:
    with server() as owner:
        return base64.b64decode(comment(owner, template_name(kind)))


def comment(owner: psycopg.Connection, database: str) -> str | None:
    """The comment on a database; a template has one when it is complete: its result, pickled, in base64."""
    ask = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s"
    row = owner.execute(ask, (database,)).fetchone()
    return row[0] if row else None


def template_name(kind: str) -> str:
    """The name of a template for the present state of the sources."""
    return f"{PREFIX}{digest()}_{kind}"


@cache
def digest() -> str:
    """A digest of everything that a template is made from, and of the day: a world is built as of today.

    The day is that of the districts, because a process that has loaded Django counts in their time zone, and one
    that has not, such as a benchmark, does not.
    """
    today = datetime.now(ZoneInfo("Asia/Shanghai")).date()
    told = hashlib.sha256(today.isoformat().encode())
    files = [path for app in APPS for path in (ROOT / app).rglob("*.py")]
    for path in sorted([*files, Path(__file__), ROOT / "tests" / "worlds.py"]):
        told.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    return told.hexdigest()[:12]


@contextmanager
def connected(database: str, role: str = "RUNTIME") -> Iterator[None]:
    """Point Django's connection at a database, as RUNTIME or as OWNER, until the block ends."""
    from django.db import connection

    from governance.environment import DatabaseUrl

    url = os.environ["DATABASE_URL" if role == "RUNTIME" else "OWNER_DATABASE_URL"]
    user = DatabaseUrl.parse(url)
    keys = ("NAME", "USER", "PASSWORD")
    before = {key: connection.settings_dict[key] for key in keys}
    connection.close()
    connection.settings_dict.update(zip(keys, (database, user.user, user.password), strict=True))
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(before)


def build_all() -> None:
    """Build the templates that are missing; drop those of older sources. The caller holds BUILD_LOCK."""
    from tests import worlds

    with server() as owner:
        ask = "SELECT datname FROM pg_database WHERE datname LIKE %s"
        for (name,) in owner.execute(ask, (PREFIX.replace("_", r"\_") + "%",)).fetchall():
            if comment(owner, name) is None or digest() not in name:
                drop(name)
        _build(owner, "schema", "", _migrate, "OWNER")
        _build(owner, "district", "schema", worlds.make_district)
        world = _build(owner, "world", "schema", worlds.make_world)
        _build(owner, "stack", "world", lambda: worlds.prepare_for_processes(world))


def _build(owner: psycopg.Connection, kind: str, base: str, make: Any, role: str = "RUNTIME") -> Any:
    name = template_name(kind)
    if comment(owner, name) is not None:
        return pickle.loads(_stored(kind))
    source = f'TEMPLATE "{template_name(base)}"' if base else ""
    owner.execute(f'CREATE DATABASE "{name}" {source}')
    with connected(name, role):
        made = make()
    text = base64.b64encode(pickle.dumps(made)).decode()
    owner.execute(f"COMMENT ON DATABASE \"{name}\" IS '{text}'")  # the template is complete from here on
    return made


def _migrate() -> None:
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


def main() -> None:
    """Build in a process of its own, with the cheap password hash of the tests."""
    import django
    from django.conf import settings

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "governance.settings")
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *settings.PASSWORD_HASHERS]
    django.setup()
    build_all()


if __name__ == "__main__":
    main()
