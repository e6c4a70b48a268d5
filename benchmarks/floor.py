"""The floor: replay captured statements, one psycopg connection per client, one transaction per request."""

import multiprocessing
import re
import time
from typing import Any

import psycopg

IDS = re.compile(r"\b7\d{8}\b")
NUMBER = re.compile(r"\bALPH-\d{8}-\d{4,}\b")


def replay(url: str, tenant: int, scripts: list[list[dict[str, Any]]]) -> list[float]:
    """Seconds taken by each script; ids and ticket numbers are replaced by those of this run."""
    taken = []
    begin = b"BEGIN; SET LOCAL app.tenant = '%d'" % tenant
    with psycopg.connect(url, autocommit=True) as connection:
        for script in scripts:
            began = time.perf_counter()
            connection.pgconn.exec_(begin)
            _script(connection, script)
            connection.pgconn.exec_(b"COMMIT")
            taken.append(time.perf_counter() - began)
    return taken


def _script(connection: psycopg.Connection, script: list[dict[str, Any]]) -> None:
    new: dict[str, str] = {}
    number = ""
    for step in script:
        sql = IDS.sub(lambda found: new.get(found[0], found[0]), step["sql"]) if new else step["sql"]
        if number:
            sql = NUMBER.sub(number, sql)
        cursor = connection.execute(sql.encode())
        rows = cursor.fetchall() if cursor.description else []
        if "tickets_numbercounter" in sql:
            number = f"ALPH-00000000-{rows[0][0]:04d}"
        elif step["returned"]:
            new.update({str(old): str(row[0]) for old, row in zip(step["returned"], rows, strict=True)})


def together(clients: int, work: Any, shares: list[tuple]) -> tuple[float, list[float]]:
    """Run one process per share at once; (seconds from the first start to the last end, all single times)."""
    with multiprocessing.get_context("fork").Pool(clients) as pool:
        began = time.perf_counter()
        parts = pool.starmap(work, shares)
        return time.perf_counter() - began, [one for part in parts for one in part]
