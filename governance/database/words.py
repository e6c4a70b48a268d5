"""Closed lists of words for columns, given to the columns by a callable."""

from django.db import models


class Words(models.TextChoices):
    """A list of words. A column takes `choices=State.listed`: then a new word makes no migration."""

    @classmethod
    def listed(cls) -> list[tuple[str, str]]:
        """(value, label) of every word."""
        return cls.choices
