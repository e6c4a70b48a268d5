"""Processes are identified by number and start time, so a reused number is never signalled."""

import os
import subprocess
import sys
import time

import pytest

from governance.embedded import processes
from governance.embedded.processes import Record

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]
GENERATIONS = """
import subprocess, sys, time
subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
time.sleep(60)
"""
FAMILY = [sys.executable, "-c", GENERATIONS]
MARK = "test-of-processes"


@pytest.fixture
def spawned(tmp_path):
    """Return a function that starts processes in their own sessions; kills them at the end."""
    started = []

    def spawn(command):
        env = {**os.environ, processes.MARK: MARK}
        process = processes.spawn(command, env=env, log=tmp_path / "log")
        record = processes.record_of("it", process)
        started.append((process, record))
        return process, record

    yield spawn
    for process, record in started:
        processes.stop([record], MARK, patience=0.0)
        process.wait()


def until(condition):
    for _ in range(200):
        if condition():
            return True
        time.sleep(0.02)
    return False


def test_a_running_process_is_alive_and_a_stopped_one_is_not(spawned):
    _, record = spawned(SLEEP)
    assert processes.alive(record)
    assert processes.stop([record], MARK) == ["it"]
    assert not processes.alive(record)
    assert processes.stop([record], MARK) == []


def test_a_reused_number_is_not_ours(spawned):
    _, record = spawned(SLEEP)
    stale = Record("it", record.pid, "1")
    assert not processes.alive(stale)
    assert processes.stop([stale], MARK) == []
    assert processes.alive(record)


def test_children_that_outlived_their_killed_parent_are_stopped(spawned, tmp_path):
    process, record = spawned(FAMILY)
    assert until(lambda: len(processes.members(record, MARK)) == 2)
    process.kill()
    process.wait()
    assert len(processes.members(record, MARK)) == 1
    assert processes.members(record, "another-mark") == set()
    processes.stop([record], MARK)
    assert processes.members(record, MARK) == set()


def test_who_does_not_listen_is_ended_by_force(spawned, tmp_path):
    code = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True);"
    process, record = spawned([sys.executable, "-c", f"{code} time.sleep(60)"])
    assert until(lambda: b"up" in (tmp_path / "log").read_bytes())
    processes.stop([record], MARK, patience=0.2)
    assert process.wait() == -9


def test_records_survive_writing_and_a_cut_off_file_is_none(tmp_path):
    file = tmp_path / "run.json"
    assert processes.load(file) == []
    processes.save([Record("web", 12, "345")], file)
    assert processes.load(file) == [Record("web", 12, "345")]
    file.write_text('[{"name": "web", "pi')
    assert processes.load(file) == []


def test_a_zombie_counts_as_gone():
    process = subprocess.Popen([sys.executable, "-c", ""])
    assert until(lambda: processes.started(process.pid) is None)
    process.wait()
