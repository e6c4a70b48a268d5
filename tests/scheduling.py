"""The order of a parallel run: tests that share something stay together on one worker."""

import re
from functools import cache
from pathlib import Path

from xdist.scheduler.loadscope import LoadScopeScheduling

ROOT = Path(__file__).resolve().parent.parent
#: Folders whose tests start and kill processes: all of them run on one worker, one after another.
ONE_AFTER_ANOTHER = ("tests/faults/", "tests/governance/embedded/", "tests/governance/operations/")
SHARED = re.compile(r"""scope=["']module["']""")


class Scheduling(LoadScopeScheduling):
    """Hand out single tests, except that tests which share a module's fixture are handed out together."""

    def _split_scope(self, nodeid: str) -> str:
        return group_of(nodeid)


def group_of(nodeid: str) -> str:
    """The group of a test: a name for the folders above, its file if the file shares a fixture, else itself."""
    if nodeid.startswith(ONE_AFTER_ANOTHER):
        return "processes"
    file = nodeid.partition("::")[0]
    return file if _shares(file) else nodeid


@cache
def _shares(file: str) -> bool:
    path = ROOT / file
    return any(SHARED.search(one.read_text()) for one in (path, path.parent / "conftest.py") if one.exists())
