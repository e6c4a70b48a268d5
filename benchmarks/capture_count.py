"""How many statements a script holds: inside the action or list, and for identity and scope."""

from typing import Any

IDENTITY = ("FROM governance_tenant ", "FROM governance_apitoken ", "FROM governance_member ")


def identity_of(script: list[dict[str, Any]]) -> tuple[int, int]:
    """(inside, identity and scope)."""
    identity = sum(any(word in step["sql"] for word in IDENTITY) for step in script)
    return len(script) - identity, identity
