"""A Valkey (or Redis) server on a free loopback port with a password."""

import contextlib
import os
import socket
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from governance.embedded import processes
from governance.embedded.binaries import Programs
from governance.embedded.directories import Account, Refused


@dataclass(frozen=True, slots=True)
class Broker:
    """One server. `home` belongs to the server's account.

    The password keeps out other users of the machine.
    """

    programs: Programs
    by: Account
    home: Path
    port: int
    password: str
    throw_away: bool = False

    @property
    def url(self) -> str:
        """The URL with which the platform connects."""
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"

    @property
    def log(self) -> Path:
        """The server's log file."""
        return self.home / "valkey.log"

    def spawn(self, env: dict[str, str]) -> subprocess.Popen[bytes]:
        """Start the server.

        The password is in a file that only the server can read, so it does not appear in the process list.
        """
        config = self.home / "valkey.conf"
        config.touch(mode=0o600)
        config.write_text(self.config())
        if not self.by.is_self:
            os.chown(config, self.by.uid, self.by.gid)
        command = [str(self.programs.redis_server), str(config)]
        return processes.spawn(command, env=env, log=self.log, cwd="/", **self.by.options())

    def await_answer(self, process: subprocess.Popen[bytes]) -> None:
        """Wait for the first answer. Raises Refused with the end of the log if none comes."""
        until = time.monotonic() + 20
        while not self.answers():
            if process.poll() is not None or time.monotonic() > until:
                raise Refused("Valkey did not start:\n" + self.log.read_text(errors="replace")[-1000:])
            time.sleep(0.02)

    def config(self) -> str:
        """The configuration file: loopback only; unless throw-away, the queue survives a restart."""
        keep = "no" if self.throw_away else "yes"
        return (
            f'bind 127.0.0.1\nport {self.port}\nrequirepass {self.password}\ndir "{self.home}"\n'
            f'daemonize no\nsave ""\nappendonly {keep}\nmaxmemory 256mb\nmaxmemory-policy noeviction\n'
        )

    def answers(self) -> bool:
        """True if our own server answers on the port."""
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1) as line:
            line.settimeout(1)
            line.sendall(f"AUTH {self.password}\r\nPING\r\n".encode())
            return b"+PONG" in _read(line)
        return False


def _read(line: socket.socket) -> bytes:
    told = b""
    while told.count(b"\n") < 2:
        part = line.recv(256)
        if not part:
            break
        told += part
    return told


def free_port(host: str = "127.0.0.1") -> int:
    """A port on which no program listens at this moment."""
    with socket.socket() as probe:
        probe.bind((host, 0))
        return probe.getsockname()[1]
