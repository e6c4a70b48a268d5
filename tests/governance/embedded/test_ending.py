"""Signals end a run once, also the whole group of its processes, and nothing stays behind."""

import os
import signal
import socket
import subprocess
import sys
import time

import pytest

from governance.embedded import directories, ending, processes
from governance.embedded.run import ROOT


@pytest.fixture
def listening():
    before = {number: signal.getsignal(number) for number in ending.SIGNALS}
    ending.listen()
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


def test_the_first_signal_ends_and_later_ones_change_nothing(listening):
    with pytest.raises(ending.Ended):
        os.kill(os.getpid(), signal.SIGTERM)
    for number in ending.SIGNALS:
        os.kill(os.getpid(), number)


def test_a_signal_waits_until_a_started_process_is_recorded(listening):
    recorded = []
    with pytest.raises(ending.Ended), ending.held():
        os.kill(os.getpid(), signal.SIGTERM)
        os.kill(os.getpid(), signal.SIGTERM)
        recorded.append("web")
    assert recorded == ["web"]


def test_while_stopping_signals_change_nothing(listening):
    ending.ignore()
    with ending.held():
        os.kill(os.getpid(), signal.SIGTERM)
    os.kill(os.getpid(), signal.SIGINT)


@pytest.mark.servers
@pytest.mark.slow
@pytest.mark.parametrize("line", ["Ready", "Migrating"])
def test_a_terminated_group_leaves_no_process_and_prints_no_traceback(tmp_path, line):
    """As `make run` in a terminal that is closed: every process of the group gets the signal, twice."""
    data = tmp_path / "data"
    env = {name: text for name, text in os.environ.items() if name in {"PATH", "HOME", "LANG", "USER"}}
    env |= {"DATA_DIR": str(data), "PORT": str(free_port()), "DEMO": "0"}
    script = f"{sys.executable} -m governance.embedded run --follow-parent; exit 0"
    out = tmp_path / "out"
    with out.open("wb") as file:
        shell = subprocess.Popen(
            ["sh", "-c", script], env=env, cwd=ROOT, stdout=file, stderr=file, start_new_session=True
        )
    try:
        wait_for(lambda: line in out.read_text(), 90)
        for _ in range(2):
            os.killpg(shell.pid, signal.SIGTERM)
            time.sleep(0.05)
        shell.wait(60)
        wait_for(lambda: "Stopped." in out.read_text(), 60)
        wait_for(lambda: not marked(data), 10)
    finally:
        processes.end_marked(directories.key(data.resolve()))
    assert "Traceback" not in out.read_text()
    assert "Error" not in out.read_text()


def marked(data):
    key = directories.key(data.resolve())
    return [pid for pid in processes._pids() if processes._marked(pid, key)]


def wait_for(true, seconds):
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until
        time.sleep(0.05)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
