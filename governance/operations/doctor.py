"""Checks of an installation for its administrator."""

import json
import os
import shutil
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection

from governance.clocks.timer import oldest_due_age
from governance.operations.health import beat_age, readiness
from governance.tenancy.models import TenantModel
from governance.tenancy.roles import CLOCK, OWNER, RUNTIME, SEARCH

RIGHTS = ("超级用户 superuser", "绕过行级隔离 bypasses row-level security", "可登录 can log in")
LATE_SECONDS, BEAT_SECONDS, FREE_BYTES = 120, 60, 1 << 30
MADE_UP = "203.0.113.9"  # of a network that nobody has (RFC 5737)


@dataclass(frozen=True, slots=True)
class Finding:
    """The result of one check: its name, whether all is well, and what was found."""

    name: str
    good: bool
    seen: str


def examine(at: datetime) -> Iterator[Finding]:
    """Check roles, row-level security, timer, beat and storage of the running installation."""
    yield from _roles()
    yield _isolation()
    state = readiness()
    yield Finding("缓存与消息 broker", state["cache"], settings.REDIS_URL.rsplit("@", 1)[-1])
    age = beat_age(at)
    yield Finding(
        "调度 beat", age is not None and age < BEAT_SECONDS, "未见 never" if age is None else f"{age:.0f} s"
    )
    late = oldest_due_age(at)
    yield Finding("最早未处理到期 oldest due", late < LATE_SECONDS, f"{late:.0f} s")
    yield _storage()
    yield _visitors()


def _roles() -> Iterator[Finding]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolname, rolsuper, rolbypassrls, rolcanlogin FROM pg_roles WHERE rolname = ANY(%s)",
            [[OWNER, RUNTIME, CLOCK, SEARCH]],
        )
        found = {row[0]: row[1:] for row in cursor.fetchall()}
        cursor.execute("SELECT current_user")
        me = cursor.fetchone()[0]
    yield Finding("当前角色 current role", me == RUNTIME, me)
    wanted = {
        OWNER: (False, True, True),
        RUNTIME: (False, False, True),
        CLOCK: (False, False, False),
        SEARCH: (False, False, False),
    }
    for name, rights in wanted.items():
        seen = found.get(name)
        yield Finding(f"角色 role {name}", seen == rights, _said(seen, rights))


def _said(seen: tuple[bool, ...] | None, wanted: tuple[bool, ...]) -> str:
    """The rights of a role in words, and those that should be different."""
    if seen is None:
        return "缺少 missing"
    has = "、".join(word for word, given in zip(RIGHTS, seen, strict=True) if given) or "无特权 no privileges"
    wrong = [
        f"{'应有' if right else '不应有'}{word}"
        for word, given, right in zip(RIGHTS, seen, wanted, strict=True)
        if given != right
    ]
    return f"{has}（{'，'.join(wrong)}）" if wrong else has


def _isolation() -> Finding:
    tables = {m._meta.db_table for m in apps.get_models() if issubclass(m, TenantModel)}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relname = ANY(%s) AND relrowsecurity AND relforcerowsecurity",
            [sorted(tables)],
        )
        bare = tables - {row[0] for row in cursor.fetchall()}
    return Finding(
        "行级隔离 row-level security", not bare, ", ".join(sorted(bare)) or f"{len(tables)} 张表 tables"
    )


def _storage() -> Finding:
    folder = Path(settings.MEDIA_ROOT)
    folder.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(folder).free
    good = os.access(folder, os.W_OK) and free > FREE_BYTES
    return Finding("文件存储 storage", good, f"{folder} {free >> 20} MB")


def _visitors() -> Finding:
    """Does the platform see the address of a visitor, through all proxies, and not one that the visitor made up?"""
    name = "访客地址 visitor's address"
    try:
        plain, forged = _own_address({}), _own_address({"X-Forwarded-For": MADE_UP})
    except (OSError, ValueError) as error:
        return Finding(name, False, f"{settings.PUBLIC_URL}: {error}")
    count = f"PROXY_COUNT={settings.PROXY_COUNT}"
    if forged["address"] == MADE_UP:
        return Finding(name, False, f"{count}: 访客可以伪造 visitors can make it up; too high")
    if plain["forwarded"] != settings.PROXY_COUNT:
        return Finding(name, False, f"{count}, 但经过 but it went through {plain['forwarded']}")
    return Finding(name, True, f"{plain['address']} ({count})")


def _own_address(headers: dict[str, str]) -> dict[str, Any]:
    address = f"{settings.PUBLIC_URL}/client-address"
    if not address.startswith(("http://", "https://")):
        raise ValueError("PUBLIC_URL is no web address")
    asked = urllib.request.Request(address, headers=headers)  # noqa: S310 - checked above
    with urllib.request.urlopen(asked, timeout=5) as answer:  # noqa: S310
        return json.load(answer)
