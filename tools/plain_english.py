"""Plain English: finds phrases in docstrings and documents that a reader must decode. Exits with 1 if there are any."""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from tools.sources import parse

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("governance", "grids", "tickets", "volunteers", "consultation", "benchmarks", "tools", "tests")
#: A docstring says what a thing is or does: it begins with a noun or a verb.
FREE_RELATIVE = re.compile(r"(What|Who|Whom|Whose|Which|Where|When|How)\b")
PHRASES = {
    re.compile(r"\banew\b", re.IGNORECASE): "again, or new",
    re.compile(r"\bof which\b"): "a sentence of its own",
    re.compile(r"\bin the own name\b"): "for themselves",
    re.compile(r"\bby itself\b"): "automatically",
    re.compile(r"\b(?:is|are|was|were) told\b|\btells of\b"): "is notified, or is shown",
    re.compile(r"\b(?:whereof|wherein|thereof|therein|hereby)\b", re.IGNORECASE): "a plain word",
    re.compile(r"\bon its way out\b|\bout of the house\b"): "the plain fact",
}


def odd_docstrings(name: str, source: str) -> Iterator[str]:
    """Find odd phrases in the docstrings of a source, as `file:line: problem`."""
    for node in ast.walk(parse(source)):
        if not isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        text = ast.get_docstring(node)
        if not text:
            continue
        line = getattr(node, "lineno", 1)
        if FREE_RELATIVE.match(text):
            yield f"{name}:{line}: the docstring begins with {text.split()[0]}; begin with a noun or a verb"
        yield from odd_phrases(f"{name}:{line}", re.sub(r"`[^`]*`", "", text))


def odd_phrases(where: str, text: str) -> Iterator[str]:
    """Find odd phrases in a text."""
    for phrase, better in PHRASES.items():
        if found := phrase.search(text):
            yield f"{where}: “{found[0]}” - say {better}"


def broken() -> Iterator[str]:
    """Every odd phrase in docstrings, and in the documents in English."""
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*.py")):
            if "migrations" not in path.parts and path.name != "plain_english.py":
                yield from odd_docstrings(str(path.relative_to(ROOT)), path.read_text(encoding="utf-8"))
    documents = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md"]
    for path in [*documents, *sorted((ROOT / "docs").glob("*.md")), *sorted((ROOT / "docs").glob("*/*.md"))]:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            yield from odd_phrases(f"{path.relative_to(ROOT)}:{number}", re.sub(r"`[^`]*`", "", line))


if __name__ == "__main__":
    problems = list(broken())
    print("\n".join(problems)) if problems else None
    sys.exit(bool(problems))
