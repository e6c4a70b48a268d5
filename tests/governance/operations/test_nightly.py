"""The nightly backup: when it runs, and what it keeps."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command

from governance.management.commands import backup as command
from governance.operations import backups

NIGHT = datetime(2026, 11, 27, 2, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "day"), [((27, 0, 10), 27), ((27, 2, 29), 27), ((27, 2, 30), 28), ((27, 18, 0), 28)]
)
def test_the_next_night(now, day):
    assert backups.next_night(datetime(2026, 11, *now, tzinfo=UTC), 2, 30) == NIGHT.replace(day=day)


@pytest.fixture
def written(monkeypatch):
    def write(path, *, at, media):
        path.write_bytes(b"x")
        return SimpleNamespace(tables=[], rows=0, files=0, vanished=[])

    monkeypatch.setattr(backups, "backup", write)


def test_the_newest_stay_and_other_files_too(tmp_path, written):
    (tmp_path / "before-upgrade.tar.gz").write_bytes(b"x")
    for night in range(5):
        backups.backup_into(tmp_path, keep=3, at=NIGHT + timedelta(days=night))
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "before-upgrade.tar.gz",
        "governance-20261129-023000.tar.gz",
        "governance-20261130-023000.tar.gz",
        "governance-20261201-023000.tar.gz",
    ]


def test_nothing_is_deleted_if_the_backup_fails(tmp_path, monkeypatch):
    (tmp_path / "governance-20261126-023000.tar.gz").write_bytes(b"x")

    def fail(path, **given):
        raise OSError("disk full")

    monkeypatch.setattr(backups, "backup", fail)
    with pytest.raises(OSError, match="disk full"):
        backups.backup_into(tmp_path, keep=1, at=NIGHT)
    assert len(list(tmp_path.iterdir())) == 1


def test_a_night_that_fails_is_said_and_the_next_one_is_tried(tmp_path, monkeypatch, capsys):
    nights = []

    def sleep(seconds):
        nights.append(seconds)
        if len(nights) == 3:
            raise KeyboardInterrupt

    def fail(self, options):
        raise OSError("disk full")

    monkeypatch.setattr(command.time, "sleep", sleep)
    monkeypatch.setattr(command.Command, "_once", fail)
    with pytest.raises(KeyboardInterrupt):
        call_command("backup", into=tmp_path, nightly="02:30")
    assert len(nights) == 3
    assert all(0 < seconds <= 86400 for seconds in nights)
    assert capsys.readouterr().err.count("backup failed: disk full") == 2


@pytest.mark.parametrize(
    "given", [{}, {"into": "/x", "nightly": "late"}, {"nightly": "02:30"}, {"into": "/x", "keep": 0}]
)
def test_what_makes_no_sense_is_refused(given):
    with pytest.raises(CommandError):
        call_command("backup", **given)
