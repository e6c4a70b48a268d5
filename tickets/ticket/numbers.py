"""Numbers of tickets and whistles as people type them."""

import re

from governance.web.fields import plain, visible

#: A number without its hyphens; the S of a whistle's number may also be the last letter of the prefix.
_NUMBER = re.compile(r"([A-Z]{2,8}?)(S?)(\d{8})(\d{3,8})")


def numbers_in(text: str) -> list[str]:
    """The numbers that a typed text may mean, the likeliest first; empty if it is no number.

    Case, full width, spaces and hyphens do not count: `ａlph20261123 0001` is ALPH-20261123-0001.
    """
    bare = re.sub(r"[\s\W_]", "", plain(text)).upper()
    found = _NUMBER.fullmatch(bare)
    if found is None:
        return []
    prefix, sign, day, last = found.groups()
    if not sign:
        return [f"{prefix}-{day}-{last}"]
    both = [f"{prefix}-S{day}-{last}", f"{prefix}S-{day}-{last}"]
    return both if len(last) == 3 or len(prefix) == 8 else both[::-1]


def number_in(text: str) -> str:
    """The likeliest of them, or the text itself in capitals and without spaces."""
    found = numbers_in(text)
    return found[0] if found else re.sub(r"\s", "", plain(text)).upper()


def of_source(text: str) -> str:
    """A number of another system in one form: normal width, capitals, plain hyphens, without gaps and invisible
    characters."""
    return re.sub(r"[\u2010-\u2015\u2212]", "-", visible(text)).replace(" ", "").upper()
