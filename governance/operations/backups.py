"""Back up the whole installation into one file, and restore it: all districts, all files, one snapshot.

Runs as the database owner, who can read every district in spite of row-level security. Personal fields stay
encrypted in the file; FIELD_KEY is not in it and must be stored separately.
"""

import hashlib
import json
import tarfile
import tempfile
import zlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder
from psycopg import sql

from governance.access import secrets
from governance.environment import owner_only
from governance.errors import Conflict, Invalid
from governance.tenancy.owner import as_owner

FORMAT = 1
MANIFEST = "manifest.json"
#: Neither backed up nor restored: sessions, and the rows that the migrations write themselves.
LEFT_OUT = frozenset({"django_session", "django_migrations"})
CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Table:
    """One table in the file: its columns, its number of rows, and the digest of its data."""

    name: str
    columns: list[str]
    rows: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """The contents of a backup."""

    format: int
    made_at: str
    migrations: list[str]
    tables: list[Table] = field(default_factory=list)
    files: int = 0
    media: bool = False  # the backup includes uploaded files
    key: str = ""  # shows only whether FIELD_KEY is the same
    vanished: list[str] = field(default_factory=list)  # files that disappeared while the backup was made

    @property
    def rows(self) -> int:
        """The number of rows of all tables."""
        return sum(table.rows for table in self.tables)


NIGHTLY = "governance-*.tar.gz"


def backup_into(folder: Path, *, keep: int, at: datetime, media: bool = True) -> tuple[Path, Manifest]:
    """Write a backup named by its moment into a folder, then delete all but the newest `keep`.

    Nothing is deleted if the backup fails.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"governance-{at:%Y%m%d-%H%M%S}.tar.gz"
    made = backup(path, at=at, media=media)
    for old in sorted(folder.glob(NIGHTLY), reverse=True)[keep:]:
        old.unlink()
    return path, made


def next_night(now: datetime, hour: int, minute: int) -> datetime:
    """The next moment at this time of day, in the zone of `now`."""
    tonight = now.replace(hour=hour, minute=minute, second=0, microsecond=0)
    return tonight if tonight > now else tonight + timedelta(days=1)


def backup(path: Path, *, at: datetime, media: bool = True) -> Manifest:
    """Write one snapshot of the database, then the files, into a new .tar.gz. Raises Invalid if it exists."""
    if path.exists():
        raise Invalid(f"{path} 已存在 exists already", code="exists")
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        with as_owner():
            migrations = _migrations()
            with transaction.atomic():
                with connection.cursor() as cursor:
                    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
                tables = [_dump(name, columns, Path(folder)) for name, columns in _tables()]
        draft = Path(folder) / "backup"
        with (
            open(draft, "xb", opener=owner_only) as file,
            tarfile.open(draft, "w:gz", fileobj=file) as archive,
        ):
            for table in tables:
                archive.add(Path(folder) / table.name, f"tables/{table.name}")
            files, vanished = _add_files(archive) if media else (0, [])
            given = {"files": files, "media": media, "vanished": vanished, "key": fingerprint()}
            manifest = Manifest(FORMAT, at.isoformat(), migrations, tables, **given)
            (Path(folder) / MANIFEST).write_text(json.dumps(asdict(manifest), ensure_ascii=False))
            archive.add(Path(folder) / MANIFEST, MANIFEST)
        draft.rename(path)  # so a file with this name is always complete
    return manifest


def fingerprint() -> str:
    """A hash that is the same for the same FIELD_KEY and does not reveal the key."""
    return secrets.keyed_hash("backup", "field key")


def _add_files(archive: tarfile.TarFile) -> tuple[int, list[str]]:
    """Add all files; return how many, and the names of those deleted meanwhile."""
    files, vanished = 0, []
    for one in list(_files()):
        name = str(one.relative_to(settings.MEDIA_ROOT))
        try:
            archive.add(one, f"media/{name}")
            files += 1
        except FileNotFoundError:
            vanished.append(name)
    return files, vanished


def restore(path: Path, *, replace: bool = False) -> Manifest:
    """Replace the contents of this installation by a backup, all or nothing, after checking its digests.

    Raises Invalid if the file is broken or has other migrations, Conflict if the installation already has
    districts and `replace` is not given.
    """
    with tempfile.TemporaryDirectory() as folder:
        try:
            with tarfile.open(path) as archive:
                archive.extractall(folder, filter="data")
        except (tarfile.TarError, zlib.error, EOFError, OSError) as error:  # OSError: a broken gzip
            raise Invalid("不是完整的备份 not a whole backup", code="broken") from error
        manifest = read(Path(folder))
        with as_owner():
            _fits(manifest, replace)
            with transaction.atomic():
                _load(manifest, Path(folder))
        _put_files(Path(folder) / "media", alone=replace and manifest.media)
    return manifest


def read(folder: Path) -> Manifest:
    """The manifest of an unpacked backup. Raises Invalid if a part is missing or was changed."""
    try:
        given = json.loads((folder / MANIFEST).read_text())
        tables = [Table(**one) for one in given.pop("tables")]
        manifest = Manifest(**given, tables=tables)
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise Invalid("不是完整的备份 not a whole backup", code="broken") from error
    if manifest.format != FORMAT:
        raise Invalid(f"备份格式 {manifest.format} 无法读取 unknown format", code="format")
    for table in tables:
        data = folder / "tables" / table.name
        if not data.is_file() or _digest(data) != table.sha256:
            raise Invalid(f"备份中的 {table.name} 缺失或已改动 missing or changed", code="broken")
    return manifest


def _fits(manifest: Manifest, replace: bool) -> None:
    if manifest.key and manifest.key != fingerprint():
        raise Invalid(
            "FIELD_KEY 与备份时不同，姓名和电话将无法读出 FIELD_KEY is another one than when this was made",
            code="key",
        )
    here = _migrations()
    if here != manifest.migrations:
        differing = sorted(set(here) ^ set(manifest.migrations))[:5]
        raise Invalid(f"程序版本与备份不同 migrations differ: {', '.join(differing)}", code="version")
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM governance_tenant")
        if cursor.fetchone()[0] and not replace:
            raise Conflict(
                "库中已有区县，如需覆盖请加 --replace districts are there already", code="not_empty"
            )


def _migrations() -> list[str]:
    return sorted(f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations())


def _tables() -> list[tuple[str, list[str]]]:
    """(name, columns) of every table to back up, without generated columns."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, array_agg(a.attname::text ORDER BY a.attnum) FROM pg_class c "
            "JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped "
            "AND a.attgenerated = '' WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace "
            "GROUP BY c.relname ORDER BY c.relname"
        )
        return [(name, columns) for name, columns in cursor.fetchall() if name not in LEFT_OUT]


def _dump(name: str, columns: list[str], folder: Path) -> Table:
    select = sql.SQL("COPY (SELECT {} FROM {}) TO STDOUT").format(_columns(columns), sql.Identifier(name))
    target = folder / name
    with connection.cursor() as cursor, open(target, "wb") as file, cursor.cursor.copy(select) as copy:
        for block in copy:
            file.write(block)
    with open(target, "rb") as file:
        rows = sum(block.count(b"\n") for block in iter(lambda: file.read(CHUNK), b""))
    return Table(name, columns, rows, _digest(target))


def _load(manifest: Manifest, folder: Path) -> None:
    names = sql.SQL(", ").join(sql.Identifier(name) for name, _columns_ in _tables())
    with connection.cursor() as cursor:
        raw = cursor.cursor
        raw.execute(sql.SQL("TRUNCATE {}, django_session").format(names))
        raw.execute("SET CONSTRAINTS ALL DEFERRED")
        for table in manifest.tables:
            into = sql.SQL("COPY {} ({}) FROM STDIN").format(
                sql.Identifier(table.name), _columns(table.columns)
            )
            with raw.copy(into) as copy, open(folder / "tables" / table.name, "rb") as file:
                while block := file.read(CHUNK):
                    copy.write(block)
        for table in manifest.tables:
            _renew_sequence(raw, table)
        raw.execute(_RENUMBER)


def _renew_sequence(raw: Any, table: Table) -> None:
    if "id" in table.columns:
        raw.execute("SELECT pg_get_serial_sequence(%s, 'id')", [table.name])
        if sequence := raw.fetchone()[0]:
            query = sql.SQL("SELECT setval(%s, coalesce(max(id), 1), max(id) IS NOT NULL) FROM {}")
            raw.execute(query.format(sql.Identifier(table.name)), [sequence])


#: The event log's transaction numbers are valid only on the server that made them. Replace them, and those in
#: the subscribers' cursors, by numbers below all of this server's, in the same order (ADR 0005).
_RENUMBER = """
CREATE TEMPORARY TABLE renumbered ON COMMIT DROP AS
    SELECT xid, row_number() OVER (ORDER BY xid) - count(*) OVER () - 1 AS fresh
    FROM (SELECT DISTINCT xid FROM governance_event) AS every;
UPDATE governance_feedcursor AS c SET
    event_id = CASE WHEN EXISTS (SELECT FROM renumbered r WHERE r.xid = c.xid) THEN c.event_id ELSE 0 END,
    xid = coalesce((SELECT r.fresh FROM renumbered r WHERE r.xid = c.xid),
                   (SELECT max(r.fresh) + 1 FROM renumbered r WHERE r.xid < c.xid),
                   (SELECT min(r.fresh) - 1 FROM renumbered r), 0);
UPDATE governance_event AS e SET xid = r.fresh FROM renumbered r WHERE r.xid = e.xid;
"""


def _columns(names: list[str]) -> sql.Composed:
    return sql.SQL(", ").join(sql.Identifier(name) for name in names)


def _digest(path: Path) -> str:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _files() -> Iterator[Path]:
    root = Path(settings.MEDIA_ROOT)
    return (one for one in sorted(root.rglob("*")) if one.is_file() and not one.is_symlink())


def _put_files(folder: Path, *, alone: bool) -> None:
    """Write the files of the backup; with `alone`, delete all others, because their rows are gone too."""
    root = Path(settings.MEDIA_ROOT)
    for one in list(_files()) if alone else ():
        if not (folder / one.relative_to(root)).is_file():
            one.unlink(missing_ok=True)
    for one in sorted(folder.rglob("*")) if folder.is_dir() else ():
        if one.is_file():
            target = root / one.relative_to(folder)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(one.read_bytes())
            target.chmod(settings.FILE_UPLOAD_PERMISSIONS)
