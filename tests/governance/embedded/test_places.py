"""Directories of the one-machine stack: servers and sockets, without changes above its own directories."""

import os
import stat

import pytest

from governance.embedded import directories
from governance.embedded.directories import Account, Refused

OURSELVES = directories.Account("self", os.geteuid(), os.getegid())
STRANGER = Account("stranger", 54321, 54321)


def mode(place):
    return stat.S_IMODE(place.lstat().st_mode)


def test_a_private_parent_keeps_a_stranger_out_and_is_left_private(tmp_path):
    private = tmp_path / "private"
    private.mkdir(mode=0o700)
    inner = private / "inner"
    inner.mkdir(mode=0o755)
    assert not directories.reachable(inner, STRANGER)
    assert mode(private) == 0o700


def test_we_reach_our_own_private_directory(tmp_path):
    tmp_path.chmod(0o700)
    by = Account("owner", tmp_path.stat().st_uid, tmp_path.stat().st_gid)
    assert directories._passes(tmp_path, by)


def test_the_group_is_asked_before_the_others(tmp_path):
    tmp_path.chmod(0o701)
    by = Account("colleague", 54321, tmp_path.stat().st_gid)
    assert not directories._passes(tmp_path, by)


def test_the_servers_live_inside_the_data_directory_where_they_can(tmp_path):
    assert directories.server_home(tmp_path, OURSELVES) == (tmp_path / "servers").resolve()
    assert mode(tmp_path / "servers") == 0o700


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs servers as somebody else")
def test_the_servers_live_in_the_state_directory_below_a_private_parent(tmp_path):
    data, state = tmp_path / "data", tmp_path / "state"
    data.mkdir(mode=0o700)
    home = directories.server_home(data, STRANGER, state)
    assert home.parent == state.resolve()
    assert home.stat().st_uid == STRANGER.uid
    assert directories.server_home(data, STRANGER, state) == home  # the second start uses the same directory
    assert mode(data) == 0o700


def test_the_socket_path_is_short_however_deep_the_data_lie(tmp_path):
    deep = tmp_path.joinpath(*["a-rather-long-directory-name"] * 6)
    place = directories.socket_dir(deep, OURSELVES)
    assert len(str(place / ".s.PGSQL.5432")) < 60
    assert mode(place) == mode(place.parent) == 0o700
    place.rmdir()
    place.parent.rmdir()


def test_two_data_directories_have_two_socket_directories(tmp_path):
    assert directories.key(tmp_path / "a") != directories.key(tmp_path / "b")
    assert directories.key(tmp_path / "a") == directories.key(tmp_path / "x" / ".." / "a")


def test_a_socket_directory_that_is_a_link_is_refused(tmp_path):
    target = tmp_path / "elsewhere"
    target.mkdir()
    outer = tmp_path / f"gov-{os.geteuid()}-{directories.key(tmp_path)}"
    outer.symlink_to(target)
    with pytest.raises(Refused, match="belongs to somebody else"):
        directories.socket_dir(tmp_path, OURSELVES, base=tmp_path)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make a stranger's directory")
def test_a_socket_directory_of_somebody_else_is_refused(tmp_path):
    outer = tmp_path / f"gov-{os.geteuid()}-{directories.key(tmp_path)}"
    outer.mkdir()
    os.chown(outer, STRANGER.uid, STRANGER.gid)
    with pytest.raises(Refused, match="belongs to somebody else"):
        directories.socket_dir(tmp_path, OURSELVES, base=tmp_path)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root changes the user")
def test_root_runs_servers_as_the_owner_of_their_data(tmp_path):
    os.chown(tmp_path, 54321, 54322)
    by = directories.account(owner_of=tmp_path)
    assert (by.uid, by.gid) == (54321, 54322)
    assert by.options() == {"user": 54321, "group": 54322, "extra_groups": []}
    assert directories.account().uid != 0
