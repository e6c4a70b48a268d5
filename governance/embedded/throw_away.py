"""Run a command on throw-away servers: new ones, or warm ones that stay up under a name between commands."""

import contextlib
import fcntl
import json
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from governance.embedded import directories, processes, servers
from governance.embedded.binaries import from_wheels
from governance.embedded.postgres import Cluster

TEMPORARY = directories.SHORT
#: A variable with the addresses of the second and further pairs of servers: a JSON list of {variable: value}.
MORE = "MORE_SERVERS"


def run(command: list[str], *, keep: str | None = None, system: bool = False, count: int = 1) -> int:
    """Run the command with the environment of `count` pairs of servers and return its exit code."""
    with _ending_on_signals(), contextlib.ExitStack() as started:
        if keep:
            envs = [_warm(name) for name in _names(keep, count)]
        else:
            envs = [started.enter_context(_fresh(system=system)) for _ in range(count)]
        return _call(command, _joined(envs))


def stop(name: str) -> bool:
    """Stop the warm servers with that name and delete their data; False if there were none."""
    found = [_stop(one) for one in _names(name, per_core())]
    return any(found)


def per_core() -> int:
    """The number of pairs of servers that `--per-core` starts: one for each core, and at least two."""
    return max(2, os.cpu_count() or 2)


def _names(name: str, count: int) -> list[str]:
    return [name, *(f"{name}-{number}" for number in range(2, count + 1))]


def _joined(envs: list[dict[str, str]]) -> dict[str, str]:
    first, *others = envs
    more = [{key: value for key, value in env.items() if first.get(key) != value} for env in others]
    return {**first, MORE: json.dumps(more)}


def _stop(name: str) -> bool:
    place = _place(name)
    if not place.exists():
        return False
    by = directories.account()
    sockets = directories.socket_dir(place, by)
    Cluster(from_wheels(by), by, place / "servers", sockets, throw_away=True).stop("immediate")
    processes.stop(processes.load(place / "processes.json"), directories.key(place))
    for directory in (place, sockets.parent):
        shutil.rmtree(directory, ignore_errors=True)
    return True


@contextlib.contextmanager
def _fresh(*, system: bool) -> Iterator[dict[str, str]]:
    place = Path(tempfile.mkdtemp(prefix="gov-once-", dir=TEMPORARY))
    try:
        stack = servers.throw_away(place, system=system)
        try:
            stack.start()
            yield stack.test_environment()
        finally:
            stack.stop("immediate")
            shutil.rmtree(stack.cluster.sockets.parent, ignore_errors=True)
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _warm(name: str) -> dict[str, str]:
    place = _place(name)
    directories.owned_directory(place, os.geteuid(), os.getegid(), mode=0o711 if os.geteuid() == 0 else 0o700)
    with (place / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return _reused(place) or _started(place)


def _reused(place: Path) -> dict[str, str] | None:
    records, settings = processes.load(place / "processes.json"), place / "environment"
    stack = servers.throw_away(place)
    if settings.exists() and all(map(processes.alive, records)) and stack.cluster.running():
        return {**stack.test_environment(), "REDIS_URL": settings.read_text()}
    processes.stop(records, directories.key(place))
    return None


def _started(place: Path) -> dict[str, str]:
    stack = servers.throw_away(place)
    stack.start()
    processes.save([stack.record()], place / "processes.json")
    settings = place / "environment"
    settings.touch(mode=0o600)
    settings.write_text(stack.broker.url)
    return stack.test_environment()


def _place(name: str) -> Path:
    if not name.replace("-", "").replace("_", "").isalnum():
        raise directories.Refused("A name has letters, digits, - and _ only.")
    return TEMPORARY / f"gov-warm-{os.geteuid()}-{directories.key(servers.ROOT)[:6]}-{name}"


def _call(command: list[str], env: Mapping[str, str]) -> int:
    try:
        return subprocess.run(command, env=env, check=False).returncode
    except FileNotFoundError:
        print(f"There is no program {command[0]}.")
        return 127
    except KeyboardInterrupt:
        return 130


@contextlib.contextmanager
def _ending_on_signals() -> Iterator[None]:
    def end(number: int, _frame: object) -> None:
        raise KeyboardInterrupt

    before = {number: signal.signal(number, end) for number in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
