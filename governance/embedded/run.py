"""Run the whole platform on one machine (`make run`): start it, watch it, stop it completely."""

import base64
import contextlib
import fcntl
import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TextIO

from governance.accounts.demo_accounts import DEMO_ACCOUNTS
from governance.database import history
from governance.embedded import directories, ending, processes, servers
from governance.embedded.children import Child, Children, fresh_log, last_lines, rotate
from governance.embedded.directories import Refused
from governance.embedded.ending import Ended
from governance.embedded.postgres import Cluster
from governance.embedded.servers import ROOT, Servers
from governance.serving.command import command

HOST = "127.0.0.1"
DEMO_TICKETS = 250
READY_WITHIN = 90.0  # seconds
LOGS_EVERY = 60.0  # seconds between two looks at the size of the logs


def run(*, follow_parent: bool = False) -> int:
    """Start everything, watch it until a stop is requested, stop everything; returns the exit code."""
    port, data_dir = chosen_port(os.environ.get("PORT")), made_data_dir()
    with only_one(data_dir, port):
        ending.listen()
        stack = Stack(data_dir, port)
        try:
            stack.start()
            stack.watch(os.getppid() if follow_parent else None)
        except Ended:
            say("Stopping")
        finally:
            stack.stop()
    with contextlib.suppress(BrokenPipeError):
        print("Stopped.", flush=True)
    return 0


def manage(arguments: list[str]) -> int:
    """Run a management command in the platform that runs on this machine; returns its exit code."""
    data_dir = made_data_dir()
    if not held(data_dir):
        raise Refused(
            f"The platform does not run in {data_dir}; start it with `make run`, then try again.\n"
            "If it was started with DATA_DIR=..., `make manage` needs the same."
        )
    env = {**os.environ, **json.loads((data_dir / "secret" / "environment").read_text())}
    return subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), *arguments], env=env, check=False
    ).returncode


class Stack:
    """The servers, the platform's processes and their generated settings, in one data directory."""

    def __init__(self, data_dir: Path, port: int) -> None:
        self.data_dir, self.port = data_dir, port
        self.children = Children(data_dir / "run.json", directories.key(data_dir))
        self.servers: Servers | None = None
        self.logs = data_dir / "log"
        self.env: dict[str, str] = {}

    @property
    def address(self) -> str:
        """The URL of the platform."""
        return f"http://{HOST}:{self.port}/"

    def start(self) -> None:
        """Start everything, from any earlier state, up to the line "Ready"."""
        left = self.children.stop_leftovers()
        if left:
            say("Stopped what an earlier run left behind: " + ", ".join(left))
        require_free(self.port)
        self._start_servers()
        say("Migrating the database")
        self._manage("migrate", "--verbosity", "0")
        self._seed()
        say("Starting web, worker and beat")
        self._start_web()
        self._start_workers()
        self._announce()

    def watch(self, parent: int | None) -> None:
        """Restart what dies, until a signal comes or the parent process that started us has ended."""
        rotated = time.monotonic()
        while parent is None or os.getppid() == parent:
            time.sleep(0.5)
            if time.monotonic() > rotated + LOGS_EVERY:
                self._rotate_logs()
                rotated = time.monotonic()
            if not self.servers.cluster.alive():
                say("PostgreSQL died and is started again")
                with ending.held():
                    self.servers.cluster.start()
            for child in self.children.mend():
                say(f"{child.name} died and was started again; see {child.log}")
        raise Ended

    def _rotate_logs(self) -> None:
        for log in [*(child.log for child in self.children.all), self.servers.cluster.log]:
            rotate(log)

    def stop(self) -> None:
        """Stop everything in the reverse order of the start; a second signal does not interrupt this."""
        ending.ignore()
        try:
            self.children.stop()
        finally:
            if self.servers:
                self.servers.cluster.stop()
                shutil.rmtree(self.servers.cluster.sockets.parent, ignore_errors=True)
            processes.end_marked(self.children.mark)

    def _start_servers(self) -> None:
        say("Starting PostgreSQL and Valkey")
        self.servers = servers.persistent(self.data_dir)
        cluster = self.servers.cluster
        with ending.held():
            cluster.start()
        refuse_older_data(cluster, self.data_dir)
        if (self.data_dir / "seeding").exists():  # seeding was interrupted, so no user data exists yet
            cluster.forget()
        cluster.prepare()
        broker = self.servers.broker
        child = self.children.add(Child("valkey", self.servers.spawn_broker, broker.log))
        broker.await_answer(child.process)
        self.env = {**self.servers.environment(), **platform_settings(self.data_dir, self.port)}
        kept_secret(self.data_dir / "secret" / "environment", lambda: json.dumps(self._own()), anew=True)

    def _own(self) -> dict[str, str]:
        return {name: value for name, value in self.env.items() if os.environ.get(name) != value}

    def _seed(self) -> None:
        password, mark = self.data_dir / "secret" / "demo_password", self.data_dir / "seeding"
        wanted = os.environ.get("DEMO", "1") != "0"
        if wanted and self._empty() and _has_command("demo"):
            say(f"Seeding the demo district with {DEMO_TICKETS} tickets")
            mark.touch()
            self.env["DEMO_PASSWORD"] = kept_secret(password, lambda: f"Demo-{secrets.token_hex(4)}")
            self._manage("demo", "--tickets", str(DEMO_TICKETS))
            mark.unlink()
        if password.exists():  # also on later starts: the log-in page shows it
            self.env.setdefault("DEMO", "1")
            self.env.setdefault("DEMO_PASSWORD", password.read_text().strip())

    def _empty(self) -> bool:
        return not self.servers.cluster.query(servers.DATABASE, "SELECT 1 FROM governance_tenant LIMIT 1")

    def _manage(self, *arguments: str) -> None:
        log = fresh_log(self.logs, "manage")
        manage_py = [sys.executable, str(ROOT / "manage.py"), *arguments]
        child = self.children.add(Child("manage.py", self._starter(manage_py, self.env, log), log))
        if self.children.wait(child):
            raise Refused(f"manage.py {arguments[0]} failed ({log}):\n{last_lines(log)}")

    def _start_web(self) -> None:
        env = {**self.env, "DB_POOL_SIZE": self.env.get("DB_POOL_SIZE", "8")}
        log = fresh_log(self.logs, "web")
        self.children.add(Child("web", self._starter(command(HOST, self.port), env, log), log))
        self._await_health(log)

    def _start_workers(self) -> None:
        celery = [sys.executable, "-m", "celery", "-A", "governance.celery"]
        schedule = self.data_dir / "beat"
        schedule.mkdir(mode=0o700, exist_ok=True)
        for name, arguments, patience in (
            ("worker", [*celery, "worker", "-c", "2", "--without-gossip", "--without-mingle"], 15.0),
            ("beat", [*celery, "beat", "-s", str(schedule / "schedule"), "--pidfile="], 5.0),
        ):
            log = fresh_log(self.logs, name)
            self.children.add(Child(name, self._starter(arguments, self.env, log), log, patience))

    def _starter(
        self, arguments: list[str], env: dict[str, str], log: Path
    ) -> Callable[[], subprocess.Popen[bytes]]:
        return lambda: processes.spawn(arguments, env=env, log=log, cwd=ROOT)

    def _await_health(self, log: Path) -> None:
        until = time.monotonic() + READY_WITHIN
        while not answers(f"{self.address}healthz"):
            if time.monotonic() > until:
                raise Refused(f"The web server does not answer:\n{last_lines(log)}")
            for child in self.children.mend():
                say(f"{child.name} ended at once and was started again:\n{last_lines(log, 5)}")
            time.sleep(0.1)

    def _announce(self) -> None:
        print(f"\nReady: {self.address}\n", flush=True)
        password = self.data_dir / "secret" / "demo_password"
        if not password.exists():
            return
        width = max(len(name) for name, _, _ in DEMO_ACCOUNTS)
        for name, _, english in DEMO_ACCOUNTS:
            print(f"  {name:<{width}}  {password.read_text()}  {english}")
        print(f"\n  District {self.address}demo/   Logs {self.logs}   Stop: Ctrl-C", flush=True)


def refuse_older_data(cluster: Cluster, data_dir: Path) -> None:
    """Raise Refused if the database was made by a version whose migrations this one does not have."""
    exists = "SELECT 1 FROM pg_database WHERE datname = %s"
    if not cluster.query("postgres", exists, (servers.DATABASE,)):
        return
    if not cluster.query(servers.DATABASE, "SELECT 1 WHERE to_regclass('django_migrations') IS NOT NULL"):
        return
    if history.unknown_migrations(cluster.query(servers.DATABASE, history.APPLIED)):
        raise Refused(
            f"{data_dir} holds the data of an older version, which this version cannot continue.\n"
            "Nothing in it was changed. Move it away, or set DATA_DIR to a new directory, and start again."
        )


def platform_settings(data_dir: Path, port: int) -> dict[str, str]:
    """The rest of the environment: keys generated once, and plain HTTP for this machine only."""
    place = data_dir / "secret"
    return {
        "SECRET_KEY": kept_secret(place / "secret_key", lambda: secrets.token_urlsafe(48)),
        "FIELD_KEY": kept_secret(
            place / "field_key", lambda: base64.b64encode(secrets.token_bytes(32)).decode()
        ),
        "ALLOWED_HOSTS": os.environ.get("ALLOWED_HOSTS") or "localhost,127.0.0.1,[::1]",
        "INSECURE_HTTP": "1",
        "PORT": str(port),
        "PUBLIC_URL": os.environ.get("PUBLIC_URL") or f"http://127.0.0.1:{port}",
    }


def kept_secret(file: Path, make: Callable[[], str], *, anew: bool = False) -> str:
    """The secret in the file, generated at the first call or with `anew`; only its owner may read it."""
    if anew or not file.exists():
        fresh = file.with_suffix(".new")
        fresh.touch(mode=0o600)
        fresh.write_text(make())
        fresh.replace(file)
    return file.read_text()


def made_data_dir() -> Path:
    """Create DATA_DIR with its private directories and return it.

    As root, other accounts may enter it, because the servers run as another account.
    """
    data_dir = Path(os.environ.get("DATA_DIR") or ROOT / ".data").resolve()
    try:
        if not data_dir.exists():
            data_dir.mkdir(parents=True)
            data_dir.chmod(0o711 if os.geteuid() == 0 else 0o700)
        for private in ("secret", "log", "media"):
            (data_dir / private).mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise Refused(f"DATA_DIR cannot be used: {error}") from error
    return data_dir


def chosen_port(text: str | None) -> int:
    """The port of the web server. Raises Refused for a text that is no port number."""
    if not text:
        return 8000
    if not text.isdigit() or not 1 <= int(text) <= 65535:
        raise Refused(f"PORT is {text!r}, which is not a port number.")
    return int(text)


def require_free(port: int) -> None:
    """Raise Refused if another program already listens on the port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise Refused(
                f"Port {port} cannot be used ({error.strerror}). Choose another: make run PORT={port + 1}"
            ) from error


@contextlib.contextmanager
def only_one(data_dir: Path, port: int) -> Iterator[None]:
    """Lock the data directory for this run. Raises Refused if another run has it; a killed run frees it."""
    with (data_dir / "run.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Refused(f"The platform is already running here: {_holder(lock)}.") from None
        lock.truncate(0)
        lock.write(f"process {os.getpid()}, http://{HOST}:{port}/, data in {data_dir}")
        lock.flush()
        yield


def held(data_dir: Path) -> bool:
    """True if a run is active in the data directory."""
    with (data_dir / "run.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        return False


def _holder(lock: TextIO) -> str:
    lock.seek(0)
    return lock.read()


def answers(address: str) -> bool:
    """True if the URL answers with status 200."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(address, timeout=5) as told:
            return told.status == 200
    except (urllib.error.URLError, OSError):
        return False


def _has_command(name: str) -> bool:
    return any(ROOT.glob(f"*/management/commands/{name}.py"))


def say(line: str) -> None:
    """Print one line per step, if anybody still reads them."""
    with contextlib.suppress(BrokenPipeError):
        print("- " + line, flush=True)
