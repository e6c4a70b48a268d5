"""URL converter of the first part of a path: the slug of a district, except reserved words."""

from governance.tenancy.models import RESERVED


class TenantInAddress:
    """`<tenant:tenant>`: lower case letters, digits and hyphens."""

    regex = rf"(?!(?:{'|'.join(sorted(RESERVED))})/)[a-z][a-z0-9-]+"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value
