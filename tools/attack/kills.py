"""kill -9 of each part while reports come in: none is lost, none is stored twice, no visitor sees an error 500."""

import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor

import requests

from tests import databases
from tests.production import Production
from tools.attack.visitors import Result

PARTS = ("web", "worker", "beat", "broker", "connections")
POOL = 8  # connections of the web server to the database, see tests/production.py
GIVE_UP = 90.0  # seconds for one report
DROP = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"


def kills(stack: Production, each: int) -> Result:
    """`each` reports per part; "connections" lets PostgreSQL drop every connection, as a restart does."""
    before, taken, errors = _count(stack), [], []
    for part in PARTS:
        ids = [str(uuid.uuid4()) for _ in range(each)]
        with ThreadPoolExecutor(4) as pool:
            killer = threading.Thread(target=_kill, args=(stack, part))
            killer.start()
            taken += pool.map(lambda one: _until_taken(stack, one, errors), ids)
            killer.join()
    _settle(stack)
    wanted = len(PARTS) * each
    lost, stored = taken.count(None), _count(stack) - before
    doubled = stored - len({number for number in taken if number})
    failures = [f"{lost} lost"] * bool(lost) + [f"{doubled} doubled"] * bool(doubled)
    failures += [f"{len(errors)} answers with status 500"] * bool(errors)
    if "0 处不符" not in stack.manage("verify_log", "--tenant", "alpha"):
        failures.append("the log does not verify")
    return Result("kill -9 under load", wanted, tuple(failures), f"{lost} lost, {doubled} doubled")


def _settle(stack: Production) -> None:
    """Open pages until each connection of the pool, also a dead one, was used: a dead one answers 503 once."""
    good = 0
    for _ in range(500):
        answer = requests.get(f"{stack.url}/alpha/", verify=stack.verify, timeout=20)
        good = good + 1 if answer.status_code == 200 else 0
        if good == 3 * POOL:
            return
    raise RuntimeError("the platform does not recover from dropped connections")


def _kill(stack: Production, part: str) -> None:
    for _ in range(2):
        time.sleep(1)
        if part == "connections":
            with databases.server("SUPERUSER") as superuser:
                superuser.execute(DROP, (stack.name,))
        else:
            stack.kill(part)
            stack.start(part)


def _until_taken(stack: Production, client_id: str, errors: list[int]) -> str | None:
    """Report until there is an answer, as a client with a bad network does; returns the number."""
    body = {"client_id": client_id, "text": "路灯不亮", "area": stack.tokens["_areas"]["lane_building"]}
    until = time.monotonic() + GIVE_UP
    while time.monotonic() < until:
        try:
            answer = stack.call("clerk", "POST", "tickets/", body)
            if answer.status_code in {200, 201}:
                return answer.json()["number"]
            if answer.status_code == 500:
                errors.append(500)
        except requests.RequestException:
            pass
        time.sleep(0.2)
    return None


def _count(stack: Production) -> int:
    return stack.sql("SELECT count(*) FROM tickets_ticket")[0][0]
