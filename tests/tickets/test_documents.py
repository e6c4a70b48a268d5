"""The generated documents are up to date with the code."""

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.utils import translation

from governance.access.permissions import PERMISSION_NAMES, Permission
from tickets import documents
from tickets.workflow import MOVES


def test_the_kept_documents_are_up_to_date():
    assert documents.stale(settings.BASE_DIR) == []


def test_a_stale_document_is_named_and_mended(tmp_path, settings):
    settings.BASE_DIR = tmp_path
    with pytest.raises(CommandError, match=r"docs/states\.md, docs/permissions\.md"):
        call_command("generate_docs", "--check")
    call_command("generate_docs")
    call_command("generate_docs", "--check")
    page = tmp_path / "docs/permissions.md"
    page.write_text(page.read_text(encoding="utf-8") + "x", encoding="utf-8")
    with pytest.raises(CommandError, match=r"stale: docs/permissions\.md"):
        call_command("generate_docs", "--check")


def test_every_move_and_permission_has_a_line():
    text = documents.states()
    assert [verb for verb in MOVES if f"`{verb}`" not in text] == []
    assert set(PERMISSION_NAMES) == set(Permission)


def test_the_documents_are_chinese_whoever_asks():
    with translation.override("en"):
        assert documents.stale(settings.BASE_DIR) == []
