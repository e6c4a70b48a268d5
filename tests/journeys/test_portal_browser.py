"""The portal in a real browser: reading aloud in the elder version, undoing a report, restoring a draft."""

import pytest

from tests.browsers import PHONE, Visitor, shared_browser
from tests.journeys.test_browser import report
from tests.tickets.matters import picture

pytestmark = [pytest.mark.browser, pytest.mark.slow]

#: A voice that records its texts; a browser without a screen has no voice.
VOICE = """Object.defineProperty(window, "speechSynthesis", {value: {
    said: [], speak(speech) { this.said.push([speech.lang, speech.text]); }, cancel() { this.said = []; } }})"""


def test_an_elder_hears_the_page_and_takes_a_mistake_back(stack):
    with shared_browser() as chrome:
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
        numbers = page.locator(".emergency a").evaluate_all("found => found.map((one) => one.offsetHeight)")
        assert min(numbers) >= 60
        page.goto("/alpha/report/")
        button = page.locator("[data-read]")
        button.click()
        assert button.inner_text() == "停止朗读"
        said = page.evaluate("speechSynthesis.said")
        assert {lang for lang, _text in said} == {"zh-hans"}
        words = [text for _lang, text in said]
        assert words[0] == "我要反映"
        assert "所在社区（村）" in words
        assert not any("荷塘社区" in text for text in words)  # an option of a select
        button.click()
        assert button.inner_text() == "朗读"
        assert page.evaluate("speechSynthesis.said") == []
        number, _code = report(elder, stack)
        page.get_by_role("button", name="撤回反映").click()
        page.wait_for_url("**/track/**")
        assert elder.complaints == []
    row = stack.sql("SELECT outcome FROM tickets_ticket WHERE number = %s", number)
    assert row == [("withdrawn",)]


def test_a_draft_brings_the_building_back_with_its_community(stack):
    with shared_browser() as chrome:
        resident = Visitor(chrome, stack.url, PHONE)
        page = resident.page
        page.goto("/alpha/report/")
        page.locator("textarea[name=text]").fill("三单元门口水管漏水")
        page.locator("select[name=area]").select_option(value=stack.tokens["_areas"]["lane"])
        spot = page.locator("select[name=spot]")
        spot.locator("option").nth(1).wait_for(state="attached")
        spot.select_option(index=1)
        chosen, offered = spot.input_value(), spot.locator("option").count()
        assert chosen
        page.reload()
        page.locator("[data-draft-note]").wait_for()
        spot.locator(f"option[value='{chosen}']").wait_for(state="attached")
        page.wait_for_function("document.querySelector('select[name=spot]').value !== ''")
        assert (spot.input_value(), spot.locator("option").count()) == (chosen, offered)
        assert resident.complaints == []


def test_on_a_phone_a_question_is_answered_with_a_photo_and_the_filters_are_one_line(stack):
    photo = {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": picture().read()}
    with shared_browser() as chrome:
        resident = Visitor(chrome, stack.url, PHONE)
        page = resident.page
        number, code = report(resident, stack)
        assert stack.move("community", number, "triage_minor", reason="换阀门").ok
        assert stack.move("community", number, "ask_resident", question="是哪一根水管?").ok
        page.goto(f"/alpha/track/?number={number}&code={code}")
        assert page.locator(".state").inner_text().endswith("请您补充")
        asked = page.locator("#say-reply")
        asked.locator("textarea").fill("三单元门口那根")
        asked.locator("input[type=file]").set_input_files(photo)
        asked.get_by_role("button", name="提交补充").click()
        page.locator("ul.photos img").wait_for()
        assert page.locator(".state").inner_text().endswith("正在办理")
        page.locator("#say-add summary").click()
        page.goto("/alpha/matters/")
        category, line = page.locator("select[name=category]"), page.locator(".filter-fold > summary")
        category.wait_for(state="hidden")
        assert line.inner_text() == "筛选：全部"
        line.click()
        page.locator("select[name=state]").select_option(value="open")
        page.get_by_role("button", name="查看").click()
        page.wait_for_url("**state=open*")
        assert line.inner_text() == "筛选：正在办理"
        page.goto(f"/alpha/receipt/?number={number}&code={code}")
        page.set_viewport_size({"width": 1440, "height": 900})
        page.goto("/alpha/matters/")
        category.wait_for()
        assert not line.is_visible()
        assert resident.complaints == []
