"""Named failures. Actions raise them, the edges translate them into pages and problem+json."""

from typing import Any


class DomainError(Exception):
    """A rule was not met. `message` is for people, `code` is stable for programs."""

    code = "invalid"
    status = 400

    def __init__(self, message: Any, *, code: str = "", field: str = "", **extra: Any) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or type(self).code
        self.field = field
        self.extra = extra

    def __str__(self) -> str:
        return str(self.message)


class Invalid(DomainError):
    """What was given does not hold."""


class Forbidden(DomainError):
    """Visible, but not allowed; the message says why."""

    code = "forbidden"
    status = 403


class Missing(DomainError):
    """Not there, or not visible to who asks: the two look the same."""

    code = "not_found"
    status = 404


class Conflict(DomainError):
    """The matter has changed meanwhile, or the key is taken."""

    code = "conflict"
    status = 409


class TooOften(DomainError):
    """Allowed, but not so many in so short a time."""

    code = "too_often"
    status = 429


class IllegalMove(Conflict):
    """The verb does not fit the state."""

    code = "illegal_move"
