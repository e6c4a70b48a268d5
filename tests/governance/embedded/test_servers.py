"""The real servers: started, killed, taken over, stopped. They never listen on the network."""

import json
import os
import shutil
import signal
import socket
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
import redis

from governance.embedded import directories, processes, servers, throw_away
from governance.embedded.directories import Refused

pytestmark = pytest.mark.slow


@pytest.fixture
def data_dir():
    """A data directory that the account of the servers can reach, as in /opt or /srv."""
    place = Path(tempfile.mkdtemp(prefix="gov-test-", dir=directories.SHORT))
    place.chmod(0o711)
    yield place
    shutil.rmtree(place, ignore_errors=True)


@pytest.fixture
def stack(data_dir):
    """Persistent servers, stopped at the end in every case."""
    made = servers.persistent(data_dir)
    yield made
    made.stop("immediate")
    shutil.rmtree(made.cluster.sockets.parent, ignore_errors=True)


def postmaster(stack):
    return int((stack.cluster.data / "postmaster.pid").read_text().split()[0])


def write(stack, value):
    with closing(psycopg.connect(stack.environment()["OWNER_DATABASE_URL"])) as connection, connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (value int)")
        connection.execute("INSERT INTO kept VALUES (%s)", (value,))


def read(stack):
    with closing(psycopg.connect(stack.environment()["OWNER_DATABASE_URL"])) as connection:
        return [value for (value,) in connection.execute("SELECT value FROM kept ORDER BY 1")]


def test_data_survive_a_kill_of_the_database_and_a_second_start(stack, data_dir):
    stack.start()
    write(stack, 1)
    pid = postmaster(stack)
    os.kill(pid, signal.SIGKILL)
    while stack.cluster.alive() and processes.started(pid):
        time.sleep(0.02)
    stack.cluster.start()
    write(stack, 2)
    assert read(stack) == [1, 2]


def test_a_running_database_is_taken_over_by_the_next_launcher(stack, data_dir):
    stack.start()
    write(stack, 1)
    pid = postmaster(stack)
    following = servers.persistent(data_dir)
    following.cluster.start()
    assert postmaster(following) == pid
    assert read(following) == [1]


def test_a_database_whose_sockets_were_swept_away_is_started_anew(stack, data_dir):
    stack.start()
    pid = postmaster(stack)
    for file in stack.cluster.sockets.iterdir():
        file.unlink()
    following = servers.persistent(data_dir)
    following.cluster.start()
    assert postmaster(following) != pid
    following.cluster.prepare()


def test_nothing_listens_beyond_this_machine(stack):
    stack.start()
    with closing(psycopg.connect(stack.cluster.url("postgres", "postgres"))) as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
    port = stack.broker.port
    with pytest.raises(redis.exceptions.AuthenticationError):
        redis.Redis(port=port).ping()
    assert redis.from_url(stack.broker.url).config_get("bind")["bind"] == "127.0.0.1"
    outside = socket.gethostbyname(socket.gethostname())
    if not outside.startswith("127."):
        with pytest.raises(OSError, match="refused"):
            socket.create_connection((outside, port), 1)


def test_the_runtime_role_is_bound_by_row_level_security_and_cannot_make_databases(stack):
    stack.start()
    with closing(psycopg.connect(stack.environment()["DATABASE_URL"])) as connection:
        row = connection.execute(
            "SELECT rolsuper, rolbypassrls, rolcreatedb FROM pg_roles WHERE rolname = current_user"
        ).fetchone()
        assert row == (False, False, False)
        words = connection.execute("SELECT lower('ÄÖ网格'), '网' ~ '\\w'").fetchone()
        assert words == ("äö网格", True)


def test_the_queue_survives_a_restart_of_the_broker(stack):
    stack.start()
    redis.from_url(stack.broker.url).lpush("queue", "matter")
    processes.stop([stack.record()], directories.key(stack.data_dir))
    stack.process.wait()
    stack.process = stack.spawn_broker()
    stack.broker.await_answer(stack.process)
    assert redis.from_url(stack.broker.url).lrange("queue", 0, -1) == [b"matter"]


def test_data_of_another_major_version_are_refused_untouched(stack):
    stack.start()
    stack.cluster.stop()
    version = stack.cluster.data / "PG_VERSION"
    kept = version.read_text()
    version.write_text("12\n")
    with pytest.raises(Refused, match="made by PostgreSQL 12"):
        stack.cluster.start()
    version.write_text(kept)


def test_warm_servers_are_reused_by_name_and_end_when_told(capfd):
    name = f"test-{os.getpid()}"
    try:
        for _ in range(2):
            assert throw_away.run(["/bin/sh", "-c", "echo $REDIS_URL"], keep=name) == 0
        first, second = capfd.readouterr().out.split()
        assert first == second
    finally:
        assert throw_away.stop(name)
    assert not throw_away.stop(name)


def test_the_exit_code_of_a_command_is_passed_on():
    assert throw_away.run(["/bin/sh", "-c", "exit 7"], keep=None) == 7


def test_a_command_for_each_core_finds_as_many_servers_and_leaves_none(tmp_path):
    told = tmp_path / "told"
    show = f"""
import json, os, pathlib, psycopg
envs = [dict(os.environ), *json.loads(os.environ["MORE_SERVERS"])]
found = []
for env in envs:
    with psycopg.connect(env["SUPERUSER_DATABASE_URL"]) as one:
        found.append([one.execute("SHOW data_directory").fetchone()[0], env["REDIS_URL"]])
pathlib.Path({str(told)!r}).write_text(json.dumps(found))
"""
    assert throw_away.run([sys.executable, "-c", show], count=2) == 0
    found = json.loads(told.read_text())
    assert len({data for data, _url in found}) == len({url for _data, url in found}) == 2
    assert not any(Path(data).exists() for data, _url in found)
