"""PostgreSQL and Valkey together, and the environment with which the platform finds them."""

import base64
import os
import secrets
import subprocess
from dataclasses import dataclass
from pathlib import Path

from governance.embedded import binaries, directories, processes, valkey
from governance.embedded.binaries import Programs
from governance.embedded.postgres import DATABASE, SUPERUSER, Cluster
from governance.embedded.valkey import Broker
from governance.tenancy import roles

ROOT = Path(__file__).resolve().parents[2]
FOREIGN = ("PG", "DJANGO_SETTINGS_MODULE", "PYTHONHOME", "PYTHONPATH", "CELERY", "GRANIAN")


@dataclass(slots=True)
class Servers:
    """The two servers of one data directory."""

    data_dir: Path
    cluster: Cluster
    broker: Broker
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start both, with roles and database ready; if the second fails, the first is stopped again."""
        self.cluster.start()
        try:
            self.cluster.prepare()
            self.process = self.spawn_broker()
            self.broker.await_answer(self.process)
        except BaseException:
            self.stop("immediate")
            raise

    def spawn_broker(self) -> subprocess.Popen[bytes]:
        """Start Valkey only, without waiting for its first answer."""
        return self.broker.spawn(base_environment(self.data_dir))

    def stop(self, mode: str = "fast") -> None:
        """Stop both; a server that is not running is left alone."""
        if self.process:
            processes.stop([self.record()], directories.key(self.data_dir))
            self.process.wait()
        self.cluster.stop(mode)

    def record(self) -> processes.Record:
        """The record of Valkey's process; PostgreSQL has its own pid file."""
        return processes.record_of("valkey", self.process)

    def environment(self) -> dict[str, str]:
        """The platform's environment to reach both servers, on top of the caller's environment."""
        path = os.pathsep.join([str(self.cluster.programs.postgres_bin), os.environ.get("PATH", os.defpath)])
        return {
            **base_environment(self.data_dir),
            "PATH": path,  # pg_dump and pg_restore of the right version
            "DATA_DIR": str(self.data_dir),
            "DATABASE_URL": self.cluster.url(roles.RUNTIME),
            "OWNER_DATABASE_URL": self.cluster.url(roles.OWNER),
            "REDIS_URL": self.broker.url,
        }

    def test_environment(self) -> dict[str, str]:
        """The same with the superuser and fixed keys, for tests and commands on throw-away servers."""
        keys = {"SECRET_KEY": "throw-away", "FIELD_KEY": base64.b64encode(b"throw-away" + bytes(22)).decode()}
        return {
            **self.environment(),
            **keys,
            "SUPERUSER_DATABASE_URL": self.cluster.url(SUPERUSER, "postgres"),
            "ALLOWED_HOSTS": "localhost,127.0.0.1,testserver",
        }


def base_environment(data_dir: Path) -> dict[str, str]:
    """The caller's environment with our mark, without variables that would misconfigure the servers."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(FOREIGN)}
    return {**kept, processes.MARK: directories.key(data_dir), "PYTHONUNBUFFERED": "1"}


def persistent(data_dir: Path) -> Servers:
    """The servers whose data are stored in DATA_DIR."""
    by = directories.account(owner_of=(data_dir / "servers").resolve())
    home = directories.server_home(data_dir, by)
    programs = binaries.from_wheels(by)
    cluster = Cluster(programs, by, home, directories.socket_dir(data_dir, by))
    return Servers(
        data_dir, cluster, Broker(programs, by, home, valkey.free_port(), secrets.token_urlsafe(24))
    )


def throw_away(data_dir: Path, *, system: bool = False) -> Servers:
    """Servers with temporary data in a new directory; with `system`, the operating system's programs."""
    by = directories.account()
    data_dir.chmod(0o700 if by.is_self else 0o711)
    home = data_dir / "servers"
    directories.owned_directory(home, by.uid, by.gid, mode=0o700)
    programs: Programs = binaries.from_system() if system else binaries.from_wheels(by)
    cluster = Cluster(programs, by, home, directories.socket_dir(data_dir, by), throw_away=True)
    broker = Broker(programs, by, home, valkey.free_port(), secrets.token_urlsafe(24), throw_away=True)
    return Servers(data_dir, cluster, broker)


__all__ = ["DATABASE", "ROOT", "Servers", "base_environment", "persistent", "throw_away"]
