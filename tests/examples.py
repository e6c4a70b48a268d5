"""The number of examples for tests of properties: few and always the same in the suite, many in `make histories`."""

import os

import hypothesis

LONG = "HISTORIES" in os.environ
COUNT = int(os.environ.get("HISTORIES", "24"))


def load_profile() -> None:
    """Make the number of examples hypothesis' default."""
    hypothesis.settings.register_profile("house", max_examples=COUNT, deadline=None, derandomize=not LONG)
    hypothesis.settings.load_profile("house")
