"""A database of an older version is recognised, refused and left as it is."""

import shutil
import tempfile
from pathlib import Path

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from governance.database import history
from governance.embedded import directories, run, servers
from governance.tenancy.owner import as_owner


def test_only_our_own_migrations_that_are_gone_are_unknown():
    applied = [("governance", "0001_initial"), ("tickets", "0019_photo_reporter"), ("auth", "0001_gone")]
    assert history.unknown_migrations(applied) == ["tickets.0019_photo_reporter"]


def test_data_from_before_the_new_migrations_is_unknown_however_old():
    """The first versions had no migrations but these; their names are not used again."""
    applied = [("governance", "0001_initial"), ("governance", "0002_timer"), ("tickets", "0002_search")]
    assert history.unknown_migrations(applied) == ["governance.0002_timer", "tickets.0002_search"]


@pytest.mark.django_db(transaction=True)
def test_migrate_refuses_an_older_database():
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('grids', '0005_old', now())"
        )
    with pytest.raises(CommandError, match=r"older version \(grids\.0005_old\).*Nothing in it was changed"):
        call_command("migrate", verbosity=0)


@pytest.mark.django_db(transaction=True)
def test_migrate_goes_on_with_its_own_database():
    call_command("migrate", verbosity=0)


@pytest.mark.slow
def test_make_run_leaves_the_data_directory_of_an_older_version():
    place = Path(tempfile.mkdtemp(prefix="gov-test-", dir=directories.SHORT))
    place.chmod(0o711)
    stack = servers.persistent(place)
    try:
        stack.cluster.start()
        run.refuse_older_data(stack.cluster, place)  # there is no database yet
        stack.cluster.prepare()
        run.refuse_older_data(stack.cluster, place)  # there is an empty one
        with psycopg.connect(stack.environment()["OWNER_DATABASE_URL"]) as owner:
            owner.execute("CREATE TABLE django_migrations (app text, name text)")
            owner.execute("INSERT INTO django_migrations VALUES ('tickets', '0001_initial')")
        run.refuse_older_data(stack.cluster, place)
        with psycopg.connect(stack.environment()["OWNER_DATABASE_URL"]) as owner:
            owner.execute("INSERT INTO django_migrations VALUES ('tickets', '0019_photo_reporter')")
        with pytest.raises(directories.Refused, match="older version.*\n.*Nothing in it was changed"):
            run.refuse_older_data(stack.cluster, place)
    finally:
        stack.stop("immediate")
        shutil.rmtree(stack.cluster.sockets.parent, ignore_errors=True)
        shutil.rmtree(place, ignore_errors=True)
