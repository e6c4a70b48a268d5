"""`python -m tools.attack [--short]`: run the attacks, print one table, end with 1 if one of them got through."""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.production import Production
from tools.attack import floods, guesses, kills, sweeps
from tools.attack.visitors import Result

ACCUSED = ("lane_grids", "lane", "water", "pipes", "east_center", "east_office", "county_center")
READERS = ("", "worker", "community", "center", "county", "head", "leader", "admin")


def attacks(stack: Production, short: bool) -> Iterator[Callable[[], Result]]:
    """The attacks in their order: those that change texts and kill processes come last."""
    found = sweeps.scene(stack, "sweep")
    yield lambda: sweeps.isolation(stack, found)
    yield lambda: sweeps.sealed(stack, found, ("county_center",) if short else ACCUSED)
    yield lambda: guesses.passwords(stack, 40 if short else 120)
    yield lambda: guesses.codes(stack, 30 if short else 200)
    yield lambda: floods.slow_bodies(stack, 200, 3 if short else 20)
    yield lambda: floods.pictures(stack, 4 if short else 16)
    yield lambda: floods.large_pictures(stack, 16)
    yield lambda: floods.sheets(stack, 4 if short else 8)
    yield lambda: kills.kills(stack, 12 if short else 60)
    yield lambda: sweeps.payloads(stack, found, READERS[-2:] if short else READERS)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--short", action="store_true", help="fewer of each, in three minutes")
    short = parser.parse_args().short
    print("| attack | tried | held | seen | s |", "|---|---|---|---|---|", sep="\n", flush=True)
    held = True
    with tempfile.TemporaryDirectory(prefix="gov-attack-") as folder:
        stack = Production("attack", Path(folder))
        try:
            stack.up()
            for attack in attacks(stack, short):
                began = time.monotonic()
                result = attack()
                held = held and result.held
                seen = "; ".join([result.seen, *result.failures]).strip("; ")
                verdict = "yes" if result.held else "NO"
                seconds = time.monotonic() - began
                print(f"| {result.name} | {result.tried} | {verdict} | {seen} | {seconds:.0f} |", flush=True)
        finally:
            stack.down()
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
