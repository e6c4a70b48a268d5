"""Files of photos: written whole, shared by rows with the same content, and deleted when no row uses them."""

import os
import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction

from governance.district import trial
from governance.tenancy.models import Tenant
from governance.tenancy.scope import current, scope
from tickets.ticket.models.photos import Picture

PART = ".part"  # the ending of a file that is being written
LEFT_FOR = timedelta(days=1)  # a file without a row may belong to a transaction that is still open


def hold(digest: str) -> None:
    """Let no other transaction store or delete the picture with this digest until this one ends."""
    with connection.cursor() as cursor:
        key = f"photo:{current().pk}:{digest}"
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])


def write(path: str, content: bytes) -> None:
    """Write the whole file or nothing, below the media folder; the caller holds its digest.

    A file whose transaction is rolled back has no row; `sweep` deletes it.
    """
    target = Path(settings.MEDIA_ROOT) / path
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.exists():
        return
    part = target.with_name(f"{target.stem}.{uuid.uuid4().hex}{PART}")
    try:
        with part.open("wb") as file:
            os.fchmod(file.fileno(), settings.FILE_UPLOAD_PERMISSIONS)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)  # after a full disk; nothing is left of it after the rename


def delete_unused(paths: Iterable[str]) -> None:
    """After the commit, delete the files that no row uses any more; the caller has deleted rows of them."""
    tenant = current()
    for path in sorted(set(paths)):
        transaction.on_commit(partial(_delete_if_unused, tenant.pk, path), robust=True)


def _delete_if_unused(tenant_id: int, path: str) -> None:
    with scope(Tenant.objects.get(pk=tenant_id)):
        hold(Path(path).stem)
        if not _used([path]):
            (Path(settings.MEDIA_ROOT) / path).unlink(missing_ok=True)


@trial.removes_files
def delete_all() -> None:
    """After the commit, delete the files of all photos of the district; the caller deletes the rows."""
    for model in Picture.__subclasses__():
        delete_unused(model.objects.values_list("path", flat=True))


def _used(paths: list[str]) -> set[str]:
    """The paths that a row of any room uses."""
    found: set[str] = set()
    for model in Picture.__subclasses__():
        found.update(model.objects.filter(path__in=paths).values_list("path", flat=True))
    return found


def sweep(tenant: Tenant, *, at: datetime) -> int:
    """Delete old files without a row: of transactions that were rolled back, and of processes that were killed.

    Only folders that changed in the last days are looked at. Returns how many files were deleted.
    """
    root, before = Path(settings.MEDIA_ROOT), (at - LEFT_FOR).timestamp()
    changed = (at - 4 * LEFT_FOR).timestamp()
    deleted = 0
    for folder in (root / tenant.slug).glob("[0-9]*/[0-9]*"):
        if folder.stat().st_mtime < changed:
            continue
        old = [str(one.relative_to(root)) for one in folder.iterdir() if one.stat().st_mtime < before]
        with scope(tenant):
            unused = set(old) - _used(old)
        for path in unused:
            _delete_if_unused(tenant.pk, path)
        deleted += len(unused)
    return deleted
