"""Gzip the large libraries next to the originals, so that WhiteNoise serves the smaller files.

Run by the install.
"""

import gzip
import importlib.util
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SERVED = (
    "@tabler/core/dist/css/tabler.min.css",
    "leaflet/dist/leaflet.js",
    "leaflet/dist/leaflet.css",
    "echarts/dist/echarts.min.js",
    "idb/build/index.js",
)


def files():
    """The files of other projects that our pages load."""
    yield from (ROOT / "node_modules" / name for name in SERVED)
    found = importlib.util.find_spec("django_htmx")
    if found is not None and found.origin:
        yield from (Path(found.origin).parent / "static" / "django_htmx").glob("*.min.js")


def main():
    """Compress each file that has no up-to-date .gz file."""
    for file in files():
        small = file.with_name(file.name + ".gz")
        if file.is_file() and not (small.exists() and small.stat().st_mtime >= file.stat().st_mtime):
            small.write_bytes(gzip.compress(file.read_bytes(), 9, mtime=0))


if __name__ == "__main__":
    main()
