"""Translations: English is complete and has the same placeholders as the Chinese source."""

import re

from tools import translations

PLACES = re.compile(r"%\(\w+\)[sd]|%s")


def test_every_text_for_people_has_english():
    assert translations.missing() == []


def test_english_keeps_the_placeholders():
    broken = []
    for message in translations.english():
        forms = message.string if isinstance(message.string, tuple) else (message.string,)
        wanted = set(PLACES.findall(message.id if isinstance(message.id, str) else message.id[0]))
        broken += [message.id for form in forms if message.id and set(PLACES.findall(form)) != wanted]
    assert broken == []
