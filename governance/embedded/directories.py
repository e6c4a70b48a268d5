"""Directories of the one-machine installation, and the accounts of its servers.

There are three kinds: the data directory of the installation (permanent), a short directory for sockets
(created when needed, because the path of a socket has at most 107 bytes), and a state directory for files
that an unprivileged server account cannot reach inside the checkout. No directory above our own is ever
changed.
"""

import hashlib
import os
import pwd
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

STATE = Path("/var/lib/governance")
SHORT = Path("/tmp")  # noqa: S108  a directory below it is refused unless it is our own
SOCKET_PATH_LIMIT = 107


class Refused(Exception):
    """The machine does not allow the request; the text says what to do."""


@dataclass(frozen=True, slots=True)
class Account:
    """The operating system account of a server; `uid` and `gid` are numbers."""

    name: str
    uid: int
    gid: int

    @property
    def is_self(self) -> bool:
        """True if no change of user is needed."""
        return self.uid == os.geteuid()

    def options(self) -> dict[str, object]:
        """Arguments for subprocess that run the child as this account."""
        return {} if self.is_self else {"user": self.uid, "group": self.gid, "extra_groups": []}


def account(owner_of: Path | None = None) -> Account:
    """Our own account; as root, one without rights: the owner of existing data, else postgres or nobody."""
    uid = os.geteuid()
    if uid != 0:
        return _account_of(uid, os.getegid())
    if owner_of is not None and owner_of.exists() and owner_of.stat().st_uid != 0:
        status = owner_of.stat()
        return _account_of(status.st_uid, status.st_gid)
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(name, entry.pw_uid, entry.pw_gid)
    raise Refused("PostgreSQL does not run as root and there is neither a user postgres nor nobody here.")


def _account_of(uid: int, gid: int) -> Account:
    try:
        return Account(pwd.getpwuid(uid).pw_name, uid, gid)
    except KeyError:  # in a container the user id may have no name
        return Account(str(uid), uid, gid)


def key(path: Path) -> str:
    """A short name for a directory, the same in every run."""
    return hashlib.sha256(str(path.resolve()).encode()).hexdigest()[:12]


def reachable(directory: Path, by: Account) -> bool:
    """True if the account may enter every directory from the root down to this one."""
    resolved = directory.resolve()
    return all(_passes(place, by) for place in [*resolved.parents, resolved] if place.exists())


def _passes(place: Path, by: Account) -> bool:
    status = place.stat()
    if status.st_uid == by.uid:
        return bool(status.st_mode & stat.S_IXUSR)
    if status.st_gid in _groups(by):
        return bool(status.st_mode & stat.S_IXGRP)
    return bool(status.st_mode & stat.S_IXOTH)


def _groups(by: Account) -> set[int]:
    return {by.gid, *os.getgroups()} if by.is_self else {by.gid}


def server_home(data_dir: Path, by: Account, state: Path = STATE) -> Path:
    """The servers' permanent directory: DATA_DIR/servers, a directory or a link to the state directory.

    It is a link if the account cannot enter the parents of DATA_DIR (a checkout below /root). The link is
    moved and deleted with DATA_DIR, so a new DATA_DIR never finds an old database.
    """
    home = data_dir / "servers"
    if not home.exists() and not home.is_symlink() and not (by.is_self or reachable(data_dir, by)):
        state.mkdir(mode=0o755, parents=True, exist_ok=True)
        target = Path(tempfile.mkdtemp(prefix=f"{data_dir.parent.name}-", dir=state))
        home.symlink_to(target)
    place = home.resolve()
    owned_directory(place, by.uid, by.gid, mode=0o700)
    return place


def socket_dir(data_dir: Path, by: Account, base: Path = SHORT) -> Path:
    """Create and return the short directory for sockets. Raises Refused if another user created it."""
    outer = base / f"gov-{os.geteuid()}-{key(data_dir)}"
    owned_directory(outer, os.geteuid(), os.getegid(), mode=0o700 if by.is_self else 0o711)
    inner = outer / "s"
    owned_directory(inner, by.uid, by.gid, mode=0o700)
    if len(str(inner / ".s.PGSQL.5432")) > SOCKET_PATH_LIMIT:
        raise Refused(f"The socket path below {inner} is too long.")
    return inner


def owned_directory(place: Path, uid: int, gid: int, *, mode: int) -> None:
    """Create a directory with that owner and mode. Raises Refused if another user created it."""
    try:
        place.mkdir(mode=0o700)
    except FileExistsError:
        status = place.lstat()
        if not stat.S_ISDIR(status.st_mode) or status.st_uid not in {uid, os.geteuid()}:
            raise Refused(f"{place} exists and belongs to somebody else; remove it first.") from None
    if os.geteuid() == 0:
        os.chown(place, uid, gid, follow_symlinks=False)
    place.chmod(mode)
