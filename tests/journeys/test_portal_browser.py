"""The elder version in a real browser: it is big, it is read aloud, and a mistake is taken back."""

import pytest

from tests.browsers import PHONE, Visitor, browser
from tests.journeys.test_browser import report

pytestmark = [pytest.mark.browser, pytest.mark.slow]

#: A voice that keeps what it should say: a browser without a screen has none.
VOICE = """Object.defineProperty(window, "speechSynthesis", {value: {
    said: [], speak(speech) { this.said.push([speech.lang, speech.text]); }, cancel() { this.said = []; } }})"""


def test_an_elder_hears_the_page_and_takes_a_mistake_back(stack):
    with browser() as chrome:
        elder = Visitor(chrome, stack.url, PHONE)
        elder.context.add_init_script(VOICE)
        page = elder.page
        page.goto("/alpha/elder/")
        assert page.evaluate("getComputedStyle(document.body).fontSize") == "22px"
        heights = page.locator(".elder-doors .btn").evaluate_all(
            "found => found.map((one) => one.offsetHeight)"
        )
        assert len(heights) == 3
        assert min(heights) >= 60
        page.goto("/alpha/report/")
        button = page.locator("[data-read]")
        button.click()
        assert button.inner_text() == "停止朗读"
        said = page.evaluate("speechSynthesis.said")
        assert {lang for lang, _text in said} == {"zh-hans"}
        words = [text for _lang, text in said]
        assert words[0] == "我要反映"
        assert "所在社区（村）" in words
        assert not any("荷塘社区" in text for text in words)  # a choice of a list
        button.click()
        assert button.inner_text() == "朗读"
        assert page.evaluate("speechSynthesis.said") == []
        number, _code = report(elder, stack)
        page.get_by_role("button", name="撤回这件事").click()
        page.wait_for_url("**/track/**")
        assert elder.complaints == []
    row = stack.sql("SELECT outcome FROM tickets_ticket WHERE number = %s", number)
    assert row == [("withdrawn",)]
