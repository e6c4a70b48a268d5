"""What a column of a settings sheet is called, what may stand in it, and how a cell becomes the text that is compared."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from governance.errors import Invalid
from governance.tables import settled, unquoted
from governance.tenancy.scope import current

SHOWN = 40  # letters of a cell that a reason repeats
_DAYS = str.maketrans({"/": "-", ".": "-", "年": "-", "月": "-", "日": ""})


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column. `choices` are word by code; `clean` makes the text that is compared, or raises Invalid.

    An empty cell empties the field, with `keeps` it leaves it as it is; a new row then gets the `default`. A `fixed`
    field is given once and not changed here. A `note` is written for the reader and not read. What is `masked` is
    read, but never written, and shown through its mask. A `number` can be added up in a spreadsheet.
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

    def headings(self) -> list[str]:
        """Under which this column is found: its heading in each language of the platform, and its key."""
        return [*dict.fromkeys(_every_language(self.heading)), self.key]

    def reader(self) -> Callable[[str], str]:
        """What makes of a cell the text that is compared; it raises Invalid saying what is wrong with the cell."""
        known = {
            word.lower(): code
            for code, words in (self.choices or {}).items()
            for word in (code, *_every_language(words))
        }

        def read(cell: str) -> str:
            text = settled(unquoted(cell))
            if not text and self.required:
                raise Invalid(_("没有填“%(field)s”") % {"field": self.heading})
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
        """The text as people read it."""
        if self.masked:
            return self.masked(text)
        return str((self.choices or {}).get(text, text))

    def written(self, text: str) -> str:
        """The text as it stands in a cell that we write; of personal fields nothing."""
        return "" if self.masked else self.said(text)


def _every_language(words: Any) -> Iterator[str]:
    """A text for people in every language: a sheet may be brought back by somebody who reads another one."""
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            yield str(words)


# -- what cells are made of


def whole(least: int, most: int) -> Callable[[str], str]:
    """A whole number between two bounds."""

    def clean(text: str) -> str:
        if not text.isdecimal() or len(text) > 12 or not least <= int(text) <= most:
            message = _("“%(text)s”应为 %(low)d 到 %(high)d 的整数")
            raise Invalid(message % {"text": text[:SHOWN], "low": least, "high": most})
        return str(int(text))

    return clean


def pattern(form: str, reason: Any) -> Callable[[str], str]:
    """A text of a form, or the reason why not."""

    def clean(text: str) -> str:
        if not re.fullmatch(form, text):
            raise Invalid(str(reason))
        return text

    return clean


def day(text: str) -> str:
    """A date as people and spreadsheets write it, as 2026-11-21."""
    parts = text.split(" ")[0].split("T")[0].translate(_DAYS).split("-")
    try:
        return date(*(int(part) for part in parts)).isoformat()
    except (ValueError, TypeError):
        message = _("“%(text)s”不是日期，应写成 2026-01-31")
        raise Invalid(message % {"text": text[:SHOWN]}) from None


def moment(text: str) -> str:
    """A moment in the district's time, as 2026-11-21 18:00."""
    clock = text.replace("T", " ").replace("：", ":").split(" ", 1)
    try:
        hour, minute = (int(part) for part in clock[1].strip().split(":")[:2])
        return f"{datetime.fromisoformat(day(clock[0])).replace(hour=hour, minute=minute):%Y-%m-%d %H:%M}"
    except (IndexError, ValueError):
        message = _("“%(text)s”不是时间，应写成 2026-01-31 18:00")
        raise Invalid(message % {"text": text[:SHOWN]}) from None


def local(at: datetime) -> str:
    """The other way round."""
    return f"{at.astimezone(ZoneInfo(current().zone)):%Y-%m-%d %H:%M}"


def instant(text: str) -> datetime:
    """The instant of what `moment` gave."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(current().zone))


def many(text: str) -> str:
    """Several codes in one cell, however they are set apart: each once, in order, with a space between."""
    for sign in "、,，;；|\n\t":
        text = text.replace(sign, " ")
    return " ".join(sorted(set(text.split())))


def numbers(text: str) -> str:
    """Whole numbers as people write them, "50、80" or "50% 80%", with a space between."""
    found = [part for part in re.split(r"[\s,，;；、%]+", text) if part]
    if not all(part.isdecimal() and len(part) < 8 for part in found):
        raise Invalid(_("请填整数，两个之间用空格分开"))
    return " ".join(str(int(part)) for part in found)


def yes_or_no(yes: Any, no: Any) -> dict[str, Any]:
    """The choices of a field that is on or off."""
    return {"yes": yes, "no": no}


def flag(value: bool) -> str:
    """On or off as its code."""
    return "yes" if value else "no"


def required(columns: Iterable[Column], identity: Iterable[str]) -> list[Column]:
    """The columns without which a file says nothing."""
    return [column for column in columns if column.required or column.key in identity]
