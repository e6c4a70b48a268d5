"""What a promise can be about."""

from typing import Any, Protocol


class Subject(Protocol):
    """Any stored row of a tenant."""

    tenant_id: int
    pk: int
    _meta: Any
