"""Columns of a settings sheet: heading, allowed values, and the text of a cell that is compared."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from governance.errors import Invalid
from governance.sheets import dates
from governance.sheets.tables import number, settled, unquoted
from governance.tenancy.scope import current

SHOWN = 40  # characters of a cell that an error message quotes


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column. `choices` maps codes to words; `clean` returns the text to compare, or raises Invalid.

    An empty cell clears the field; with `keeps` it leaves the field unchanged, and a new row gets the
    `default`. A `fixed` field is set once and cannot be changed here. A `note` is exported for information
    and ignored on import. A `masked` column is imported but never exported, and previews show it masked. A
    `number` can be summed in a spreadsheet. `also` are earlier headings, `also_words` maps earlier words of a
    choice to its code. `shown` turns the text into the words that people read; `clean` must accept them. An
    `example` stands beside the explanation of the column.
    """

    key: str
    heading: Any
    hint: Any = ""
    required: bool = False
    choices: Mapping[str, Any] | None = None
    clean: Callable[[str], str] | None = None
    most: int = 0
    keeps: bool = False
    default: str = ""
    fixed: bool = False
    note: bool = False
    masked: Callable[[str], str] | None = None
    number: bool = False
    also: tuple[str, ...] = ()
    also_words: Mapping[str, str] = field(default_factory=dict)
    shown: Callable[[str], str] | None = None
    example: Any = ""

    def headings(self) -> list[str]:
        """Accepted headings: earlier ones, the heading in each language of the platform, and the key."""
        return [*self.also, *dict.fromkeys(_every_language(self.heading)), self.key]

    def reader(self) -> Callable[[str], str]:
        """A function from a cell to the text that is compared.

        It raises Invalid with the fault of the cell.
        """
        known = {
            word.lower(): code
            for code, words in (self.choices or {}).items()
            for word in (code, *_every_language(words))
        } | {word.lower(): code for word, code in self.also_words.items()}

        def read(cell: str) -> str:
            text = settled(unquoted(cell))
            if not text and self.required:
                raise Invalid(_("“%(field)s”不能为空") % {"field": self.heading})
            if text and self.choices is not None:
                return known[text.lower()] if text.lower() in known else self._refuse(text)
            text = self.clean(text) if text and self.clean else text
            if self.most and len(text) > self.most:
                raise Invalid(_("“%(field)s”最多 %(n)d 字") % {"field": self.heading, "n": self.most})
            return text

        return read

    def _refuse(self, text: str) -> str:
        words = "、".join(str(word) for word in self.choices.values() if str(word))
        message = _("“%(field)s”里不能填“%(text)s”，可填：%(words)s")
        raise Invalid(message % {"field": self.heading, "text": text[:SHOWN], "words": words})

    def said(self, text: str) -> str:
        """The text as people read it; masked if the column is."""
        if self.masked:
            return self.masked(text)
        if self.shown:
            return self.shown(text)
        return str((self.choices or {}).get(text, text))

    def written(self, text: str) -> str:
        """The text of an exported cell; empty for personal fields."""
        return "" if self.masked else self.said(text)


def _every_language(words: Any) -> Iterator[str]:
    """A text in every language, because the person who imports a sheet may use another one."""
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            yield str(words)


# -- types of cells


def whole(least: int, most: int) -> Callable[[str], str]:
    """Accept a whole number between two bounds."""

    def clean(given: str) -> str:
        text = number(given)
        if not text.isdecimal() or len(text) > 12 or not least <= int(text) <= most:
            message = _("“%(text)s”应为 %(low)d 到 %(high)d 的整数")
            raise Invalid(message % {"text": text[:SHOWN], "low": least, "high": most})
        return str(int(text))

    return clean


def pattern(form: str, reason: Any) -> Callable[[str], str]:
    """Accept a text that matches a pattern; else refuse it with the reason."""

    def clean(text: str) -> str:
        if not re.fullmatch(form, text):
            raise Invalid(str(reason))
        return text

    return clean


def day(text: str) -> str:
    """A date in any usual form, as 2026-11-21; without a year, the one nearest to today. Raises Invalid."""
    found = dates.day_of(text, _today())
    if found is None:
        message = _("“%(text)s”不是日期，应写成 2026-01-31")
        raise Invalid(message % {"text": text[:SHOWN]})
    return found.isoformat()


def moment(text: str) -> str:
    """A moment in the district's time, as 2026-11-21 18:00; without a year, the one nearest to today.

    Raises Invalid.
    """
    found = dates.moment_of(text, _today())
    if found is None or not dates.has_time(text):
        message = _("“%(text)s”不是时间，应写成 2026-01-31 18:00")
        raise Invalid(message % {"text": text[:SHOWN]})
    return f"{found:%Y-%m-%d %H:%M}"


def _today() -> date:
    return timezone.localdate(timezone=ZoneInfo(current().zone))


def local(at: datetime) -> str:
    """A datetime as text in the district's time; the reverse of `instant`."""
    return f"{at.astimezone(ZoneInfo(current().zone)):%Y-%m-%d %H:%M}"


def instant(text: str) -> datetime:
    """The datetime of a text from `moment`."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(current().zone))


def many(text: str) -> str:
    """Several codes in one cell, with any separator: each once, sorted, separated by spaces."""
    for sign in "、,，;；|\n\t":
        text = text.replace(sign, " ")
    return " ".join(sorted(set(text.split())))


def numbers(text: str) -> str:
    """Whole numbers such as "50、80" or "50% 80%", separated by spaces. Raises Invalid."""
    found = [part for part in re.split(r"[\s,，;；、%]+", text) if part]
    if not all(part.isdecimal() and len(part) < 8 for part in found):
        raise Invalid(_("请填整数，两个之间用空格分开"))
    return " ".join(str(int(part)) for part in found)


def yes_or_no(yes: Any, no: Any) -> dict[str, Any]:
    """The choices of an on-off field."""
    return {"yes": yes, "no": no}


def flag(value: bool) -> str:
    """The code of an on-off value."""
    return "yes" if value else "no"


def required(columns: Iterable[Column], identity: Iterable[str]) -> list[Column]:
    """The columns that a file must have."""
    return [column for column in columns if column.required or column.key in identity]
