"""Import order: every module has a place, and imports only what stands below it (tools/rooms.py)."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.db.migrations.loader import MigrationLoader

from governance import celery
from tools import rooms
from tools.rooms import APPS, ROOT, Place
from tools.sources import parse

LOWER = {
    app: set(APPS[: APPS.index(app)]) - ({"volunteers"} if app == "consultation" else set()) for app in APPS
}


def test_every_module_has_a_place():
    """An unknown room or an unknown file name fails; nothing is left out."""
    assert rooms.unplaced() == []
    files = {path for app in APPS for path in (ROOT / app).rglob("*.py") if "migrations" not in path.parts}
    assert set(rooms.modules().values()) == files
    assert len(files) > 350


def test_an_app_imports_no_tests_and_no_tools():
    assert rooms.of_tools() == []


def test_a_module_too_far_down_and_a_package_that_is_no_app_are_seen(monkeypatch):
    path = ROOT / "tickets" / "desk" / "views" / "deep" / "helpers.py"
    monkeypatch.setattr(rooms, "modules", lambda: {"tickets.desk.views.deep.helpers": path})
    monkeypatch.setattr(rooms, "packages", lambda: {"tickets", "reports"})
    assert rooms.unplaced() == [
        "reports is neither an app nor a tool",
        "tickets.desk.views.deep.helpers: a folder of a room has no folders",
    ]


def test_a_room_imports_only_rooms_below_it():
    assert rooms.against_the_floors() == []


def test_a_file_imports_only_files_on_its_storey_and_below():
    assert rooms.against_the_storeys() == []


def test_the_files_that_a_room_names_exist():
    """A line for a file that is gone, or with an unknown storey, would hide the next one."""
    wrong = []
    for app in APPS:
        for room in {place.room for place in map(rooms.place_of, rooms.modules()) if place.app == app}:
            folder = ROOT / app if room in {rooms.GROUND, rooms.WIRING} else ROOT / app / room
            for name, storey in rooms.named_files(app, room).items():
                exists = (folder / f"{name}.py").exists() or (folder / name).is_dir()
                known = storey == "wiring" or any(storey in names for names in rooms.STOREYS)
                wrong += [] if exists and known else [f"{app}.{room}: {name} ({storey})"]
    assert wrong == []


def test_the_walls_are_looked_at():
    """Known imports are found; otherwise the tests above would pass without checking anything."""
    graph = rooms.graph()
    assert "tickets.ticket.queries" in graph["tickets.orders.api"]
    assert "governance.errors" in graph["grids.people.actions"]
    assert sum(map(len, graph.values())) > 1500
    assert rooms.floor_of(Place("tickets", "attic", "queries")) is None
    assert rooms.storey_of(Place("tickets", "whistles", "helpers")) is None
    assert not rooms._allowed("tickets.desk.page", "tickets.portal.forms")
    assert not rooms._allowed("tickets.catalog.queries", "tickets.orders.forms")
    assert not rooms._allowed("grids.units.queries", "tickets.states")
    assert not rooms._allowed("volunteers.hours.models", "consultation.votes.models")
    assert rooms._allowed("consultation.votes.models", "tickets.ticket.models.ticket")


def strings(path: Path) -> Iterator[str]:
    """Every string that names something in an app, such as "tickets.urls.api" or "tickets.Ticket"."""
    for node in ast.walk(parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            app, dot, rest = node.value.partition(".")
            if dot and app in APPS and rest.replace(".", "").replace("_", "").isalnum():
                yield node.value


def sources(app: str) -> list[Path]:
    return [path for name, path in rooms.modules().items() if name.split(".")[0] == app]


@pytest.mark.parametrize("app", APPS)
def test_an_app_names_only_models_of_apps_below_it(app):
    """Imports of higher models are tested above; a string such as "tickets.Ticket" could name one too."""
    labels = {model._meta.label_lower for model in apps.get_models()}
    higher = {name for name in labels if name.split(".")[0] in set(APPS) - LOWER[app] - {app}}
    wrong = [f"{path}: {name}" for path in sources(app) for name in strings(path) if name.lower() in higher]
    assert wrong == []
    assert "tickets.urls.api" in set(strings(ROOT / "governance/urls/__init__.py"))


def test_models_point_only_downwards():
    wrong = [
        f"{model._meta.label}.{field.name} -> {field.related_model._meta.label}"
        for model in apps.get_models()
        if (app := model._meta.app_label) in APPS
        for field in model._meta.local_fields
        if field.is_relation and field.related_model._meta.app_label in set(APPS) - LOWER[app] - {app}
    ]
    assert wrong == []


def test_migrations_depend_only_downwards():
    graph = MigrationLoader(None, ignore_no_migrations=True).disk_migrations
    wrong = [
        f"{app}.{name} -> {needed[0]}"
        for (app, name), migration in graph.items()
        if app in APPS
        for needed in [*migration.dependencies, *migration.run_before]
        if needed[0] in set(APPS) - LOWER[app] - {app}
    ]
    assert wrong == []


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
    bench = {f"benchmarks.{path.stem}": path for path in (ROOT / "benchmarks").glob("*.py")}
    known = frozenset(rooms.modules()) | bench.keys()
    graph = {
        name: rooms.imports(path.read_text(encoding="utf-8"), known) - {name}
        for name, path in (rooms.modules() | bench).items()
    }
    assert "governance.events.feed" in graph["governance.events.log"]
    assert circles(graph) == []


def test_a_circle_is_found_wherever_the_import_stands():
    known = frozenset("abcd")
    graph = {
        "a": rooms.imports("def f():\n    import b", known),
        "b": rooms.imports("from c import x", known),
        "c": rooms.imports("class K:\n    from a import y", known),
        "d": rooms.imports("import typing\nif typing.TYPE_CHECKING:\n    import a\nimport c", known),
    }
    assert graph == {"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"c"}}
    assert circles(graph) == [["a", "b", "c"]]
    assert circles(graph | {"c": {"d"}, "a": set()}) == [["c", "d"]]


def sent_tasks(source: str) -> set[str]:
    """The names of the tasks that a source sends by name."""
    return {
        node.args[0].value
        for node in ast.walk(parse(source))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "send_task"
        and isinstance(node.args[0], ast.Constant)
    }


def test_a_task_that_is_sent_by_name_exists():
    """Nothing else would notice a name that no worker knows."""
    sent = set().union(
        *(sent_tasks(path.read_text(encoding="utf-8")) for app in APPS for path in sources(app))
    )
    assert {"events.deliver", "messages.send_waiting", "tickets.write_export"} <= sent
    celery.app.loader.import_default_modules()
    assert sent - set(celery.app.tasks) == set()
    scheduled = {entry["task"] for entry in celery.app.conf.beat_schedule.values()}
    assert scheduled - set(celery.app.tasks) == set()


#: A write through the ORM, as far as its line shows it.
WRITE = re.compile(
    r"\.objects\b[^\n]*\.(?:create|bulk_create|bulk_update|update_or_create|get_or_create|delete|update)\("
    r"|\.save\((?:\)|update_fields|force_insert)"
)
#: Modules in rooms that write and are no actions, each with its reason. The list may shrink, not grow.
OTHER_WRITERS = {
    "governance.access.models": "the manager that Django's createsuperuser calls",
    "governance.accounts.views.log_in": "Django's form stores the new password",
    "governance.clocks.steps": "marks the deadline that it fires",
    "governance.operations.admin": "Django's admin",
    "governance.tenancy.config": "the counter by which processes forget what they compiled",
    "grids.areas.imports": "stores the table that it reads",
    "tickets.catalog.imports": "stores the table that it reads",
    "tickets.intake.imports": "stores the past ticket that it reads",
}


def test_what_writes_stands_in_actions():
    storey = next(number for number, names in enumerate(rooms.STOREYS) if "actions" in names)
    writers = {
        module
        for module, path in rooms.modules().items()
        if (place := rooms.place_of(module)).room != rooms.WIRING
        and rooms.storey_of(place) != storey
        and WRITE.search(path.read_text(encoding="utf-8"))
    }
    assert writers == set(OTHER_WRITERS)
