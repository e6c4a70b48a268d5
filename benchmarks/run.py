"""Measure the main requests against their floor, and print the table for docs/benchmarks.md.

Floor: the statements captured from the same request, replayed with one psycopg connection per client, one
transaction, fsync on, same socket. Runs of both alternate; the median of five counts. Start it with `make
bench`.
"""

import argparse
import os
import tempfile
from pathlib import Path

from benchmarks import timer
from benchmarks.bench import Bench
from tests.stack import ROOT, Stack


def main() -> None:
    """Prints a table in Markdown: every kind of request, then the timer loop at two sizes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tickets", type=int, default=100_000)
    parser.add_argument("--count", type=int, default=400, help="requests a round")
    parser.add_argument("--only", default="", help="one request of the table, by its name")
    parser.add_argument("--timer", action="store_true", help="only the timer loop, beside few and many rows")
    options = parser.parse_args()
    os.environ["PYTHONPATH"] = str(ROOT)
    head = "| request | req/s | p50 / p95 | statements (action + identity) | floor req/s | ratio |"
    print(head, "|---|---|---|---|---|---|", sep="\n", flush=True)
    if not options.timer:
        requests(options.tickets, options.count, options.only)
    if not options.only:
        timer.measure(options.count)


def requests(tickets: int, count: int, only: str) -> None:
    """One row for each kind of request, or for the named one."""
    with tempfile.TemporaryDirectory(prefix="gov-bench-", ignore_cleanup_errors=True) as folder:
        stack = Stack("bench", Path(folder))
        try:
            bench = Bench(stack, tickets, count)
            for case in bench.prepare():
                if only not in {"", case.name}:
                    continue
                bench.measure(case)
                print(case.line(), flush=True)
        finally:
            stack.down()


if __name__ == "__main__":
    main()
