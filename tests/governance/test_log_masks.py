"""Log lines hold no secret, no telephone and no row of the database."""

import logging
import sys

import pytest
from django.db import DatabaseError, connection, transaction

from governance.log_masks import MaskingFormatter, masked

TOKEN = "0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (f"Not Found: /alpha/r/{TOKEN}/", "Not Found: /alpha/r/…/"),
        ("Not Found: /alpha/track/?number=ALPH-20261101-0001&code=ABCD2345", "code=…"),
        ("refused: 13800001234", "138****1234"),
        ("Not Found: /alpha/张三13800001234/", "138****1234"),
        (r"Not Found: /alpha/\u5f20\u4e0913800001234/", "138****1234"),
        ("13800001234张三", "138****1234"),
        ("+8613800001234", "138****1234"),
        ("138 0000 1234, 138-0000-1234", "138****1234, 138****1234"),
        ("0543-3164567", "0543-****567"),
        ("next=/track/%3Fcode%3DABCD2345", "code%3D…"),
        ("Authorization: Token gov_abcdefgh", "Token …"),
        ("Authorization: Bearer gov_abcdef", "Bearer …"),
    ],
)
def test_secrets_and_telephones_are_masked(line, said):
    assert said in masked(line)
    assert TOKEN not in masked(line)
    assert "13800001234" not in masked(line)


def test_numbers_of_tickets_and_areas_stay():
    line = "ALPH-20261126-0001 990101001001 138000012345"
    assert masked(line) == line


@pytest.mark.django_db
def test_an_error_of_the_database_does_not_quote_the_row(walk):
    member = walk.members["worker"]
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO governance_member (tenant_id, user_id, name, phone, email, active, created_at) "
                "VALUES (%s, %s, '钱居民', '', '', true, now())",
                [walk.tenant.pk, member.user_id],
            )
    except DatabaseError:
        record = logging.getLogger("x").makeRecord("x", logging.ERROR, "", 0, "failed", (), sys.exc_info())
    written = MaskingFormatter("{message}", style="{").format(record)
    assert "UniqueViolation" in written
    assert "Key (" not in written


def test_the_database_logs_no_statements(db):
    with connection.cursor() as cursor:
        for name, value in (("log_min_error_statement", "panic"), ("log_error_verbosity", "terse")):
            cursor.execute("SELECT current_setting(%s)", [name])
            assert cursor.fetchone() == (value,)
