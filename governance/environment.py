"""Read environment variables; at start, stop with the name of every required one that is missing."""

import base64
import binascii
import os
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

REQUIRED = ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "FIELD_KEY", "ALLOWED_HOSTS")


def require(names: tuple[str, ...] = REQUIRED) -> dict[str, str]:
    """Return the named variables. Raises ImproperlyConfigured naming every one that is missing."""
    missing = [name for name in names if not os.environ.get(name)]
    if missing:
        raise ImproperlyConfigured(
            "缺少环境变量 missing environment variables: " + ", ".join(missing) + " (see README, Production)"
        )
    return {name: os.environ[name] for name in names}


def flag(name: str) -> bool:
    """True if the variable is 1, true, yes or on."""
    return os.environ.get(name, "").lower() in {"1", "true", "yes", "on"}


def origin_of(address: str) -> list[str]:
    """The origin of a URL, for a content security policy; empty if the URL has no host."""
    parts = urlsplit(address.replace("{s}", "*"))
    return [f"{parts.scheme}://{parts.netloc}"] if parts.scheme in {"http", "https"} and parts.netloc else []


def field_key(text: str) -> bytes:
    """The 32 bytes that encrypt personal fields, from base64.

    Raises ImproperlyConfigured for another text.
    """
    try:
        key = base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ImproperlyConfigured("FIELD_KEY is not base64") from error
    if len(key) != 32:
        raise ImproperlyConfigured("FIELD_KEY must be 32 bytes in base64")
    return key


@dataclass(frozen=True, slots=True)
class DatabaseUrl:
    """A postgresql:// URL in parts; the host may be a socket directory given as ?host=."""

    name: str
    user: str
    password: str
    host: str
    port: str

    @classmethod
    def parse(cls, url: str) -> "DatabaseUrl":
        """Read a URL in libpq style. Raises ImproperlyConfigured for another kind of URL."""
        parts = urlsplit(url)
        if parts.scheme not in {"postgresql", "postgres"}:
            raise ImproperlyConfigured("DATABASE_URL must begin with postgresql://")
        host = parse_qs(parts.query).get("host", [parts.hostname or ""])[0]
        port = parse_qs(parts.query).get("port", [str(parts.port or "")])[0]
        return cls(
            name=unquote(parts.path.lstrip("/")),
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
            host=host,
            port=port,
        )

    def settings(self) -> dict[str, str]:
        """The same values under the keys of Django's DATABASES."""
        return {
            "NAME": self.name,
            "USER": self.user,
            "PASSWORD": self.password,
            "HOST": self.host,
            "PORT": self.port,
        }


def data_dir(base: Path) -> Path:
    """The data directory of a one-machine installation."""
    return Path(os.environ.get("DATA_DIR") or base / ".data").resolve()


def owner_only(path: str, flags: int) -> int:
    """An opener for `open`: the file can be read by its owner only, also if it was there before."""
    descriptor = os.open(path, flags, 0o600)
    os.fchmod(descriptor, 0o600)
    return descriptor
