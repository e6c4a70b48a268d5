"""What a district writes itself, in the language of its reader: Chinese, and English beside it where it likes."""

from django.utils.translation import get_language


def told(own: str, english: str) -> str:
    """The district's own words, or their English where it gave one and English is read.

    Never keep what this gives for another reader: keep both, and ask here when it is shown.
    """
    return english if english and (get_language() or "").startswith("en") else own
