"""The timer loop beside a small and a very large table of deadlines that are not due yet.

Claiming reads an index of what has not fired, in the order of time: what waits for its day must not slow down what is
due. Two databases of the same make, one with ten thousand waiting rows, one with a million; rounds interleaved.
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
    """Prints a table in Markdown, and how much slower one firing is beside the large table."""
    stacks = {size: Stack(f"timer{size}", Path(tempfile.mkdtemp(prefix="gov-bench-"))) for size in SIZES}
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
    """Open tickets enough to fire for all rounds of both sides, and the waiting rows of other districts."""
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
