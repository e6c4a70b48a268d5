"""The benchmarks leave nothing in the temporary directory, not even when they fail."""

import tempfile

import pytest

from benchmarks import run, timer


class Broken:
    """A platform that cannot be measured."""

    def __init__(self, name, folder):
        self.folder = folder
        (folder / "web.log").write_text("started")

    def down(self):
        """Stop nothing."""


def fail(*given):
    raise RuntimeError("cannot be measured")


@pytest.mark.parametrize(
    ("module", "measure"), [(run, lambda: run.requests(1, 1, "")), (timer, lambda: timer.measure(1))]
)
def test_a_failed_benchmark_removes_its_directories(tmp_path, monkeypatch, module, measure):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(module, "Stack", Broken)
    monkeypatch.setattr(module, "Bench", fail)
    with pytest.raises(RuntimeError):
        measure()
    assert list(tmp_path.iterdir()) == []
