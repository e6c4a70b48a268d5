"""How many statements a script holds: inside the action or list, and for identity and scope."""

from typing import Any

IDENTITY = ("FROM governance_tenant ", "FROM governance_apitoken ", "FROM governance_member ")


def identity_of(script: list[dict[str, Any]]) -> tuple[int, int]:
    """(inside, identity and scope)."""
    sent = [step["sql"].replace('"', "") for step in script]
    identity = sum(any(word in sql for word in IDENTITY) for sql in sent)
    return len(script) - identity, identity
