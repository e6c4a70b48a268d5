"""Decisions of the launcher: port, keys, one run per data directory, limited restarts."""

import base64
import socket
import sys

import pytest

from governance.embedded import processes, run
from governance.embedded.children import RESTARTS, Child, Children
from governance.embedded.directories import Refused
from governance.embedded.processes import spawn


@pytest.mark.parametrize(("text", "port"), [(None, 8000), ("", 8000), ("8123", 8123)])
def test_the_port_is_what_was_asked_for(text, port):
    assert run.chosen_port(text) == port


@pytest.mark.parametrize("text", ["0", "65536", "eighty", "-1", "80.5"])
def test_what_is_no_port_is_refused_by_name(text):
    with pytest.raises(Refused, match="PORT is"):
        run.chosen_port(text)


def test_a_busy_port_is_said_with_a_way_out():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(Refused, match=f"Port {port} cannot be used.*PORT={port + 1}"):
            run.require_free(port)


def test_a_second_run_in_the_same_data_directory_is_refused_with_the_first_ones_address(tmp_path):
    with run.only_one(tmp_path, 8001):
        told = r"already running here: process \d+, http://127.0.0.1:8001/"
        with pytest.raises(Refused, match=told), run.only_one(tmp_path, 8002):
            pass
    with run.only_one(tmp_path, 8002):
        assert "8002" in (tmp_path / "run.lock").read_text()


def test_a_management_command_needs_a_running_platform(tmp_path, monkeypatch):
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    with pytest.raises(Refused, match="does not run in"):
        run.manage(["check"])
    with run.only_one(tmp_path, 8001):
        assert run.held(tmp_path)


def test_keys_are_made_once_and_are_private(tmp_path):
    (tmp_path / "secret").mkdir()
    first = run.platform_settings(tmp_path, 8000)
    assert first == run.platform_settings(tmp_path, 8000)
    assert len(base64.b64decode(first["FIELD_KEY"], validate=True)) == 32
    assert {file.stat().st_mode & 0o777 for file in (tmp_path / "secret").iterdir()} == {0o600}


def test_a_later_start_still_tells_the_log_in_page_the_password_of_the_demo(tmp_path, monkeypatch):
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "demo_password").write_text("Demo-1a2b3c4d\n")
    monkeypatch.setattr(run.Stack, "_empty", lambda self: False)
    stack = run.Stack(tmp_path, 8000)
    stack._seed()
    assert (stack.env["DEMO"], stack.env["DEMO_PASSWORD"]) == ("1", "Demo-1a2b3c4d")


def test_a_data_directory_that_cannot_be_made_is_said(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "file" / "data"))
    with pytest.raises(Refused, match="DATA_DIR cannot be used"):
        run.made_data_dir()


def test_the_web_server_listens_on_this_machine_only():
    command = run.command(run.HOST, 8123)
    assert command[command.index("--host") + 1] == "127.0.0.1"


def test_a_child_that_dies_is_started_again_but_not_for_ever(tmp_path):
    children = Children(tmp_path / "run.json", "test-of-children")
    command = [sys.executable, "-c", ""]
    child = children.add(
        Child("brief", lambda: spawn(command, env={}, log=tmp_path / "log"), tmp_path / "log")
    )
    for _ in range(RESTARTS):
        child.process.wait()
        assert children.mend() == [child]
    child.process.wait()
    with pytest.raises(Refused, match="brief died 6 times"):
        children.mend()
    children.stop()
    assert not (tmp_path / "run.json").exists()


def test_children_stop_in_the_reverse_order_of_their_start(tmp_path):
    children, order = Children(tmp_path / "run.json", "test-of-order"), tmp_path / "order"
    for name in ("first", "second"):
        code = (
            f"import signal, sys, time\n"
            f"def end(*_): open({str(order)!r}, 'a').write('{name} '); sys.exit()\n"
            f"signal.signal(signal.SIGTERM, end); print('up', flush=True); time.sleep(60)"
        )
        log = tmp_path / name
        child = Child(
            name, lambda code=code, log=log: spawn([sys.executable, "-c", code], env={}, log=log), log
        )
        children.add(child)
        while b"up" not in log.read_bytes():
            assert child.process.poll() is None
    children.stop()
    assert order.read_text() == "second first "


def test_what_a_killed_run_left_is_found_by_the_next(tmp_path):
    command = [sys.executable, "-c", "import time; time.sleep(60)"]
    killed = Children(tmp_path / "run.json", "test-of-leftovers")
    child = killed.add(Child("web", lambda: spawn(command, env={}, log=tmp_path / "log"), tmp_path / "log"))
    assert Children(tmp_path / "run.json", "test-of-leftovers").stop_leftovers() == ["web"]
    child.process.wait()


def test_what_outlived_a_killed_child_is_ended_before_it_is_started_again(tmp_path):
    mark = "test-of-mending"
    code = "import subprocess, sys, time\nsubprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
    command, env = [sys.executable, "-c", f"{code}time.sleep(60)"], {processes.MARK: mark}
    children = Children(tmp_path / "run.json", mark)
    child = children.add(
        Child("web", lambda: spawn(command, env=env, log=tmp_path / "log"), tmp_path / "log")
    )
    first = child.record
    while len(processes.members(first, mark)) < 2:
        assert child.process.poll() is None
    child.process.kill()
    child.process.wait()
    assert children.mend() == [child]
    assert processes.members(first, mark) == set()
    children.stop()
