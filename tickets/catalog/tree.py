"""The category tree of a district, compiled once per configuration: one statement for everything asked of it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from governance.tenancy.config import compiled
from governance.tenancy.models import Tenant
from governance.tenancy.scope import current
from grids.units import initials
from tickets.catalog.models import Category

COLUMNS = (
    "id",
    "parent_id",
    "code",
    "name",
    "name_en",
    "leaf",
    "active",
    "tier",
    "matter",
    "needs_eyes",
    "dispute",
    "unlisted",
    "duty_unit_id",
    "duty_unit__active",
)


#: The share of a name that must stand in the text for a proposal.
LIKE = 0.6


@dataclass(frozen=True, slots=True)
class Node:
    """One category; the marks `dispute` and `unlisted` also hold if a category above it has them."""

    id: int
    parent_id: int | None
    code: str
    name: str
    name_en: str
    leaf: bool
    active: bool
    tier: str
    matter: str
    needs_eyes: bool
    dispute: bool
    unlisted: bool
    duty_unit_id: int | None
    duty_unit_active: bool | None


@dataclass(frozen=True, slots=True)
class Tree:
    """All categories, by id and by code, in the order of their codes."""

    nodes: dict[int, Node] = field(default_factory=dict)
    by_code: dict[str, Node] = field(default_factory=dict)

    def active(self) -> Iterator[Node]:
        """The categories in use, in the order of their codes."""
        return (node for node in self.nodes.values() if node.active)

    def upwards(self, category_id: int | None) -> list[Node]:
        """A category and those above it, the nearest first; empty for None and for an unknown id."""
        found: list[Node] = []
        while (node := self.nodes.get(category_id)) is not None:
            found.append(node)
            category_id = node.parent_id
        return found


def tree(tenant: Tenant | None = None) -> Tree:
    """The tree of a district, by default of the open scope; no statement once compiled."""
    return compiled(tenant or current(), "category_tree", _load)


def _load() -> Tree:
    return _grown(Category.objects.order_by("code").values_list(*COLUMNS))


def _grown(rows: Iterable[tuple]) -> Tree:
    """Build the tree from rows in the order of COLUMNS, and pass each mark on to the categories below."""
    plain = {row[0]: Node(*row) for row in rows}
    bare = Tree(nodes=plain)
    made = Tree()
    for node in plain.values():
        line = bare.upwards(node.id)
        marks = {mark: any(getattr(one, mark) for one in line) for mark in ("dispute", "unlisted")}
        values = {name: getattr(node, name) for name in Node.__slots__} | marks
        made.nodes[node.id] = made.by_code[node.code] = Node(**values)
    return made


def letters() -> dict[str, str]:
    """{character: its first letters} of the names of all categories; compiled."""
    return compiled(current(), "category_letters", _load_letters)


def named(word: str) -> list[int]:
    """The ids of the categories whose names contain the word or its letters; those below them included."""
    nodes = tree().nodes
    known = letters() if initials.are_letters(word) else {}

    def fits(node: Node) -> bool:
        return word in node.name or bool(known and initials.fits(word, node.name, known))

    return [pk for pk in nodes if any(fits(node) for node in tree().upwards(pk))]


def proposed(text: str, matter: str = "") -> Node | None:
    """The category that the words of a report suggest, None if none is near; no statement.

    Names that stand in the text come first, the longest of them; then those that share most pairs of characters.
    With a `matter` such as complaint, its own categories come first, and the only one of them needs no words.
    """
    leaves = [node for node in tree().active() if node.leaf]
    own = [node for node in leaves if matter and node.matter == matter]
    for nodes in filter(None, (own, leaves)):
        best = max(nodes, key=lambda node: _likeness(node.name, text))
        if _likeness(best.name, text) >= LIKE:
            return best
    return own[0] if len(own) == 1 else None


def _likeness(name: str, text: str) -> float:
    """0 to 1 for the share of the name's pairs of characters in the text, above 1 for the whole name."""
    if name in text:
        return 1 + len(name)
    pairs = [name[at : at + 2] for at in range(len(name) - 1)]
    return sum(pair in text for pair in pairs) / len(pairs) if pairs else 0


def _load_letters() -> dict[str, str]:
    return initials.letters_of(node.name for node in tree().nodes.values())
