"""Recognise a database of an older version, which this version's migrations cannot continue."""

from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
APPLIED = "SELECT app, name FROM django_migrations"


def unknown_migrations(applied: Iterable[tuple[str, str]]) -> list[str]:
    """The applied migrations of our own apps that this version does not have, as "app.name", sorted.

    `applied` are the rows of APPLIED. Migrations of other packages are left out.
    """
    return sorted(
        f"{app}.{name}"
        for app, name in applied
        if (ROOT / app / "migrations").is_dir() and not (ROOT / app / "migrations" / f"{name}.py").exists()
    )
