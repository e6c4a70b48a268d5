"""The documents name only files that exist: relative links, and paths in back-ticks."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = [
    *ROOT.glob("*.md"),
    *(ROOT / "docs").glob("*.md"),
    *(ROOT / "docs/how").glob("*.md"),
    *(ROOT / "docs/adr").glob("*.md"),
]
LINK = re.compile(r"\]\(([^)\s]+)\)")
PATH = re.compile(r"`([^`\s<>*]+/[^`\s<>*]+\.(?:py|md|html|csv))`")


def missing(document):
    """The links and paths of a document that lead nowhere."""
    text = document.read_text(encoding="utf-8")
    links = [link.partition("#")[0] for link in LINK.findall(text) if "://" not in link]
    lost = [link for link in links if not (document.parent / link).exists()]
    return lost + [path for path in PATH.findall(text) if not (ROOT / path).exists()]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: str(document.relative_to(ROOT)))
def test_every_path_in_a_document_exists(document):
    assert missing(document) == []


@pytest.mark.parametrize("text", ["[a](gone.md)", "see `tickets/gone.py`", "`docs/gone/a.md`"])
def test_a_path_that_leads_nowhere_is_found(tmp_path, text):
    page = tmp_path / "page.md"
    page.write_text(text, encoding="utf-8")
    assert len(missing(page)) == 1
