"""Published lists and real messages for some tests: SHARED_DATA, or ../shared/data next to the checkout."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FOLDER = Path(os.environ.get("SHARED_DATA") or ROOT.parent / "shared" / "data")


def needs(name: str) -> pytest.MarkDecorator:
    """Skip the test with one clear line if the file is missing."""
    return pytest.mark.skipif(
        not (FOLDER / name).exists(), reason=f"no {name}: set SHARED_DATA to the folder that holds it"
    )
