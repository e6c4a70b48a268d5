"""Import a category tree from a table."""

from django.utils.translation import gettext as _

from governance.sheets.tables import Fault, Report, Row, require_columns
from governance.tenancy import config
from governance.tenancy.dry_run import kept_unless
from governance.tenancy.scope import current
from tickets.catalog.models import Category

DISPUTE = ("纠纷类", "dispute")
YES = {"是", "1", "true", "yes", "y", "√"}
LEVELS = (("一级分类", "level1"), ("二级分类", "level2"), ("三级分类", "level3"))
#: The accepted headings of each field, the first one for people.
WANTED = (*LEVELS, DISPUTE)


def import_categories(rows: list[Row], *, dry_run: bool = False) -> Report:
    """Import a tree of up to three levels, one leaf per row; codes follow the file's order, two digits per
    level.

    Idempotent: a category found by its names keeps its code. Raises Invalid if the first column is missing.
    """
    require_columns(rows, LEVELS[0])
    report = Report()
    with kept_unless(dry_run):
        tree = {(c.parent_id, c.name): c for c in Category.objects.all()}
        for row in rows:
            names = [row.get(*names) for names in LEVELS]
            names = names[: names.index("")] if "" in names else names
            if not names:
                report.faults.append(Fault(row.line, _("没有一级分类"), row.cells))
                continue
            made = _grow(tree, names)
            marked = _mark_dispute(tree, names, row.get(*DISPUTE))
            report.created += made
            report.updated += marked and not made
            report.unchanged += not (made or marked)
        _mark_leaves()
        config.changed(current())
    return report


def _grow(tree: dict[tuple[int | None, str], Category], names: list[str]) -> bool:
    parent: Category | None = None
    made = False
    for level, name in enumerate(names, 1):
        key = (parent.pk if parent else None, name[:60])
        if key not in tree:
            siblings = sum(1 for parent_id, _name in tree if parent_id == key[0])
            code = (parent.code if parent else "") + f"{siblings + 1:02d}"
            tree[key] = Category.objects.create(parent=parent, code=code, name=name[:60], level=level)
            made = True
        parent = tree[key]
    return made


def _mark_dispute(tree: dict[tuple[int | None, str], Category], names: list[str], word: str) -> bool:
    """Mark the leaf of a row as a dispute if its column says yes and it is not marked yet; an empty cell
    changes nothing."""
    if word.strip().lower() not in YES:
        return False
    node: Category | None = None
    for name in names:
        node = tree[node.pk if node else None, name[:60]]
    if node.dispute:
        return False
    node.dispute = True
    node.save(update_fields=["dispute"])
    return True


def _mark_leaves() -> None:
    parents = Category.objects.exclude(parent=None).values("parent_id")
    Category.objects.filter(pk__in=parents, leaf=True).update(leaf=False)
