"""Personal fields: encrypted at rest, found by keyed hash, masked by default (domain.md B9, GB/T 35273)."""

import base64
import hashlib
import hmac
import os
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import models

_VERSION = "1:"  # the version of key and cipher, so that both can be changed later
_COMPOUND = ("欧阳", "司马", "上官", "诸葛", "东方", "皇甫", "尉迟", "公孙", "令狐", "慕容", "司徒", "夏侯")


def encrypt(text: str) -> str:
    """Encrypt with AES-256-GCM under FIELD_KEY, as base64 text; the empty text stays empty."""
    if not text:
        return ""
    nonce = os.urandom(12)
    sealed = AESGCM(settings.FIELD_KEY).encrypt(nonce, text.encode(), None)
    return _VERSION + base64.b64encode(nonce + sealed).decode()


def decrypt(stored: str) -> str:
    """The text that was encrypted. Raises ValueError for another key or an unknown cipher version."""
    if not stored:
        return ""
    if not stored.startswith(_VERSION):
        raise ValueError("unknown cipher version")
    raw = base64.b64decode(stored[len(_VERSION) :])
    try:
        return AESGCM(settings.FIELD_KEY).decrypt(raw[:12], raw[12:], None).decode()
    except InvalidTag as error:
        raise ValueError("FIELD_KEY does not open this field") from error


def keyed_hash(text: str, purpose: str) -> str:
    """A hash that only this installation can compute, to look up a phone number or a one-use token."""
    key = hashlib.sha256(settings.FIELD_KEY + purpose.encode()).digest()
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


#: Letters and digits that cannot be mistaken for each other when read aloud or copied by hand.
CLEAR = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CODE_LENGTH = 8


def clear_code(text: str, purpose: str) -> str:
    """A code of CODE_LENGTH clear characters that only this installation can compute."""
    number = int(keyed_hash(text, purpose), 16)
    found = []
    for _ in range(CODE_LENGTH):
        number, rest = divmod(number, len(CLEAR))
        found.append(CLEAR[rest])
    return "".join(found)


class EncryptedField(models.TextField):
    """Text that is encrypted in the database and plain in Python. Never filter on it."""

    def from_db_value(self, value: str | None, *args: Any) -> str | None:
        return value if value is None else decrypt(value)

    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)
        return value if value is None else encrypt(value)


def mask_name(name: str) -> str:
    """王* , 欧阳* ; the empty name stays empty."""
    if not name:
        return ""
    family = name[:2] if name.startswith(_COMPOUND) else name[:1]
    return family + "*"


def mask_phone(phone: str) -> str:
    """138****1234 ; of a shorter number the last two digits are shown."""
    if len(phone) >= 11:
        return f"{phone[:3]}****{phone[-4:]}"
    return "*" * max(len(phone) - 2, 0) + phone[-2:] if phone else ""


def digest(value: str) -> str:
    """The SHA-256 of a text, as 64 hexadecimal digits."""
    return hashlib.sha256(value.encode()).hexdigest()
