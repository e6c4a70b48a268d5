"""Fire due deadlines, one transaction each, and print the seconds of each as JSON."""

import json
import sys
import time

import django

django.setup()

from django.utils import timezone  # noqa: E402

from governance.clocks.timer import fire_next_due  # noqa: E402
from governance.events.feed import Announcement  # noqa: E402


def main() -> None:
    """`python -m benchmarks.fire COUNT`; the first firing, which compiles the calendar, is not measured."""
    Announcement.silent_until = float("inf")
    at, taken = timezone.now(), []
    fire_next_due(at)
    for _ in range(int(sys.argv[1])):
        began = time.perf_counter()
        if not fire_next_due(at):
            break
        taken.append(time.perf_counter() - began)
    json.dump(taken, sys.stdout)


if __name__ == "__main__":
    main()
