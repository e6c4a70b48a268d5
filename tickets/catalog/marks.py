"""Marks of categories: dispute, unlisted."""

from tickets.catalog.tree import tree


def is_dispute(category_id: int | None) -> bool:
    """Is the category, or one above it, marked as a dispute? No statement once compiled."""
    node = tree().nodes.get(category_id)
    return node is not None and node.dispute


def categories() -> set[int]:
    """The ids of all dispute categories. No statement once compiled."""
    return {node.id for node in tree().nodes.values() if node.dispute}


def unlisted() -> set[int]:
    """The ids of all categories hidden from the public list and map, with those below them.

    No statement once compiled.
    """
    return {node.id for node in tree().nodes.values() if node.unlisted}
