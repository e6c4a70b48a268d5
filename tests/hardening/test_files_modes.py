"""Files with personal data that commands and workers write are readable by their owner only."""

import os
import stat
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from governance.operations import backups
from governance.tenancy.scope import scope
from tests.tickets.matters import picture, reported
from tickets.lists.actions import exports
from tickets.models import Attachment, Export
from tickets.ticket import photos

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def generous():
    """Most systems let everybody read a new file."""
    before = os.umask(0o022)
    yield
    os.umask(before)


def mode(path):
    return stat.S_IMODE(Path(path).stat().st_mode)


def test_an_export_is_its_owners_only(world, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    reported(world)
    now = timezone.now()
    with scope(world.tenant):
        by = world.actor("county", now)
        given = {"member_id": by.member_id, "state": Export.State.WAITING, "created_at": now, "moved_at": now}
        made = Export.objects.create(query="", total=1, **given)
    exports.write(world.tenant, made.pk, now)
    (file,) = (tmp_path / "exports").rglob("*.xlsx")
    assert (mode(file), mode(file.parent), mode(tmp_path / "exports")) == (0o600, 0o700, 0o700)


def test_a_fault_sheet_is_its_owners_only(tenant, tmp_path):
    (tmp_path / "a.csv").write_text("名称,代码\n甲,1\n", encoding="utf-8")
    out = {"stdout": StringIO(), "stderr": StringIO()}
    call_command("import_areas", tmp_path / "a.csv", tenant="alpha", errors=tmp_path / "e.xlsx", **out)
    assert mode(tmp_path / "e.xlsx") == 0o600


def test_a_photo_is_not_for_everybody(world):
    receipt = reported(world)
    with scope(world.tenant):
        photos.add(receipt.ticket, picture(), by=world.actor("community"), at=timezone.now())
        file = settings.MEDIA_ROOT / Attachment.objects.get().path
    assert mode(file) == 0o640


@pytest.mark.django_db(transaction=True)
def test_a_backup_is_its_owners_only_even_while_it_is_written(world, tmp_path, monkeypatch):
    seen = []
    original = backups._add_files

    def look(archive):
        seen.extend([mode(archive.name), mode(Path(archive.name).parent)])
        return original(archive)

    monkeypatch.setattr(backups, "_add_files", look)
    backups.backup(tmp_path / "a.tar.gz", at=timezone.now())
    assert (mode(tmp_path / "a.tar.gz"), seen) == (0o600, [0o600, 0o700])
