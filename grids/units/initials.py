"""Find names by the first letters of their pinyin, as people type them: "xfsq" for 幸福社区."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from governance.access.actors import outermost
from governance.access.models import Member
from governance.tenancy.config import compiled
from governance.tenancy.scope import current
from grids import choices
from grids.models import Area, Level, Unit
from grids.units import queries as unit_queries

LEAST, MOST = 2, 12
SHOWN = 8
MOST_PEOPLE = 200


class Found(NamedTuple):
    """One area or unit, by its code."""

    code: str
    name: str


def letters() -> dict[str, str]:
    """{character: its first letters} for every character in the district's names; compiled once per
    configuration."""
    return compiled(current(), "initials", lambda: letters_of(_names()))


def place_letters() -> dict[str, str]:
    """The same for the names of streets and communities only, as residents read them."""
    return compiled(current(), "place_initials", lambda: letters_of(one.name for one in choices.places()))


def _names() -> Iterator[str]:
    levels = [Level.DISTRICT, Level.STREET, Level.COMMUNITY, Level.GRID]
    yield from Area.objects.filter(level__in=levels, valid_to=None).values_list("name", flat=True)
    yield from Unit.objects.filter(active=True).values_list("name", flat=True)
    yield from Member.objects.filter(active=True).values_list("name", flat=True)


def letters_of(names: Iterable[str]) -> dict[str, str]:
    """The same for any names; a character with several readings has several letters."""
    from pypinyin import Style, pinyin  # noqa: PLC0415 - its dictionary is large, and few processes need it

    found = {}
    for char in sorted(set("".join(names))):
        if "\u4e00" <= char <= "\u9fff":
            read = pinyin(char, style=Style.FIRST_LETTER, heteronym=True, errors="ignore")
            found[char] = "".join(sorted({one[:1] for one in read[0]})) if read else ""
    return found


def fits(typed: str, name: str, known: dict[str, str]) -> bool:
    """Do the letters match consecutive characters of the name?

    Letters and digits of the name match themselves.
    """
    wanted, shown = typed.lower(), name.lower()
    return any(
        all(
            letter == char or letter in known.get(char, "") for letter, char in zip(wanted, part, strict=True)
        )
        for part in (shown[i : i + len(wanted)] for i in range(len(shown) - len(wanted) + 1))
    )


def find(typed: str) -> dict[str, list[Found]]:
    """The areas and units whose names contain the letters, as {"areas": ..., "units": ...}.

    Both are empty unless `typed` has two to twelve letters.
    """
    text = typed.strip()
    if not are_letters(text):
        return {"areas": [], "units": []}
    known = letters()
    places = [Found(place.code, place.name) for place in choices.places()]
    units = [Found(code, name) for code, name in unit_queries.unit_choices()]
    return {
        "areas": [one for one in places if fits(text, one.name, known)][:SHOWN],
        "units": [one for one in units if fits(text, one.name, known)][:SHOWN],
    }


def places_named(word: str) -> list[str]:
    """The paths of streets, communities and grids whose names contain the word or its letters; none inside another."""
    named = [(one.path, one.name) for one in choices.places() if one.level != Level.DISTRICT]
    named += choices.grid_names().items()
    known = letters() if are_letters(word) else {}
    return outermost(path for path, name in named if word in name or (known and fits(word, name, known)))


def people(typed: str) -> list[int]:
    """The ids of the members whose names contain the letters; MOST_PEOPLE at most, one statement, none for
    other input."""
    text = typed.strip()
    if not are_letters(text):
        return []
    known = letters()
    rows = Member.objects.order_by("name", "id").values_list("id", "name")
    return [pk for pk, name in rows if fits(text, name, known)][:MOST_PEOPLE]


def are_letters(text: str) -> bool:
    """Can the text be the first letters of a name?"""
    return LEAST <= len(text) <= MOST and text.isascii() and text.isalpha()
