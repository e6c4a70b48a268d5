"""The reading of pages does not depend on how a template is folded."""

import pytest

from tests.pages import folded


@pytest.mark.parametrize(
    "page",
    [
        '<p class="a" id="b">两 件 <b>3</b></p>',
        '<p\n  class="a"\n  id="b"\n>\n  两\n  件\n  <b> 3 </b>\n</p>\n',
    ],
)
def test_a_page_reads_the_same_however_it_is_folded(page):
    assert folded(page) == '<p class="a" id="b">两 件<b>3</b></p>'
