"""A district's own texts in the reader's language: Chinese, and English if the district gave one."""

from django.utils.translation import get_language


def in_reader_language(own: str, english: str) -> str:
    """The district's own text, or its English version if there is one and the reader uses English.

    Do not store the result for other readers: store both texts and call this when one is shown.
    """
    return english if english and (get_language() or "").startswith("en") else own
