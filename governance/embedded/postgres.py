"""A PostgreSQL cluster on a socket, never on the network; one that outlived its launcher is used again."""

import os
import shutil
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from governance.embedded.binaries import Programs
from governance.embedded.directories import Account, Refused
from governance.tenancy import roles

DATABASE = "governance"
SUPERUSER = "postgres"
THROW_AWAY = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


@dataclass(frozen=True, slots=True)
class Cluster:
    """One cluster. `home` is the server account's directory, `sockets` the short directory of its socket."""

    programs: Programs
    by: Account
    home: Path
    sockets: Path
    throw_away: bool = False

    @property
    def data(self) -> Path:
        """PostgreSQL's data directory."""
        return self.home / "postgres"

    @property
    def log(self) -> Path:
        """The file into which the server writes."""
        return self.home / "postgres.log"

    def url(self, role: str, database: str = DATABASE) -> str:
        """The URL with which a role connects to a database of this cluster."""
        return f"postgresql://{role}@/{database}?host={quote(str(self.sockets), safe='')}"

    def start(self) -> None:
        """Start the cluster, whatever an earlier run left.

        Raises Refused with the end of the log on failure.
        """
        self._initialise()
        if self.running():
            if self._answers():
                return
            self.stop("immediate")
        options = [
            "listen_addresses=",
            f"unix_socket_directories={self.sockets}",
            "jit=off",
            "log_min_messages=warning",
        ]
        options += THROW_AWAY if self.throw_away and not os.environ.get("DURABLE") else ()
        told = self._run(
            "pg_ctl", "-D", self.data, "-w", "-s", "-t", "60", "-l", self.log,
            "-o", " ".join(f"-c {option}" if option[-1] != "=" else f"-c {option}''" for option in options),
            "start",
        )  # fmt: skip
        if told.returncode:
            raise Refused(f"PostgreSQL did not start:\n{told.stderr}{self._log_end()}")

    def running(self) -> bool:
        """True if a server of this data directory is running."""
        return self._run("pg_ctl", "-D", self.data, "status").returncode == 0

    def alive(self) -> bool:
        """The same as `running` without starting a program, for a loop that checks often."""
        try:
            pid = int((self.data / "postmaster.pid").read_text().split()[0])
            os.kill(pid, 0)
        except (OSError, ValueError, IndexError):
            return False
        return True

    def stop(self, mode: str = "fast") -> None:
        """Stop the cluster; does nothing if it is not running."""
        if self.data.exists() and self.running():
            self._run("pg_ctl", "-D", self.data, "-w", "-s", "-t", "60", "-m", mode, "stop")

    def prepare(self) -> None:
        """Create or correct roles and database.

        In a throw-away cluster the owner may create databases too.
        """
        statements = roles.roles_sql()
        if self.throw_away:
            statements.append(f"ALTER ROLE {roles.OWNER} CREATEDB")
        self.execute("postgres", statements)
        if not self.query("postgres", "SELECT 1 FROM pg_database WHERE datname = %s", (DATABASE,)):
            self.execute("postgres", [f"CREATE DATABASE {DATABASE} OWNER {roles.OWNER}"])
        self.execute(DATABASE, roles.database_sql(DATABASE))

    def forget(self) -> None:
        """Drop the platform's database, so that `prepare` creates an empty one."""
        self.execute("postgres", [f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)"])

    def execute(self, database: str, statements: list[str]) -> None:
        """Run statements as superuser, each in its own transaction."""
        with self._connect(database) as connection:
            for statement in statements:
                connection.execute(statement)

    def query(
        self, database: str, statement: str, values: tuple[object, ...] = ()
    ) -> list[tuple[object, ...]]:
        """Run one statement as superuser and return its rows."""
        with self._connect(database) as connection:
            return connection.execute(statement, values).fetchall()

    def _connect(self, database: str):
        import psycopg  # noqa: PLC0415 - other parts of this package must work without installed packages

        return psycopg.connect(self.url(SUPERUSER, database), autocommit=True, connect_timeout=5)

    def _answers(self) -> bool:
        import psycopg  # noqa: PLC0415 - as above

        for _ in range(20):
            if not (self.sockets / ".s.PGSQL.5432").exists():
                return False
            try:
                self.query("postgres", "SELECT 1")
            except psycopg.OperationalError:
                time.sleep(0.25)
            else:
                return True
        return False

    def _initialise(self) -> None:
        version = self.data / "PG_VERSION"
        if version.exists():
            found = int(version.read_text())
            if found != self.programs.postgres_major:
                raise Refused(
                    f"{self.data} was made by PostgreSQL {found}, installed is "
                    f"{self.programs.postgres_major}: dump with the old one (manage.py backup), then restore."
                )
            return
        if self.data.exists():
            raise Refused(f"{self.data} is there but holds no PostgreSQL cluster; move it away first.")
        builtin = ["--locale-provider=builtin"] if self.programs.postgres_major >= 17 else []
        fresh = self.home / "postgres.new"  # renamed when complete, so an interrupted initdb leaves nothing
        shutil.rmtree(fresh, ignore_errors=True)
        sync = ["--no-sync"] if self.throw_away else []
        told = self._run(
            "initdb",
            "-D",
            fresh,
            "-U",
            SUPERUSER,
            "-E",
            "UTF8",
            *builtin,
            "--locale=C.UTF-8",
            "--auth=trust",
            *sync,
        )
        if told.returncode:
            raise Refused(f"initdb failed:\n{told.stderr}")
        fresh.rename(self.data)

    def _run(self, program: str, *arguments: object) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(self.programs.postgres_bin / program), *map(str, arguments)],
            env={"PATH": os.defpath, "LC_ALL": "C.UTF-8", "TZ": "UTC"},
            cwd="/",
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            **self.by.options(),
        )

    def _log_end(self) -> str:
        log = self.home / "postgres.log"
        return "\n".join(log.read_text(errors="replace").splitlines()[-10:]) if log.exists() else ""
