"""The platform's own processes: recorded, watched, restarted a few times, stopped in order."""

import os
import shutil
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from governance.embedded import ending, processes
from governance.embedded.directories import Refused

RESTARTS, WINDOW = 5, 600.0  # at most 5 restarts in 600 seconds; more means a lasting fault
LOG_LIMIT = 20_000_000  # bytes; one older log is kept next to it


@dataclass(slots=True)
class Child:
    """One process to keep running; `start` starts it, also after it died."""

    name: str
    start: Callable[[], subprocess.Popen[bytes]]
    log: Path
    patience: float = 10.0
    process: subprocess.Popen[bytes] | None = None
    record: processes.Record | None = None
    died: list[float] = field(default_factory=list)


class Children:
    """All child processes, with a file of records from which a later run finds those left by a killed run."""

    def __init__(self, records: Path, mark: str) -> None:
        self.records, self.mark = records, mark
        self.all: list[Child] = []

    def stop_leftovers(self) -> list[str]:
        """Stop the processes that a killed run left behind; returns their names."""
        left = processes.stop(processes.load(self.records), self.mark)
        processes.end_marked(self.mark)
        return left

    def add(self, child: Child) -> Child:
        """Start a child and save its record."""
        self.all.append(child)
        self._start(child)
        return child

    def wait(self, child: Child) -> int:
        """Wait for a child that is meant to end, remove it from the list and return its exit code."""
        code = child.process.wait()
        self.all.remove(child)
        self._save()
        return code

    def mend(self) -> list[Child]:
        """Restart the children that died and return them. Raises Refused if one dies too often."""
        dead = [child for child in self.all if child.process.poll() is not None]
        for child in dead:
            now = time.monotonic()
            child.died = [*(at for at in child.died if now - at < WINDOW), now]
            if len(child.died) > RESTARTS:
                raise Refused(f"{child.name} died {len(child.died)} times; {child.log} says why.")
            self._start(child)
        return dead

    def stop(self) -> None:
        """Stop all children, the last started first; each has its own waiting time."""
        while self.all:
            child = self.all.pop()
            if child.record is None:  # it was never started
                continue
            processes.stop([child.record], self.mark, patience=child.patience)
            child.process.wait()
        self.records.unlink(missing_ok=True)

    def _start(self, child: Child) -> None:
        if child.record:  # children of a killed process may still hold its port
            processes.stop([child.record], self.mark, patience=2.0)
        with ending.held():  # a signal in between would leave it behind
            child.process = child.start()
            self._note(child)

    def _note(self, child: Child) -> None:
        child.record = processes.record_of(child.name, child.process)
        self._save()

    def _save(self) -> None:
        processes.save([child.record for child in self.all if child.record], self.records)


def rotate(log: Path) -> None:
    """Copy a large log aside and empty it; its writer holds it open for appending and goes on at the beginning."""
    if log.exists() and log.stat().st_size > LOG_LIMIT:
        shutil.copyfile(log, log.with_suffix(".old.log"))
        os.truncate(log, 0)


def fresh_log(directory: Path, name: str) -> Path:
    """The log file with that name; a large one is moved aside first."""
    log = directory / f"{name}.log"
    if log.exists() and log.stat().st_size > LOG_LIMIT:
        log.replace(log.with_suffix(".old.log"))
    return log


def last_lines(log: Path, count: int = 15) -> str:
    """The last lines of a log, for an error message."""
    return "\n".join(log.read_text(errors="replace").splitlines()[-count:]) if log.exists() else ""
