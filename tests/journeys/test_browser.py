"""The five orders in a real browser: a resident on a phone, officers at desks with their own moves."""

import pytest

from tests.browsers import DESK, PHONE, Visitor, shared_browser
from tests.worlds import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.slow]

#: Member, button, values by field, state that the page shows afterwards.
WALK = (
    ("community", "分单·大事", {"reason": "社区无力解决"}, "待派单（街道）"),
    ("center", "上报区县", {"reason": "需要水务部门"}, "待派单（区县）"),
    ("county", "派单", {"unit": "water"}, "待接单"),
    ("head", "接单", {}, "办理中"),
    ("member", "联系居民", {"text": "已电话联系"}, "办理中"),
    (
        "member",
        "办结",
        {"outcome": "fixed", "answer": "阀门已更换,不再漏水", "evidence": "更换阀门并试压"},
        "待核实",
    ),
    ("lead", "核实反馈", {"done": "true", "text": "现场不漏了"}, "待评单"),
)


def test_from_report_to_stars_in_a_browser(stack):
    with shared_browser() as chrome:
        resident = Visitor(chrome, stack.url, PHONE)
        number, code = report(resident, stack)
        visitors = [resident]
        for who, label, given, state in WALK:
            officer = Visitor(chrome, stack.url, DESK)
            visitors.append(officer)
            officer.log_in(f"alpha-{who}", PASSWORD, f"/alpha/desk/tickets/{number}/")
            move(officer.page, label, given)
            assert state in officer.page.locator("#now").inner_text()
        rate(resident.page, number, code)
        assert [visitor.complaints for visitor in visitors] == [[]] * len(visitors)
    row = stack.sql("SELECT state, outcome FROM tickets_ticket WHERE number = %s", number)
    assert row == [("closed", "fixed")]
    kinds = [
        event["kind"] for event in stack.call("county", "GET", f"tickets/{number}/events/").json()["results"]
    ]
    assert kinds[0] == "ticket.report"
    assert kinds[-1] == "ticket.rate"
    told = "SELECT count(*) FROM governance_notice n JOIN tickets_ticket t ON t.id = n.subject_id WHERE t.number = %s"
    stack.wait_for(lambda: stack.sql(told, number)[0][0] >= 4, "the officers were not told")


def report(resident, stack):
    page = resident.page
    page.goto("/alpha/")
    page.get_by_role("link", name="我要反映").first.click()
    page.locator("select[name=area]").select_option(value=stack.tokens["_areas"]["lane"])
    page.locator("textarea[name=text]").fill("三单元门口水管漏水,流到路上")
    page.locator("input[name=name]").fill("钱居民")
    page.locator("input[name=phone]").fill("13800001234")
    page.get_by_label("我已阅读个人信息处理告知").check()
    page.get_by_role("button", name="提交").click()
    page.wait_for_url("**/receipt/**")
    number, code = page.locator(".receipt-number").all_inner_texts()
    return number.strip(), code.strip()


def move(page, label, given):
    page.get_by_role("button", name=label, exact=True).click()
    form = page.locator("#move form")
    form.wait_for()
    for name, value in given.items():
        field = form.locator(f"[name={name}]").first
        if field.evaluate("e => e.tagName") == "SELECT":
            field.select_option(value=value)
        elif field.get_attribute("type") == "radio":
            form.locator(f"[name={name}][value='{value}']").check()
        else:
            field.fill(value)
    form.locator("button.btn-primary").click()
    page.wait_for_load_state("networkidle")


def rate(page, number, code):
    page.goto(f"/alpha/track/?number={number}&code={code}")
    assert "阀门已更换" in page.locator("main").inner_text()
    page.locator("a[href*='/r/']").first.click()
    page.locator("form details summary").click()
    for name in ("speed", "attitude", "result"):
        page.locator(f"label[for=id_{name}-5]").click()
    page.locator("input[name=solved][value=true]").check(force=True)
    page.get_by_role("button", name="提交评价").click()
    page.wait_for_url("**/r/thanks/**")
