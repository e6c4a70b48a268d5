"""Import order: rooms import only lower rooms, and modules of a room import only lower storeys."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.db.migrations.loader import MigrationLoader

from governance import celery

ROOT = Path(__file__).resolve().parent.parent
BELOW = {
    "governance": set(),
    "grids": {"governance"},
    "tickets": {"governance", "grids"},
    "volunteers": {"governance", "grids", "tickets"},
    "consultation": {"governance", "grids", "tickets"},
}
#: Modules that may import every room: the addresses of the whole platform.
TOGETHER = {"governance/urls/__init__.py"}

#: The storeys of a room, from the ground up. A module belongs to the storey of its name or of its package.
STOREYS = (
    {"errors", "states", "workflow", "kinds"},
    {"models"},
    {"queries", "choices", "service_levels", "filters"},
    {"actions"},
    {"imports", "subscribers", "tasks", "timers", "forms", "serializing"},
    {"views", "api", "urls", "management", "demo"},
)
#: Modules that import from a higher storey, each with its reason. The list may shrink, not grow.
LEANING: dict[str, str] = {}


def sources(room: str) -> list[Path]:
    return sorted(path for path in (ROOT / room).rglob("*.py") if "migrations" not in path.parts)


def imports(path: Path) -> Iterator[str]:
    """The full names of all modules and names that a file imports, also inside functions."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def strings(path: Path) -> Iterator[str]:
    """Every string that names something in a room, such as "tickets.urls.api" or "tickets.Ticket"."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            room, dot, rest = node.value.partition(".")
            if dot and room in BELOW and rest.replace(".", "").replace("_", "").isalnum():
                yield node.value


def room_of(name: str) -> str:
    return name.split(".")[0]


@pytest.mark.parametrize("room", BELOW)
def test_a_room_imports_only_rooms_below_it(room):
    allowed = BELOW[room] | {room}
    wrong = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in sources(room)
        if str(path.relative_to(ROOT)) not in TOGETHER
        for name in imports(path)
        if room_of(name) in BELOW and room_of(name) not in allowed
    ]
    assert wrong == []


def model_names() -> set[str]:
    return {model._meta.label_lower for model in apps.get_models()}


@pytest.mark.parametrize("room", BELOW)
def test_a_room_names_only_models_of_rooms_below_it(room):
    """Imports of higher models are tested above; a string such as "tickets.Ticket" could name one too."""
    higher = {name for name in model_names() if room_of(name) in set(BELOW) - BELOW[room] - {room}}
    wrong = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in sources(room)
        for name in strings(path)
        if name.lower() in higher
    ]
    assert wrong == []


def test_models_point_only_downwards():
    wrong = [
        f"{model._meta.label}.{field.name} -> {field.related_model._meta.label}"
        for model in apps.get_models()
        if (room := model._meta.app_label) in BELOW
        for field in model._meta.local_fields
        if field.is_relation and field.related_model._meta.app_label in set(BELOW) - BELOW[room] - {room}
    ]
    assert wrong == []


def test_migrations_depend_only_downwards():
    graph = MigrationLoader(None, ignore_no_migrations=True).disk_migrations
    wrong = [
        f"{app}.{name} -> {needed[0]}"
        for (app, name), migration in graph.items()
        if app in BELOW
        for needed in [*migration.dependencies, *migration.run_before]
        if needed[0] in set(BELOW) - BELOW[app] - {app}
    ]
    assert wrong == []


def storey_of(parts: tuple[str, ...]) -> int | None:
    """The storey of a module, given by the first part of its name that has one; None if no part has."""
    for part in parts:
        for number, names in enumerate(STOREYS):
            if part in names:
                return number
    return None


def storeys(room: str) -> Iterator[tuple[str, int, str, int]]:
    """Every import between storeys of the same part of a room: (file, its storey, name, its storey)."""
    for path in sources(room):
        module = path.relative_to(ROOT).with_suffix("").parts
        here = storey_of(module[1:])
        for name in imports(path):
            parts = tuple(name.split("."))
            there = storey_of(parts[1:]) if parts[0] == room else None
            if None not in (here, there) and same_part(module, parts):
                yield str(path.relative_to(ROOT)), here, name, there


def same_part(module: tuple[str, ...], imported: tuple[str, ...]) -> bool:
    """True if both modules are in the same part. Governance has several parts, each with its own storeys."""
    return module[0] != "governance" or module[1] == imported[1]


@pytest.mark.parametrize("room", BELOW)
def test_inside_a_room_nothing_imports_what_stands_above_it(room):
    above = [(path, name) for path, here, name, there in storeys(room) if there > here]
    assert [f"{path}: {name}" for path, name in above if path not in LEANING] == []
    assert {path for path in LEANING if room_of(path.replace("/", ".")) == room} == {
        path for path, _ in above
    }


#: Where no circle of imports may be.
WITHOUT_CIRCLES = ("governance", "grids", "tickets", "benchmarks")


def modules() -> dict[str, Path]:
    """Every module of these folders by its full name; a package goes by the name of its folder."""
    found = {}
    for path in (path for folder in WITHOUT_CIRCLES for path in sources(folder)):
        parts = path.relative_to(ROOT).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def nodes(tree: ast.AST) -> Iterator[ast.AST]:
    """All of a tree, but not what stands under `if TYPE_CHECKING`: that is never imported."""
    for node in ast.iter_child_nodes(tree):
        if not (isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING")):
            yield node
            yield from nodes(node)


def imported(source: str, known: set[str]) -> set[str]:
    """Which of the known modules a source imports, at its top or inside a function."""
    found = set()
    for node in nodes(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= {name if name in known else node.module for name in names}
    return found & known


def circles(graph: dict[str, set[str]]) -> list[list[str]]:
    """The sets of modules that import each other, directly or through others (strongly connected components)."""
    order: dict[str, int] = {}
    lowest: dict[str, int] = {}
    stack: list[str] = []
    found = []

    def visit(module: str) -> None:
        order[module] = lowest[module] = len(order)
        stack.append(module)
        for other in sorted(graph[module]):
            if other not in order:
                visit(other)
                lowest[module] = min(lowest[module], lowest[other])
            elif other in stack:
                lowest[module] = min(lowest[module], order[other])
        if lowest[module] == order[module]:
            at = stack.index(module)
            found.append(sorted(stack[at:]))
            del stack[at:]

    for module in graph:
        if module not in order:
            visit(module)
    return [circle for circle in found if len(circle) > 1]


def test_no_modules_import_each_other():
    known = modules()
    graph = {
        name: imported(path.read_text(encoding="utf-8"), set(known)) - {name} for name, path in known.items()
    }
    assert len(graph) > 300
    assert "governance.events.feed" in graph["governance.events.log"]
    assert circles(graph) == []


def test_a_circle_is_found_wherever_the_import_stands():
    known = {"a", "b", "c", "d"}
    graph = {
        "a": imported("def f():\n    import b", known),
        "b": imported("from c import x", known),
        "c": imported("class K:\n    from a import y", known),
        "d": imported("import typing\nif typing.TYPE_CHECKING:\n    import a\nimport c", known),
    }
    assert graph == {"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"c"}}
    assert circles(graph) == [["a", "b", "c"]]
    assert circles(graph | {"c": {"d"}, "a": set()}) == [["c", "d"]]


def sent_tasks(source: str) -> set[str]:
    """The names of the tasks that a source sends by name."""
    return {
        node.args[0].value
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "send_task"
        and isinstance(node.args[0], ast.Constant)
    }


def test_a_task_that_is_sent_by_name_exists():
    """Nothing else would notice a name that no worker knows."""
    sent = set().union(
        *(sent_tasks(path.read_text(encoding="utf-8")) for room in BELOW for path in sources(room))
    )
    assert {"events.deliver", "messages.send_waiting", "tickets.write_export"} <= sent
    celery.app.loader.import_default_modules()
    assert sent - set(celery.app.tasks) == set()
    scheduled = {entry["task"] for entry in celery.app.conf.beat_schedule.values()}
    assert scheduled - set(celery.app.tasks) == set()


def test_the_walls_are_looked_at():
    """Known imports are found; otherwise the tests above would pass without checking anything."""
    found = list(storeys("tickets"))
    assert ("tickets/orders/api.py", 5, "tickets.ticket.queries", 2) in found
    assert len(found) > 50
    assert "governance.errors.Invalid" in set(imports(ROOT / "grids/people/records.py"))
    assert "tickets.urls.api" in set(strings(ROOT / "governance/urls/__init__.py"))
