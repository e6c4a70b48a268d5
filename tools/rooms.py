"""The rooms of the code: which may import which, and which file names a room may have.

An app consists of rooms, one package for each subject. Rooms stand on floors: a room imports rooms of lower floors and
itself, never a room beside it. The files of a room stand on storeys: a file imports files of its own storey and of
lower ones. `python -m tools.rooms` prints the floors; docs/architecture.md shows them.
"""

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tools.sources import parse

ROOT = Path(__file__).resolve().parent.parent
#: The apps, from the ground up; an app imports the apps before it. The last two do not import each other.
APPS = ("governance", "grids", "tickets", "volunteers", "consultation")
BESIDE = {("consultation", "volunteers")}
GROUND, WIRING = "(ground)", "(wiring)"
#: The rooms of each app by floor. GROUND are files of the app's root that every room may import, WIRING the files of
#: the root that may import every room and are imported by none.
FLOORS: dict[str, list[tuple[str, ...]]] = {
    "governance": [
        (GROUND,),
        ("database",),
        ("tenancy",),
        ("access",),
        ("text",),
        ("messages",),
        ("events",),
        ("web",),
        ("sheets",),
        ("clocks",),
        ("accounts", "district"),
        ("operations", "serving"),
        ("embedded",),
        (WIRING,),
    ],
    "grids": [(GROUND,), ("units",), ("people",), ("roster",), ("areas",), (WIRING,)],
    "tickets": [
        (GROUND,),
        ("catalog",),
        ("ticket",),
        ("questions", "replies", "phones", "handover", "duties", "mediation", "whistles"),
        ("privacy", "lists"),
        ("today",),
        ("public",),
        ("intake",),
        ("orders",),
        ("desk", "portal"),
        (WIRING,),
    ],
    "volunteers": [(GROUND,), ("people",), ("teams",), ("activities",), ("hours",), ("wishes",), (WIRING,)],
    "consultation": [
        (GROUND,),
        ("spaces",),
        ("topics",),
        ("meetings",),
        ("votes",),
        ("agreements",),
        ("disclosures",),
        (WIRING,),
    ],
}
#: Files of an app's root that stand on its ground.
ON_THE_GROUND = {
    "governance": {"errors", "environment"},
    "grids": {"models", "tree", "choices", "coordinates", "followers", "initials", "kinds"},
    "tickets": {"states", "sentences", "moves", "workflow", "sql"},
    "volunteers": set(),
    "consultation": set(),
}
#: Packages of the root that are wiring.
WIRING_PACKAGES = {"demo", "urls", "management", "templatetags"}
#: Files of the root that are wiring; the root's docstring names others.
WIRING_FILES = {"apps", "menu", "gaps", "models", "documents", "tasks", "urls"}
#: The file names that a room may have, from the ground up.
STOREYS: tuple[tuple[str, ...], ...] = (
    ("kinds", "states", "workflow"),
    ("models",),
    ("rules", "rights"),
    ("queries",),
    ("actions",),
    ("forms", "sheet", "imports", "documents"),
    ("subscribers", "timers", "tasks", "notice_lines"),
    ("views", "api"),
)
#: How a room's docstring names a file of another name: `moving.py` (actions): the only writer of a state.
NAMED = re.compile(r"^`([\w/]+)(?:\.py)?` \((\w+)\): \S", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Place:
    """The place of a module: its app, its room, and the file name (a package's name) inside the room."""

    app: str
    room: str
    file: str


@cache
def modules() -> dict[str, Path]:
    """Every module of the apps by its full name, without migrations; a package goes by the name of its folder."""
    found = {}
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            if "migrations" not in parts:
                found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def place_of(module: str) -> Place:
    """The place of a module. A package itself has the file name "", as has the app."""
    app, *rest = module.split(".")
    if not rest:
        return Place(app, WIRING, "")
    if (ROOT / app / rest[0]).is_dir():
        room = WIRING if rest[0] in WIRING_PACKAGES else rest[0]
        return Place(app, room, rest[1] if len(rest) > 1 else "")
    return Place(app, GROUND if rest[0] in ON_THE_GROUND[app] else WIRING, rest[0])


def floor_of(place: Place) -> int | None:
    """The number of the floor; None for a room that is not in the list."""
    return next((n for n, rooms in enumerate(FLOORS[place.app]) if place.room in rooms), None)


@cache
def named_files(app: str, room: str) -> dict[str, str]:
    """{file name: storey} of the files that the docstring of a room, or of the app, names."""
    folder = ROOT / app if room in {GROUND, WIRING} else ROOT / app / room
    text = ast.get_docstring(parse((folder / "__init__.py").read_text(encoding="utf-8"))) or ""
    return dict(NAMED.findall(text))


def storey_of(place: Place) -> int | None:
    """The number of the storey; None for a file name that neither the list nor the room's docstring has."""
    name = named_files(place.app, place.room).get(place.file, place.file)
    return next((n for n, names in enumerate(STOREYS) if name in names), None)


def imports(source: str, known: frozenset[str]) -> set[str]:
    """The known modules that a source imports, at its top or inside a function, but not for type checkers only."""
    found: set[str] = set()
    for node in _nodes(parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= {name if name in known else str(node.module) for name in names}
    return found & known


def _nodes(tree: ast.AST) -> Iterator[ast.AST]:
    for node in ast.iter_child_nodes(tree):
        if not (isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING")):
            yield node
            yield from _nodes(node)


@cache
def graph() -> dict[str, set[str]]:
    """{module: the modules of the apps that it imports}."""
    known = frozenset(modules())
    return {
        name: imports(path.read_text(encoding="utf-8"), known) - {name} for name, path in modules().items()
    }


#: Packages beside the apps: they may import the apps, which must not import them.
TOOLS = ("tests", "tools", "benchmarks")


def packages() -> set[str]:
    """The folders of the top level that hold Python modules, and the modules there."""
    hidden = {path for path in ROOT.iterdir() if path.name.startswith(".") or path.name == "node_modules"}
    found = {
        path.name
        for path in ROOT.iterdir()
        if path.is_dir() and path not in hidden and any(path.rglob("*.py"))
    }
    return found | {path.stem for path in ROOT.glob("*.py")}


def of_tools() -> list[str]:
    """Modules of the apps that import tests or tools."""
    found = re.compile(rf"^\s*(?:from|import) (?:{'|'.join(TOOLS)})\b", re.MULTILINE)
    return [name for name, path in modules().items() if found.search(path.read_text(encoding="utf-8"))]


def unplaced() -> list[str]:
    """Packages that are no app, modules in an unknown room, files with an unknown name or too far down."""
    wrong = [
        f"{name} is neither an app nor a tool" for name in sorted(packages() - {*APPS, *TOOLS, "manage"})
    ]
    return wrong + [f"{module}: {why}" for module in modules() if (why := _misplaced(module))]


def _misplaced(module: str) -> str:
    place, path = place_of(module), modules()[module]
    if floor_of(place) is None:
        return f"{place.app} has no room {place.room}"
    if place.room == WIRING:
        is_file = module.count(".") == 1 and path.name != "__init__.py"
        named = WIRING_FILES | named_files(place.app, WIRING).keys()
        return f"unknown file in the root of {place.app}" if is_file and place.file not in named else ""
    if place.room != GROUND and place.file and storey_of(place) is None:
        return f"the room {place.room} may have no file {place.file}"
    deep = module.count(".") + (path.name == "__init__.py") > 3
    return "a folder of a room has no folders" if deep else ""


def against_the_floors() -> list[str]:
    """Imports of a higher app, of a higher floor, or of a room beside."""
    return [f"{module} imports {other}" for module, other in _pairs() if not _allowed(module, other)]


def against_the_storeys() -> list[tuple[str, str]]:
    """(module, import) inside one room where the import stands on a higher storey."""
    found = []
    for module, other in _pairs():
        here, there = place_of(module), place_of(other)
        if (here.app, here.room) == (there.app, there.room) and here.room not in {GROUND, WIRING}:
            own, its = storey_of(here), storey_of(there)
            if own is not None and its is not None and its > own:
                found.append((module, other))
    return found


def _pairs() -> Iterator[tuple[str, str]]:
    return ((module, other) for module, others in graph().items() for other in sorted(others))


def _allowed(module: str, other: str) -> bool:
    here, there = place_of(module), place_of(other)
    if not there.file and there.room == WIRING:
        return True  # the app's own package has no code
    if here.app != there.app:
        lower = APPS.index(there.app) < APPS.index(here.app)
        return lower and (there.app, here.app) not in BESIDE and (here.app, there.app) not in BESIDE
    if here.room == there.room:
        return True
    own, its = floor_of(here), floor_of(there)
    return own is not None and its is not None and its < own


def picture() -> str:
    """The apps and their floors as text, the highest first, with the number of modules of each room."""
    counts: dict[tuple[str, str], int] = {}
    for module in modules():
        place = place_of(module)
        counts[place.app, place.room] = counts.get((place.app, place.room), 0) + 1
    lines = []
    for app in reversed(APPS):
        lines.append(app)
        for number, rooms in reversed([*enumerate(FLOORS[app])]):
            named = [f"{room} {counts[app, room]}" for room in rooms if counts.get((app, room))]
            lines += [f"  {number:>2}  {'   '.join(named)}"] if named else []
    return "\n".join(lines)


DOCUMENT = ROOT / "docs" / "architecture.md"
BEGIN, END = "<!-- picture -->\n```\n", "\n```\n<!-- /picture -->"


def with_picture(text: str) -> str:
    """The document with the present picture between its two marks."""
    before, _, rest = text.partition(BEGIN)
    return before + BEGIN + picture() + END + rest.partition(END.lstrip())[2]


def main(arguments: list[str]) -> int:
    """Print the picture; `--write` puts it into docs/architecture.md, `--check` fails if that is stale."""
    text = DOCUMENT.read_text(encoding="utf-8")
    if "--write" in arguments:
        DOCUMENT.write_text(with_picture(text), encoding="utf-8")
    elif "--check" in arguments:
        if with_picture(text) != text:
            print("docs/architecture.md shows other rooms than the code has; run `make docs`.")
            return 1
    else:
        print(picture())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
