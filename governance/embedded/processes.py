"""Start, find and stop processes by pid and start time, so that a reused pid is never signalled."""

import json
import os
import signal
import subprocess
import time
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

PROC = Path("/proc")
MARK = "GOVERNANCE_STACK"


@dataclass(frozen=True, slots=True)
class Record:
    """One process that we started, as the leader of its own session."""

    name: str
    pid: int
    started: str


def started(pid: int) -> str | None:
    """The start of the process, as a text to compare only; None if it does not run."""
    fields = _stat(pid)
    if fields is not None:
        return None if fields[0] == "Z" else fields[19]
    if PROC.joinpath("self").exists():
        return None
    told = subprocess.run(
        ["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return told.stdout.strip() or None


def alive(record: Record) -> bool:
    """True if exactly this process is still running."""
    return started(record.pid) == record.started


def members(record: Record, mark: str) -> set[int]:
    """The process and all processes in its session.

    If it has ended, only those of its children that carry our mark.
    """
    here = {pid for pid in _pids() if _session(pid) == record.pid}
    now = started(record.pid)
    if now == record.started:
        return here | {record.pid}
    return {pid for pid in here if _marked(pid, mark)} if now is None else set()


def stop(records: Iterable[Record], mark: str, *, patience: float = 10.0) -> list[str]:
    """Send SIGTERM, wait, then SIGKILL what is left. Returns the names of the processes that were running."""
    there = []
    for record in records:
        pids = members(record, mark)
        if not pids:
            continue
        there.append(record.name)
        leader = {record.pid} & pids
        _signal(leader or pids, signal.SIGTERM)
        if not _gone(lambda record=record: members(record, mark), patience):
            _signal(members(record, mark), signal.SIGKILL)
            _gone(lambda record=record: members(record, mark), 5.0)
    return there


def end_marked(mark: str) -> None:
    """Kill every process that carries our mark, even one without a record."""
    _signal({pid for pid in _pids() if pid != os.getpid() and _marked(pid, mark)}, signal.SIGKILL)


def save(records: Iterable[Record], file: Path) -> None:
    """Write the records, so that a later run finds the processes if this run is killed."""
    fresh = file.with_suffix(".new")
    fresh.touch(mode=0o600)
    fresh.write_text(json.dumps([asdict(record) for record in records]))
    fresh.replace(file)


def load(file: Path) -> list[Record]:
    """The records of an earlier run; none if the file is missing or incomplete."""
    try:
        return [Record(**entry) for entry in json.loads(file.read_text())]
    except (FileNotFoundError, ValueError, TypeError):
        return []


def spawn(
    command: list[str], *, env: Mapping[str, str], log: Path, **options: object
) -> subprocess.Popen[bytes]:
    """Start a program in its own session; its output is appended to the log."""
    with log.open("ab") as out:
        return subprocess.Popen(
            command,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            start_new_session=True,
            **options,
        )


def record_of(name: str, process: subprocess.Popen[bytes]) -> Record:
    """The record with which this new process can be found later."""
    return Record(name, process.pid, started(process.pid) or "")


def _stat(pid: int) -> list[str] | None:
    try:
        text = PROC.joinpath(str(pid), "stat").read_text()
    except OSError:
        return None
    return text.rpartition(")")[2].split()  # from field 3 on: state, ppid, pgrp, session, ...


def _session(pid: int) -> int | None:
    fields = _stat(pid)
    return int(fields[3]) if fields and fields[0] != "Z" else None


def _pids() -> list[int]:
    return [int(entry.name) for entry in PROC.glob("[0-9]*")] if PROC.exists() else []


def _marked(pid: int, mark: str) -> bool:
    try:
        return f"{MARK}={mark}".encode() in PROC.joinpath(str(pid), "environ").read_bytes().split(b"\0")
    except OSError:
        return False


def _signal(pids: set[int], number: signal.Signals) -> None:
    for pid in pids:
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            continue


def _gone(left: object, patience: float) -> bool:
    until = time.monotonic() + patience
    while left():
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True
