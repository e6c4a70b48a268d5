"""Domain errors: actions raise them; views turn them into pages, the API into problem+json."""

from typing import Any


class DomainError(Exception):
    """A rule was broken. `message` is for people, `code` is stable for programs."""

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
    """The input is not valid."""


class Forbidden(DomainError):
    """The object is visible, but the action is not allowed; the message says why."""

    code = "forbidden"
    status = 403


class Missing(DomainError):
    """The object does not exist or the actor may not see it; both look the same."""

    code = "not_found"
    status = 404


class Conflict(DomainError):
    """The object has changed meanwhile, or the key is taken."""

    code = "conflict"
    status = 409


class TooOften(DomainError):
    """The action is allowed, but not this often in this time."""

    code = "too_often"
    status = 429


class IllegalMove(Conflict):
    """The verb is not possible in the present state."""

    code = "illegal_move"


class Busy(DomainError):
    """The platform has too much of this work at the moment; the same request may be sent again later."""

    code = "busy"
    status = 503
