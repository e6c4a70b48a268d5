"""Give each test process its own PostgreSQL and Valkey: the pytest plugin that is loaded before the settings.

The event feed waits for the oldest transaction of the whole PostgreSQL server, so tests of two processes would hold
back each other on one server. `python -m governance.embedded exec --per-core` starts one pair of servers for each.
"""

import json
import os

MORE = json.loads(os.environ.get("MORE_SERVERS", "[]"))
COUNT = 1 + len(MORE)


def choose(worker: str) -> None:
    """Put the addresses of a worker's servers into the environment; `worker` is gw0, gw1 and so on."""
    if number := int(worker.removeprefix("gw")):
        os.environ.update(MORE[number - 1])


choose(os.environ.get("PYTEST_XDIST_WORKER", "gw0"))
