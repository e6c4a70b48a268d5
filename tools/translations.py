"""Compiles locale/*/LC_MESSAGES/*.po to .mo with Babel, so that no gettext has to be installed."""

import os
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parent.parent


def compile_file(source: Path) -> Path:
    """Write the .mo beside its .po, whole or not at all; entries marked fuzzy are left out."""
    target = source.with_suffix(".mo")
    fresh = target.with_suffix(f".{os.getpid()}")
    with source.open("rb") as text, fresh.open("wb") as compiled:
        write_mo(compiled, read_po(text, locale=source.parts[-3]))
    fresh.replace(target)
    return target


if __name__ == "__main__":
    for file in sorted((ROOT / "locale").glob("*/LC_MESSAGES/*.po")):
        compile_file(file)
