"""Published lists and real messages that some tests read: SHARED_DATA, else ../shared/data beside the checkout."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FOLDER = Path(os.environ.get("SHARED_DATA") or ROOT.parent / "shared" / "data")


def needs(name: str) -> pytest.MarkDecorator:
    """Skip with one clear line where the file is not there."""
    return pytest.mark.skipif(
        not (FOLDER / name).exists(), reason=f"no {name}: set SHARED_DATA to the folder that holds it"
    )
