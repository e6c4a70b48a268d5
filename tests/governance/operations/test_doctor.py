"""The doctor's findings are words."""

import pytest
from django.utils import timezone

from governance.operations import doctor


@pytest.mark.parametrize(
    ("seen", "wanted", "said"),
    [
        (None, (False, False, True), "缺少 missing"),
        ((False, False, True), (False, False, True), "可登录 can log in"),
        ((False, False, False), (False, False, False), "无特权 no privileges"),
        (
            (True, False, True),
            (False, True, True),
            (
                "超级用户 superuser、可登录 can log in"
                "（不应有超级用户 superuser，应有绕过行级隔离 bypasses row-level security）"
            ),
        ),
    ],
)
def test_the_rights_of_a_role_are_words(seen, wanted, said):
    assert doctor._said(seen, wanted) == said


@pytest.mark.django_db
def test_no_finding_shows_the_inside_of_a_program(settings):
    settings.PUBLIC_URL = ""
    for finding in doctor.examine(timezone.now()):
        assert "True" not in finding.seen, finding
        assert "False" not in finding.seen, finding
