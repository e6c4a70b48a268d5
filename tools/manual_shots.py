"""The list of the manual's pictures: account, page, actions before the picture, and the part shown."""

from dataclasses import dataclass

from tools.manual_acts import Act, brings_back, click, shows, then, ticks, typed

PHONE, SCREEN = 390, 1280


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """One picture of docs/manual/images.

    `role` is a demo account (empty: a resident); `part` is the element at the top of the picture. The path
    may contain names of scenes from tools/manual_scenes.py; `act` is run before the picture is taken; sizes
    are in CSS pixels.
    """

    name: str
    path: str
    role: str = ""
    width: int = SCREEN
    height: int = 720
    part: str = ""
    above: int = 16
    alone: bool = False  # show only the part
    act: Act | None = None
    wait: int = 200  # milliseconds for animations and drawing


REPORT = typed(
    area="990100001001",
    category="0101",
    address="3 号楼北侧，靠近单车棚",
    text="3 号楼北侧的路灯昨晚起不亮，老人晚上出门看不清路，希望尽快修好。",
)
STARS = then(
    typed(solved="true", speed="5", attitude="5", result="4"), typed(comment="修得快，还打电话告诉了我。")
)


def move(name: str, ticket: str, verb: str, role: str, act: Act | None = None, **more: object) -> Shot:
    """A picture of the form in which a verb is done on a ticket's page."""
    path = f"/demo/desk/tickets/{{{ticket}}}/?move={verb}"
    given = {"height": 940, "part": ".ticket-side", "alone": True, **more}
    return Shot(name=name, path=path, role=role, act=act, **given)  # type: ignore[arg-type]


RESIDENT = (
    Shot(name="portal-home", path="/demo/", width=PHONE, height=700),
    Shot(name="portal-report", path="/demo/report/", width=PHONE, height=844, part="form h2", act=REPORT),
    Shot(
        name="portal-stop",
        path="/demo/report/",
        width=PHONE,
        height=760,
        part="#id_category",
        above=40,
        act=then(
            lambda page: page.locator("#id_category").select_option("0203"),
            shows("现在闻到的气味重吗"),
            lambda page: page.locator("#questions input[value=yes]").check(),
            shows("先打电话"),
        ),
    ),
    Shot(
        name="portal-receipt",
        path="/demo/report/",
        width=PHONE,
        height=844,
        act=then(REPORT, click("提交"), shows("已收到您的反映")),
    ),
    Shot(
        name="portal-status",
        path="/demo/track/?number={awaiting}&code={awaiting_code}",
        width=PHONE,
        height=844,
    ),
    Shot(
        name="portal-rate",
        path="/demo/track/?number={rating}&code={rating_code}",
        width=PHONE,
        height=844,
        act=then(click("去评价", "link"), shows("请您评价"), STARS),
    ),
    Shot(name="portal-mine", path="/demo/mine/", width=PHONE, height=560),
    Shot(
        name="portal-privacy",
        path="/demo/track/privacy/?number={rating}&code={rating_code}",
        width=PHONE,
        height=844,
    ),
    Shot(name="portal-matters", path="/demo/matters/", width=PHONE, height=844),
    Shot(name="portal-map", path="/demo/matters/map/", width=SCREEN, height=690, wait=1500, part="h1"),
    Shot(name="portal-area", path="/demo/areas/{community}/", width=PHONE, height=844),
    Shot(name="portal-elder", path="/demo/elder/", width=PHONE, height=700),
)

COMMUNITY = (
    Shot(name="grid-today", path="/demo/desk/", role="grid", width=PHONE, height=844),
    Shot(
        name="grid-new",
        path="/demo/desk/tickets/new/",
        role="grid",
        width=PHONE,
        height=844,
        part="main form [name=text]",
        above=50,
        act=typed(text="5 号楼二单元楼道灯不亮", area="990100001001", address="5 号楼 2 单元"),
    ),
    Shot(
        name="verify",
        path="/demo/desk/tickets/{resolved}/?move=verify",
        role="grid",
        width=PHONE,
        height=700,
        part="#move",
        above=60,
        act=typed(done="true", text="晚上到现场看过，灯都亮了"),
    ),
    Shot(name="desk-today", path="/demo/desk/", role="community", height=760),
    Shot(name="ticket-page", path="/demo/desk/tickets/{reported}/", role="community", height=800),
    move(
        "triage-major",
        "reported",
        "triage_major",
        "community",
        typed(reason="照明线路属部门管理，社区无力解决"),
    ),
    move("triage-minor", "neighbour", "triage_minor", "community", typed(reason="社区可以劝导，并划线提示")),
    Shot(
        name="similar",
        path="/demo/desk/tickets/{reported}/",
        role="community",
        part="#similar",
        alone=True,
        act=shows("并入这一件"),
    ),
    move(
        "merge",
        "reported",
        "merge",
        "community",
        then(click("并入这一件", "link"), shows("确认并单"), typed(reason="同一处路灯，两人反映")),
    ),
    move("mediate", "dispute", "mediate", "community"),
    Shot(
        name="ticket-new",
        path="/demo/desk/tickets/new/",
        role="community",
        height=800,
        act=typed(
            text="居民到窗口反映：地下车库入口积水，下雨天电动车进不去。",
            title="地下车库入口积水",
            address="9 号楼地下车库入口",
        ),
    ),
    Shot(
        name="list-ticked",
        path="/demo/desk/tickets/?state=reported",
        role="community",
        height=800,
        act=ticks(2),
    ),
    Shot(
        name="bulk",
        path="/demo/desk/tickets/?state=reported",
        role="community",
        act=then(
            ticks(2),
            lambda page: page.locator("#bulk-bar button[value=triage_major]").click(),
            typed(reason="照明线路属部门管理"),
        ),
    ),
    Shot(name="codes", path="/demo/desk/areas/{grid}/codes/", role="community", height=640),
    Shot(
        name="roster",
        path="/demo/desk/roster/",
        role="community",
        height=760,
        act=then(
            lambda page: page.locator("select[name=shift-unit]").first.select_option(index=1),
            lambda page: page.locator("select[name=shift-member]").first.select_option(index=1),
            lambda page: page.locator("input[type=datetime-local]").nth(0).fill("2026-12-05T18:00"),
            lambda page: page.locator("input[type=datetime-local]").nth(1).fill("2026-12-06T08:00"),
        ),
    ),
)

STREET = (
    Shot(name="street-today", path="/demo/desk/", role="street", height=760),
    move("take-up", "escalated", "take_up", "street"),
    Shot(name="map", path="/demo/desk/map/", role="street", height=800, wait=1500),
    Shot(
        name="whistle-new",
        path="/demo/desk/whistles/new/",
        role="street",
        height=860,
        act=then(
            typed(kind="enforcement", text="夜市占道经营反复回潮，请到场联合整治", address="春风里社区北门"),
            lambda page: page.locator("select[name=area]").select_option("990100001001"),
        ),
    ),
    Shot(name="whistles", path="/demo/desk/whistles/", role="street", height=600),
    Shot(
        name="whistle",
        path="/demo/desk/whistles/",
        role="street",
        height=820,
        act=then(lambda page: page.locator("a.whistle-text").first.click(), shows("应哨单位")),
    ),
)

DEPARTMENT = (
    Shot(name="department-today", path="/demo/desk/", role="department", height=720),
    move("accept", "dispatched", "accept", "department"),
    move(
        "return",
        "dispatched",
        "return_ticket",
        "department",
        typed(reason="该处井盖属通信管线，产权不在本单位"),
    ),
    move(
        "resolve",
        "handling",
        "resolve",
        "department",
        typed(answer="两盏路灯已更换光源，恢复照明，感谢您的反映。", evidence="更换光源两只，夜间复查正常"),
    ),
    move(
        "extension",
        "handling",
        "request_extension",
        "department",
        typed(days="3", reason="灯具型号停产，正在调货"),
    ),
    Shot(
        name="clocks",
        path="/demo/desk/tickets/{handling}/",
        role="department",
        part=".ticket-clocks",
        alone=True,
    ),
    Shot(name="print", path="/demo/desk/tickets/{handling}/print/", role="department", height=860),
    Shot(name="duties", path="/demo/desk/duties/", role="department", height=640),
    Shot(name="admissions", path="/demo/desk/admissions/", role="department", height=640),
)

COUNTY = (
    move("dispatch", "referred", "dispatch", "centre"),
    Shot(name="list-county", path="/demo/desk/tickets/?overdue=1&order=due", role="centre", height=760),
    move("approve-closing", "in_review", "approve_closing", "centre"),
    move("approve-extension", "extension", "approve_extension", "centre"),
    Shot(name="brief", path="/demo/desk/brief/", role="centre", height=760),
    Shot(name="privacy", path="/demo/desk/privacy/", role="centre", height=560),
    Shot(name="whistle-figures", path="/demo/desk/whistles/figures/", role="centre", height=760),
    move("supervise", "handling", "supervise", "leader", typed(text="请今天下班前恢复照明，并回复办理情况")),
)


def _setting(name: str, page: str, **more: object) -> Shot:
    path = f"/demo/desk/settings/{page}"
    return Shot(name=f"settings-{name}", path=path, role="admin", part="h1", **more)  # type: ignore[arg-type]


ADMINISTRATOR = (
    _setting("general", ""),
    _setting("gaps", "gaps/", height=900),
    _setting("portal", "portal/"),
    _setting("notice", "notice/", height=620),
    _setting("levels", "levels/"),
    _setting("calendar", "calendar/"),
    _setting("hours", "hours/?unit=D01"),
    _setting("categories", "categories/", height=600),
    _setting("questions", "categories/{lamp}/questions/"),
    _setting("duties", "duties/", height=640),
    _setting("replies", "replies/", height=640),
    _setting("areas", "areas/{community}/"),
    Shot(
        name="settings-grid",
        path="/demo/desk/settings/areas/{grid}/",
        role="admin",
        part="[aria-labelledby=reshape]",
        above=420,
    ),
    _setting(
        "merge",
        "areas/{grid}/merge/",
        height=700,
        act=then(
            lambda page: page.locator("select[name=into]").select_option(index=1),
            click("看看会移动什么"),
            shows("确认并入"),
        ),
    ),
    _setting("split", "areas/{grid}/split/"),
    _setting("units", "units/", height=600),
    _setting("people", "people/", height=600),
    _setting(
        "person",
        "people/?q=community",
        act=then(lambda page: page.locator("main table a").first.click(), shows("任命岗位")),
    ),
    _setting(
        "handover",
        "handover/",
        height=640,
        act=then(
            lambda page: page.locator("select[name=member]").select_option(
                page.locator("select[name=member] option", has_text="(community)").get_attribute("value")
            ),
            click("查看名下的工作"),
            shows("交给谁"),
        ),
    ),
    _setting("notices", "notices/"),
    _setting("tokens", "tokens/", height=600),
    _setting("reads", "reads/", height=400),
    _setting("sheet", "sheets/categories/", height=620),
    _setting(
        "preview",
        "sheets/categories/",
        height=560,
        act=brings_back("请核对差异", "路灯照明", "路灯与楼道照明"),
    ),
)

SHOTS: tuple[Shot, ...] = (*RESIDENT, *COMMUNITY, *STREET, *DEPARTMENT, *COUNTY, *ADMINISTRATOR)
