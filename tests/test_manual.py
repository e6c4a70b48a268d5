"""The manual agrees with the pages: buttons, verbs, settings, pictures. `make manual` takes the pictures."""

import io
import re
from functools import cache
from pathlib import Path

import pytest
from PIL import Image

from governance.web import menus
from tests.browsers import HOW_TO_GET
from tickets.whistles.workflow import MOVES as WHISTLE_MOVES
from tickets.workflow import MOVES
from tools.manual import IMAGES, LARGEST, LARGEST_ALL, Failed, main, squeezed
from tools.manual_shots import SHOTS
from tools.translations import texts

MANUAL = Path(__file__).resolve().parent.parent / "docs/manual"
PAGES = {page.name: page.read_text(encoding="utf-8") for page in sorted(MANUAL.glob("*.md"))}
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
PICTURE = re.compile(r"!\[([^\]]*)\]\(images/([a-z-]+)\.png\)")
QUOTED = re.compile(r"「([^」]+)」")
PLACEHOLDER = re.compile(r"%\\\((?:\w+)\\\)[sd]")
TEXT = "\n".join(PAGES.values())


def pictures():
    return {name for _, name in PICTURE.findall(TEXT)}


def png(picture):
    made = io.BytesIO()
    picture.save(made, "PNG")
    return made.getvalue()


@cache
def said():
    """Every text of the pages: (the texts, and patterns for the texts with placeholders)."""
    whole, shaped = set(), []
    for _context, forms in texts():
        for text in forms:
            whole.add(text)
            shape = PLACEHOLDER.sub("(.+)", re.escape(text))
            if shape != re.escape(text) and len(re.sub(r"[^\u4e00-\u9fff]", "", text)) > 1:
                shaped.append(re.compile(shape))
    return whole, shaped


def unsaid(words, whole, shaped):
    """The words that are on no page. A placeholder's value must itself be a text of a page, as a verb in 确认…."""

    def filled(word):
        found = (shape.fullmatch(word) for shape in shaped)
        return any(match and whole.issuperset(match.groups()) for match in found)

    return sorted(word for word in set(words) if word not in whole and not filled(word))


def test_every_reader_has_a_page():
    assert set(PAGES) == {
        "README.md",
        "resident.md",
        "community.md",
        "street.md",
        "department.md",
        "county.md",
        "administrator.md",
        "integrator.md",
        "operator.md",
    }


def test_what_is_named_is_taken_and_what_is_taken_is_named():
    shots = [shot.name for shot in SHOTS]
    assert len(shots) == len(set(shots))
    assert pictures() == set(shots)
    assert {file.stem for file in IMAGES.iterdir()} == set(shots)


def test_every_picture_has_words_for_who_does_not_see_it():
    assert [name for words, name in PICTURE.findall(TEXT) if not words.strip()] == []


def test_pictures_are_small_and_whole():
    sizes = {file.name: file.stat().st_size for file in IMAGES.glob("*.png")}
    assert {name: size for name, size in sizes.items() if size > LARGEST} == {}
    assert sum(sizes.values()) <= LARGEST_ALL
    for file in IMAGES.glob("*.png"):
        with Image.open(file) as picture:
            picture.verify()


def test_a_picture_that_cannot_be_made_small_is_refused():
    page, noise = Image.new("RGB", (1280, 720), "white"), Image.effect_noise((1280, 720), 90)
    assert len(squeezed(png(page))) <= LARGEST
    with pytest.raises(Failed, match="cut the picture smaller"):
        squeezed(png(noise))


def test_without_a_chromium_it_is_said_how_to_get_one(monkeypatch, capsys):
    monkeypatch.setenv("PATH", "")
    assert main([]) == 1
    assert capsys.readouterr().err == HOW_TO_GET + "\n"


def test_words_in_quotes_stand_on_the_pages():
    assert unsaid(QUOTED.findall(TEXT), *said()) == []


@pytest.mark.parametrize("word", ["确认开除", "大事不好", "的"])
def test_a_word_that_no_page_has_is_found(word):
    assert unsaid([word], *said()) == [word]


def test_every_page_of_the_settings_has_its_part():
    headings = set(re.findall(r"^#+ (.+)$", PAGES["administrator.md"], re.MULTILINE))
    labels = {str(one.label) for (face, _), one in menus._entries.items() if face == "settings"}
    assert labels
    assert labels - headings == set()


@pytest.mark.parametrize("move", [*MOVES.values(), *WHISTLE_MOVES.values()], ids=lambda move: move.event)
def test_every_verb_is_told(move):
    assert str(getattr(move, "button", move.label)) in QUOTED.findall(TEXT)


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page):
    targets = [link.partition("#")[0] for link in LINK.findall(PAGES[page]) if "://" not in link]
    assert targets
    assert [target for target in targets if not (MANUAL / target).exists()] == []


def test_the_readmes_lead_to_the_manual():
    root = MANUAL.parent.parent
    for name in ("README.md", "README.zh-CN.md"):
        assert "(docs/manual/README.md)" in (root / name).read_text(encoding="utf-8")
