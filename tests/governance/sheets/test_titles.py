"""Titles of sheets: what a person wrote may hold characters that Excel forbids there."""

import io

import pytest
from openpyxl import load_workbook

from governance.sheets import tables


@pytest.mark.parametrize("title", ["上半年/下半年", "'*[a]:?'", "x" * 80, "\x01", "履职清单"])
def test_any_text_makes_a_title(title):
    made = load_workbook(io.BytesIO(tables.sheet(title, ["代码"], [["a"]])))
    assert 1 <= len(made.worksheets[0].title) <= 31
