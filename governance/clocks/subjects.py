"""The type of a clock's subject."""

from typing import Any, Protocol


class Subject(Protocol):
    """Any stored row of a tenant."""

    tenant_id: int
    pk: int
    _meta: Any
