"""Compiles locale/*/LC_MESSAGES/*.po to .mo with Babel, so that no gettext has to be installed.

With `missing` it names every text for people that has no English yet; with `update` it adds them to the .po, empty.
"""

import io
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent


def compile_file(source: Path) -> Path:
    """Write the .mo beside its .po, whole or not at all; entries marked fuzzy are left out."""
    target = source.with_suffix(".mo")
    fresh = target.with_suffix(f".{os.getpid()}")
    with source.open("rb") as text, fresh.open("wb") as compiled:
        write_mo(compiled, read_po(text, locale=source.parts[-3]))
    fresh.replace(target)
    return target


ENGLISH = ROOT / "locale/en/LC_MESSAGES/django.po"
ROOMS = ("governance", "grids", "tickets", "volunteers", "consultation")
KEYWORDS = {"_": None, "gettext": None, "gettext_lazy": None, "ngettext": (1, 2), "ngettext_lazy": (1, 2)}


def texts() -> Iterator[str | tuple[str, ...]]:
    """Every text for people in code and templates; a text with a plural as both forms."""
    from django.utils.translation.template import templatize  # noqa: PLC0415 - compiling needs no Django

    for room in ROOMS:
        for file in sorted((ROOT / room).rglob("*.py")):
            yield from _found(file.read_bytes())
    for file in sorted((ROOT / "templates").rglob("*.html")):
        yield from _found(templatize(file.read_text(encoding="utf-8")).encode())


def _found(source: bytes) -> Iterator[str | tuple[str, ...]]:
    for _line, message, _comments, _context in extract("python", io.BytesIO(source), KEYWORDS):
        if message and message != ("",):
            yield tuple(message) if isinstance(message, tuple | list) else message


def english() -> Catalog:
    """The English catalogue as it is kept."""
    with ENGLISH.open("rb") as text:
        return read_po(text, locale="en")


def missing() -> list[str | tuple[str, ...]]:
    """The texts without English."""
    known = {
        m.id[0] if isinstance(m.id, tuple | list) else m.id for m in english() if m.id and _filled(m.string)
    }
    return sorted({text for text in texts() if _first(text) not in known}, key=_first)


def _first(text: str | tuple[str, ...]) -> str:
    return text if isinstance(text, str) else text[0]


def _filled(string: str | tuple[str, ...]) -> bool:
    return bool(string) if isinstance(string, str) else all(string)


def update() -> None:
    """Add what is missing, empty, and drop what nothing uses."""
    catalogue, used = english(), {_first(text) for text in texts()}
    for message in [m for m in catalogue if m.id and _first(m.id) not in used]:
        catalogue.delete(message.id)
    for text in missing():
        catalogue.add(text if isinstance(text, str) else tuple(text))
    with ENGLISH.open("wb") as file:
        write_po(file, catalogue, width=0, ignore_obsolete=True, sort_output=True)


if __name__ == "__main__":
    if "update" in sys.argv:
        update()
    if "missing" in sys.argv:
        lacking = missing()
        print("\n".join(map(_first, lacking)))
        sys.exit(bool(lacking))
    for file in sorted((ROOT / "locale").glob("*/LC_MESSAGES/*.po")):
        compile_file(file)
