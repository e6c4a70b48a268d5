"""Count the statements of a script: for the action or list, and for identity and scope."""

from typing import Any

IDENTITY = ("FROM governance_tenant ", "FROM governance_apitoken ", "FROM governance_member ")


def identity_of(script: list[dict[str, Any]]) -> tuple[int, int]:
    """(statements of the action or list, statements of identity and scope)."""
    sent = [step["sql"].replace('"', "") for step in script]
    identity = sum(any(word in sql for word in IDENTITY) for sql in sent)
    return len(script) - identity, identity
