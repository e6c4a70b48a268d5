"""The documents name only what exists: relative links, paths and names of the code in back-ticks."""

import re
from functools import cache
from pathlib import Path

import pytest

from tools import rooms

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


#: Documents that lead through the code: each name in them is looked up.
GUIDES = [ROOT / "docs/architecture.md", *sorted((ROOT / "docs/how").glob("*.md"))]
CODE = re.compile(r"```python\n(.*?)```|`([^`\n]+)`", re.DOTALL)
#: `module.name(` or `NAME` or `_name`; other words may be examples.
DOTTED = re.compile(r"\b([a-z_]+)\.([A-Za-z_]+)\b(?!\.)")
LONE = re.compile(r"(?<![\w./])(_[a-z_]{3,}|[A-Z_]{4,})\b(?![./])")


@cache
def defined():
    """{module's own name: the words of the modules of that name}, and the words of all sources, tools and tests."""
    found, everything = {}, set()
    more = [
        path
        for folder in ("tools", "tests")
        for path in (ROOT / folder).rglob("*.py")
        if path != Path(__file__)
    ]
    for path in [*rooms.modules().values(), *more]:
        text = path.read_text(encoding="utf-8")
        names = set(re.findall(r"\w+", text)) | set(re.findall(r'"([a-z_]+\.[a-z_]+)"', text))
        found.setdefault(path.stem, set()).update(names)
        everything |= names
    return found, everything


def unknown(text):
    """The names in a guide that the code does not have: `moving.gone`, `_GONE`."""
    modules, everything = defined()
    spans = [block or span for block, span in CODE.findall(text)]
    spans = [re.sub(r'"[^"]*"', "", span) for span in spans]  # a string is data, such as the kind of an event
    spans = [span for span in spans if "/" not in span and not span.endswith((".py", ".md", ".html"))]
    dotted = [pair for span in spans for pair in DOTTED.findall(span) if pair[0] in modules]
    lost = [f"{module}.{name}" for module, name in dotted if name not in modules[module]]
    lost = [name for name in lost if name not in everything]  # the kind of an event that the code records
    return lost + [name for span in spans for name in LONE.findall(span) if name not in everything]


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.name)
def test_a_guide_names_only_what_the_code_has(guide):
    assert unknown(guide.read_text(encoding="utf-8")) == []


def test_a_name_that_is_gone_is_found():
    assert unknown("`moving.make_move`, `rights.check(x)` and `_EXTRA_RULES`") == []
    assert unknown("`moving.gone_for_good(ticket)`; `_GONE_FOR_GOOD`") == [
        "moving.gone_for_good",
        "_GONE_FOR_GOOD",
    ]
    assert unknown("```python\nmoving.gone_for_good()\n```") == ["moving.gone_for_good"]
