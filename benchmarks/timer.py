"""Measure the timer loop with a small and with a very large table of deadlines that are not due yet.

A claim reads an index of unfired deadlines in order of time, so waiting deadlines must not slow down due
ones. Two databases are made the same way, one with ten thousand waiting rows, one with a million; their
rounds alternate.
"""

import statistics
import tempfile
from pathlib import Path

from benchmarks.bench import ROUNDS, Bench, Case
from benchmarks.fill import ballast, fill
from tests.stack import Stack

SIZES = (10_000, 1_000_000)
WANTED = 1.3


def measure(count: int) -> None:
    """Print a table in Markdown, and how much slower one firing is with the large table."""
    with tempfile.TemporaryDirectory(prefix="gov-bench-", ignore_cleanup_errors=True) as folder:
        _measure(count, Path(folder))


def _measure(count: int, folder: Path) -> None:
    places = {size: folder / str(size) for size in SIZES}
    for place in places.values():
        place.mkdir()
    stacks = {size: Stack(f"timer{size}", place) for size, place in places.items()}
    try:
        pairs = [_prepared(stack, size, count) for size, stack in stacks.items()]
        for turn in range(ROUNDS):
            for bench, case in pairs if turn % 2 else reversed(pairs):
                bench.round(case, turn)
        for _bench, case in pairs:
            print(case.line(), flush=True)
        small, large = (statistics.median(case.times) for _bench, case in pairs)
        print(f"\nOne firing, {SIZES[1]:,} to {SIZES[0]:,}: {large / small:.2f} (wanted <= {WANTED})")
    finally:
        for stack in stacks.values():
            stack.down()


def _prepared(stack: Stack, size: int, count: int) -> tuple[Bench, Case]:
    """A stack with enough open tickets for all rounds of both sides, and waiting rows of other districts."""
    bench = Bench(stack, count * 12 * (ROUNDS + 3), count)
    stack.up(parts=("broker",))
    bench.tenant = stack.sql("SELECT id FROM governance_tenant WHERE slug = 'alpha'")[0][0]
    with stack._owner() as owner:
        fill(owner, bench.tenant, bench.tickets)
        ballast(owner, size)
    bench.due()
    return bench, Case(
        "claim", "", bench.captured("claim")["claim"], label=f"claim and fire, {size:,} waiting"
    )
