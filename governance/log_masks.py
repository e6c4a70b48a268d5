"""Log lines without personal data: secrets in addresses, telephones, and values that PostgreSQL quotes in errors."""

import logging
import re

MASKS = (
    (re.compile(r"(/r/)[\w:-]{8,}"), r"\1…"),  # the token of a rating link
    (
        re.compile(r"((?:code|token|phone|phone-pass|phone-asked|name)(?:=|%3D))[^&\s\"';]+", re.IGNORECASE),
        r"\1…",
    ),
    (
        re.compile(r"(?:(?<!\d)|(?<=\\u[0-9a-f]{4}))(?:86[ -]?)?(1[3-9]\d)[ -]?\d{4}[ -]?(\d{4})(?!\d)"),
        r"\1****\2",
    ),
    (re.compile(r"(?<!\d)(0\d{2,3}-?)\d{4,5}(\d{3})(?!\d)"), r"\1****\2"),
    (re.compile(r"gov_[\w-]{8,}"), "gov_…"),
    (re.compile(r"^(?:DETAIL|CONTEXT|LINE \d+):.*$", re.MULTILINE), "…"),
    (re.compile(r"((?:Bearer|Token|Basic) )\S+"), r"\1…"),
)


def masked(text: str) -> str:
    """The text of a log line without what the masks cover."""
    for pattern, instead in MASKS:
        text = pattern.sub(instead, text)
    return text


class MaskingFormatter(logging.Formatter):
    """Masks the whole line, also the traceback of an exception."""

    def format(self, record: logging.LogRecord) -> str:
        return masked(super().format(record))
