"""Compile locale/*/LC_MESSAGES/*.po to .mo with Babel, so that no gettext programs are needed.

`missing` lists every text without an English translation; `update` adds these texts to the .po, untranslated.
"""

import io
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent


def compile_file(source: Path) -> Path:
    """Write the .mo next to its .po, completely or not at all; fuzzy entries are left out."""
    target = source.with_suffix(".mo")
    fresh = target.with_suffix(f".{os.getpid()}")
    with source.open("rb") as text, fresh.open("wb") as compiled:
        write_mo(compiled, read_po(text, locale=source.parts[-3]))
    fresh.replace(target)
    return target


ENGLISH = ROOT / "locale/en/LC_MESSAGES/django.po"
ROOMS = ("governance", "grids", "tickets", "volunteers", "consultation")
KEYWORDS = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy")),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
}
Text = tuple[str, ...]  # a text and its plural, if it has one
Found = tuple[str, Text]  # the context that distinguishes equal texts, or "", and the text


def texts() -> Iterator[Found]:
    """Every text to translate, in code and templates."""
    from django.utils.translation.template import templatize  # noqa: PLC0415 - compiling needs no Django

    for room in ROOMS:
        for file in sorted((ROOT / room).rglob("*.py")):
            yield from _found(file.read_bytes())
    for file in sorted((ROOT / "templates").rglob("*.html")):
        flat = "\n".join(line.strip() for line in templatize(file.read_text(encoding="utf-8")).splitlines())
        yield from _found(flat.encode())  # without indentation, which would not be that of a program


def _found(source: bytes) -> Iterator[Found]:
    for _line, message, _comments, context in extract("python", io.BytesIO(source), KEYWORDS):
        if message and message != ("",):
            yield context or "", _forms(message)


def _forms(message: str | list[str] | Text) -> Text:
    return (message,) if isinstance(message, str) else tuple(message)


def english() -> Catalog:
    """The stored English catalogue."""
    with ENGLISH.open("rb") as text:
        return read_po(text, locale="en")


def missing() -> list[Found]:
    """The texts without an English translation."""
    known = {_key(message) for message in english() if message.id and all(_forms(message.string))}
    return sorted({(context, text) for context, text in texts() if (context, text[0]) not in known})


def _key(message: Message) -> tuple[str, str]:
    return message.context or "", _forms(message.id)[0]


def update() -> None:
    """Add missing texts, untranslated, and remove unused ones."""
    catalogue, used = english(), {(context, text[0]) for context, text in texts()}
    for message in [m for m in catalogue if m.id and _key(m) not in used]:
        catalogue.delete(message.id, message.context)
    for context, text in missing():
        catalogue.add(text[0] if len(text) == 1 else text, context=context or None)
    with ENGLISH.open("wb") as file:
        write_po(file, catalogue, width=0, ignore_obsolete=True, sort_output=True)


if __name__ == "__main__":
    if "update" in sys.argv:
        update()
    if "missing" in sys.argv:
        lacking = missing()
        print("\n".join(" ".join(filter(None, (context, text[0]))) for context, text in lacking))
        sys.exit(bool(lacking))
    for file in sorted((ROOT / "locale").glob("*/LC_MESSAGES/*.po")):
        compile_file(file)
