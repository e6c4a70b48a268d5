"""A backup is restored into another database and compared, row by row and file by file."""

import json
import tarfile
import uuid

import pytest

from tests.stack import Stack

pytestmark = [pytest.mark.servers]
NOT_COMPARED = {"django_session", "django_migrations", "governance_feedcursor"}


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    """An installation with data in two districts and one photo."""
    made = Stack("backup", tmp_path_factory.mktemp("backup"))
    try:
        made.up(("broker", "web"))
        for n in range(3):
            report(made, f"水管漏水{n}")
        media = made.folder / "data" / "media" / "alpha"
        media.mkdir(parents=True, exist_ok=True)
        (media / "photo.jpg").write_bytes(b"not really a photo")
        yield made
    finally:
        made.down()


@pytest.fixture(scope="module")
def target(tmp_path_factory):
    """A second installation with its own districts."""
    made = Stack("restored", tmp_path_factory.mktemp("restored"))
    try:
        yield made.up(("broker",))
    finally:
        made.down()


def report(stack, text):
    body = {
        "client_id": str(uuid.uuid4()),
        "text": text,
        "area": stack.tokens["_areas"]["lane_building"],
        "category": "0102",
        "channel": "hotline",
        "reporter": {"name": "钱居民", "phone": "13800001234"},
    }
    answer = stack.call("clerk", "POST", "tickets/", body)
    assert answer.status_code == 201, answer.text
    number = answer.json()["number"]
    assert stack.move("community", number, "triage_major", reason="社区无力解决").status_code == 200
    return number


def contents(stack):
    """{table: (rows, digest of all rows)}; without the log's transaction numbers, which differ per server."""
    names = [
        row[0]
        for row in stack.sql(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
        )
    ]
    found = {}
    for name in sorted(set(names) - NOT_COMPARED):
        row = "to_jsonb(t) - 'xid'" if name == "governance_event" else "to_jsonb(t)"
        found[name] = stack.sql(
            f"SELECT count(*), md5(coalesce(string_agg(({row})::text, chr(10) ORDER BY ({row})::text), '')) "
            f'FROM "{name}" t'
        )[0]
    return found


def refused(stack, *arguments):
    with pytest.raises(AssertionError) as failure:
        stack.manage(*arguments)
    return str(failure.value)


def test_what_is_restored_is_what_was_kept(source, target, tmp_path):
    kept = tmp_path / "kept.tar.gz"
    assert "行 rows" in source.manage("backup", str(kept))
    assert "exists already" in refused(source, "backup", str(kept))
    before = contents(target)
    assert "--replace" in refused(target, "restore", str(kept))
    assert contents(target) == before
    left_over = target.folder / "data" / "media" / "beta" / "old.jpg"
    left_over.parent.mkdir(parents=True, exist_ok=True)
    left_over.write_bytes(b"of a district that is gone")
    target.manage("restore", str(kept), "--replace")
    assert not left_over.exists()
    assert contents(target) == contents(source)
    photo = target.folder / "data" / "media" / "alpha" / "photo.jpg"
    assert photo.read_bytes() == b"not really a photo"
    assert "0 处不符" in target.manage("verify_log", "--tenant", "alpha")
    works_on(source, target)


def works_on(source, target):
    """Check that numbers continue, log-ins work, and new events reach the subscribers."""
    target.tokens = source.tokens
    target.start("web")
    target.start("worker")
    number = report(target, "恢复以后又漏水")
    assert number.endswith("-0004")
    told = "SELECT count(*) FROM governance_notice n JOIN tickets_ticket t ON t.id = n.subject_id WHERE t.number = %s"
    target.wait_for(lambda: target.sql(told, number)[0][0], "nobody was told after the restore")


def test_a_file_that_was_changed_is_refused_and_nothing_is_touched(source, target, tmp_path):
    kept, changed = tmp_path / "kept.tar.gz", tmp_path / "changed.tar.gz"
    source.manage("backup", str(kept), "--no-media")
    with tarfile.open(kept) as archive:
        archive.extractall(tmp_path / "open", filter="data")
    with open(tmp_path / "open" / "tables" / "tickets_ticket", "ab") as file:
        file.write(b"1\t2\n")
    with tarfile.open(changed, "w:gz") as archive:
        archive.add(tmp_path / "open" / "manifest.json", "manifest.json")
        archive.add(tmp_path / "open" / "tables", "tables")
    before = contents(target)
    assert "tickets_ticket" in refused(target, "restore", str(changed), "--replace")
    assert contents(target) == before


def altered(source, folder, **changes):
    """Make a backup and change values in its manifest; returns the path."""
    kept, other = folder / "kept.tar.gz", folder / "other.tar.gz"
    source.manage("backup", str(kept), "--no-media")
    with tarfile.open(kept) as archive:
        archive.extractall(folder / "open", filter="data")
    manifest = folder / "open" / "manifest.json"
    given = json.loads(manifest.read_text())
    for name, change in changes.items():
        given[name] = change(given[name])
    manifest.write_text(json.dumps(given))
    with tarfile.open(other, "w:gz") as archive:
        archive.add(manifest, "manifest.json")
        archive.add(folder / "open" / "tables", "tables")
    return str(other)


def test_a_backup_of_another_version_is_refused(source, target, tmp_path):
    other = altered(source, tmp_path, migrations=lambda found: [*found, "tickets.9999_of_the_future"])
    assert "9999_of_the_future" in refused(target, "restore", other, "--replace")


def test_a_backup_made_under_another_field_key_is_refused_before_anything_is_touched(
    source, target, tmp_path
):
    before = contents(target)
    other = altered(source, tmp_path, key=lambda found: found[::-1])
    assert "FIELD_KEY" in refused(target, "restore", other, "--replace")
    assert contents(target) == before


def test_without_files_in_it_a_backup_leaves_the_files_that_are_there(source, target, tmp_path):
    kept = tmp_path / "kept.tar.gz"
    source.manage("backup", str(kept), "--no-media")
    there = target.folder / "data" / "media" / "alpha" / "stays.jpg"
    there.parent.mkdir(parents=True, exist_ok=True)
    there.write_bytes(b"stays")
    target.manage("restore", str(kept), "--replace")
    assert there.exists()
