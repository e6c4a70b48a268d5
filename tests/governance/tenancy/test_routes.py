"""A sweep over every address of a district by members of another one: all are missing for them."""

import io
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import URLPattern, URLResolver, reverse
from django.utils import timezone
from PIL import Image

from governance.access.models import ApiToken, User
from governance.access.permissions import TOKEN_SCOPES
from governance.accounts import actions as account_actions
from governance.clocks.models import Purpose
from governance.events import channels
from governance.events.models import Event
from governance.sheets import reading, uploads
from governance.sheets.registry import sheet_for
from governance.sheets.uploaded import LIMITS
from governance.tenancy.scope import scope
from governance.urls import tenant_patterns
from grids.models import DutyShift, Leave, Post
from grids.units import records as unit_records
from tickets.duties.actions import admissions, consents
from tickets.duties.actions import versions as duty_versions
from tickets.duties.actions.versions import ItemDraft
from tickets.intake import actions as intake
from tickets.models import Export, Question, ReplyTemplate, Reporter, SavedView, ServiceLevel, Whistle
from tickets.orders import actions
from tickets.orders.actions import rating_links
from tickets.privacy.actions import notice as privacy_notice
from tickets.privacy.actions import requests as privacy
from tickets.ticket import photos
from tickets.whistles.actions import photos as whistle_photos

pytestmark = [pytest.mark.django_db]

#: Pages without a log-in, each with its reason. A new one needs a decision.
PUBLIC = {
    "portal:home": "what a resident can do here",
    "portal:report": "reporting needs no log-in",
    "portal:spots": "names of grids and buildings, for the form",
    "portal:initials": "letters of public names, for the form",
    "portal:foreseen": "which unit takes a report, for the form",
    "portal:own-photo": "opens by number and code",
    "portal:place": "the name of the community around a point, for the form",
    "portal:receipt": "opens by number and code",
    "portal:track": "opens by number and code",
    "portal:similar": "public matters nearby, without words of their reporters",
    "portal:questions": "what a category asks, for the form",
    "portal:code": "sends a code to a phone, and says the same for every phone",
    "portal:mine": "opens by a phone proven with a code",
    "portal:leave-phone": "forgets the phone in this browser",
    "portal:elder": "the same in big letters",
    "portal:elder-report": "the same report, one question a screen",
    "portal:leave-elder": "a choice of how pages look",
    "portal:areas": "names of streets and communities",
    "portal:area": "who serves a community and its figures, none of few",
    "portal:map": "the same on a map, no closer than a hundred metres",
    "portal:map-data": "how many of them stand where",
    "portal:map-square": "those of one square",
    "portal:map-areas": "outlines of the district, its streets and communities",
    "portal:matters": "public matters, without words of their reporters",
    "portal:follow": "joining a public matter needs no log-in",
    "portal:notice": "what residents are told about their personal information",
    "portal:notice-version": "earlier versions of the same",
    "portal:privacy-copy": "opens by number and code",
    "portal:privacy": "opens by number and code",
    "portal:say": "opens by number and code",
    "portal:rate": "opens by the secret in the link",
    "portal:result-photo": "opens by the secret in the link",
    "portal:rated": "says thank you",
    "schema": "describes the API, holds no data",
    "api-docs": "the same for reading",
}


#: Routes whose argument names a page that every district has, not an object of one district.
SAME_EVERYWHERE = {
    "sheets:upload": "which setting",
    "sheets:export": "which setting",
    "sheets:template": "which setting",
    "settings:load-pack": "which content of the platform",
}

#: Members for pages that the county's centre cannot open.
OPENED_BY = {"desk:blow": "center"}


@dataclass(frozen=True)
class Route:
    """One address: its full name and the names of its arguments without the district."""

    name: str
    arguments: tuple[str, ...]

    @property
    def is_api(self) -> bool:
        return self.name.startswith("api:")


def routes(patterns=tenant_patterns, space="", outer=()):
    """Every address below a district. Fails for an address without a name, because the sweep needs one."""
    for entry in patterns:
        arguments = (*outer, *entry.pattern.regex.groupindex)
        if isinstance(entry, URLResolver):
            inner = f"{space}{entry.namespace}:" if entry.namespace else space
            yield from routes(entry.url_patterns, inner, arguments)
        else:
            assert isinstance(entry, URLPattern)
            assert entry.name, f"{entry.pattern} has no name"
            yield Route(space + entry.name, arguments)


ROUTES = sorted(set(routes()), key=lambda route: route.name)
HIDDEN = [route for route in ROUTES if route.name not in PUBLIC]


#: Routes with the number of a ticket as argument.
NUMBERED = (
    "desk:ticket",
    "desk:similar",
    "desk:print",
    "desk:letter",
    "desk:place",
    "desk:photos",
    "desk:unmask",
    "api:ticket-detail",
    "api:ticket-moves",
    "api:ticket-events",
    "api:ticket-clocks",
    "api:ticket-similar",
    "api:ticket-photos",
    "api:ticket-proposal",
)

OF_UNIT = ("unit-hours:week", "unit-hours:day", "unit-hours:clear", "areas:unit", "areas:switch-unit")
OF_PERSON = ("person", "change", "reset_password", "switch", "service-off")
OF_GRID = ("area", "add", "switch", "serve", "merge", "split", "give")
ADMISSION_ROUTES = ("desk:admission-decide", "api:admission-detail", "api:admission-decide")
CONSENT_ROUTES = ("desk:consent-answer", "api:consent-detail", "api:consent-decide")


@pytest.fixture
def samples(world):
    """Arguments for every route that has some."""
    return make_samples(world)


def make_samples(world):
    """Make objects of the first district; arguments for every route that has some. A new route needs a line."""
    with scope(world.tenant):
        now = timezone.now()
        draft = intake.Draft(text="漏水", area=world.areas["lane"].code, name="钱居民", phone="13800001234")
        ticket = intake.report(draft, by=world.system, at=now).ticket
        photo = photos.add(ticket, picture(), by=world.system, at=now)
        reporter = Reporter.objects.get()
        rating_links.invite(ticket, [reporter], at=now)
        level = ServiceLevel.objects.create(
            category=world.categories["lamp"], purpose=Purpose.RESOLVE, budget=7, unit="workdays"
        )
        wish = privacy.ask(reporter, "delete", by=world.system, at=now)
        words = ReplyTemplate.objects.create(verb="resolve", title="已修", text="已修复")
        privacy_notice.publish("我们这样处理您的个人信息", by=world.actor("admin"), at=now)
        asked = Question.objects.create(category=world.categories["leak"], text="漏多久了", kind="text")
        member, tomorrow = world.members["worker"], now + timedelta(days=1)
        span = {"starts_at": tomorrow, "ends_at": tomorrow + timedelta(hours=8)}
        shift = DutyShift.objects.create(unit=world.units["lane_grids"], member=member, **span)
        leave = Leave.objects.create(member=member, **span)
        numbered = {"number": ticket.number}
        found = {
            **{key: {"pk": photo.pk} for key in ("portal:file", "portal:own-photo")},
            **rating_samples(rating_links.token_of(reporter, ticket.reworks), photo),
            "portal:say": {"verb": "withdraw"},
            "portal:notice-version": {"number": 1},
            **dict.fromkeys(NUMBERED, numbered),
            "portal:area": {"code": world.areas["lane"].code},
            "desk:codes": {"code": world.areas["lane_grid"].code},
            "desk:decide-privacy": {"pk": wish.pk},
            "desk:move": {**numbered, "verb": "triage_minor"},
            "ticket-settings:drop-reply": {"pk": words.pk},
            "ticket-settings:drop-level": {"pk": level.pk},
            "ticket-settings:category": {"code": "0102"},
            "ticket-settings:questions": {"code": "0102"},
            "ticket-settings:move-question": {"code": "0102", "pk": asked.pk},
            "roster:drop": {"pk": shift.pk},
            "roster:back": {"pk": leave.pk},
            **duty_samples(world) | whistle_samples(world, ticket, now) | list_samples(world),
            **{key: {"code": "water"} for key in OF_UNIT},
            "areas:robot": {"pk": robot_of(world)},
            **{f"areas:{key}": {"code": world.areas["lane_grid"].code} for key in OF_GRID},
            **{f"people:{key}": {"pk": world.members["worker"].pk} for key in OF_PERSON},
            "people:relieve": {"pk": Post.objects.get(member=world.members["worker"]).pk},
        }
        account_actions.create_token(
            user_of(world, "worker"), world.tenant, name="x", scopes=["tickets:read"], at=now
        )
    found["settings:revoke"] = {"pk": ApiToken.objects.latest("pk").pk}
    return found


def rating_samples(token, photo):
    return {"portal:rate": {"token": token}, "portal:result-photo": {"token": token, "pk": photo.pk}}


def robot_of(world):
    given = {"unit_id": world.units["lane"].pk, "platform": "wecom", "secret": ""}
    address = "https://qyapi.weixin.qq.com/send"
    return channels.add_robot(**given, address=address, by=world.actor("admin"), at=timezone.now()).pk


def duty_samples(world):
    admin, head = world.actor("admin"), world.actor("head")
    now, day = timezone.now(), timezone.localdate()
    item = ItemDraft(code="1", name="抢修", kind="basic", lead=(world.units["water"].pk, ""))
    duty_versions.publish(
        duty_versions.draft("现行", [item], valid_from=day, by=admin, at=now), by=admin, at=now
    )
    version = {"pk": duty_versions.draft("草稿", [item], valid_from=day, by=admin, at=now).pk}
    given = {
        "name": "巡查",
        "category": world.categories["leak"],
        "unit": world.units["water"],
        "reason": "汛期",
    }
    wish = admissions.Wish(**given, valid_from=day, valid_until=day, onto_kind="street_office")
    admission = admissions.ask(wish, by=head, at=now)
    station = unit_records.add_unit(
        kind="stationed_agency", code="station", name="水务所", area=world.areas["east"]
    )
    given = {"person": "马所长", "what": "appoint", "reason": "轮岗", "asked_unit": world.units["water"]}
    consent = consents.ask(unit=station, **given, by=head, at=now)
    return {
        "ticket-settings:duty-list": version,
        "ticket-settings:publish-duties": version,
        "ticket-settings:discard-duties": version,
        **{name: {"pk": admission.pk} for name in ADMISSION_ROUTES},
        **{name: {"pk": consent.pk} for name in CONSENT_ROUTES},
    }


def list_samples(world):
    kept = SavedView.objects.create(member=world.members["county"], name="超期", query="overdue=1")
    now = timezone.now()
    ordered = Export.objects.create(member=kept.member, total=9000, created_at=now, moved_at=now)
    views = {"desk:rename-view": {"pk": kept.pk}, "desk:drop-view": {"pk": kept.pk}}
    return {**views, "desk:export-file": {"pk": ordered.pk}, **sheet_samples(world)}


def whistle_samples(world, ticket, now):
    given = {"kind": "pressing", "text": "请到场", "units": [world.units["water"]]}
    actions.VERBS["whistle"](ticket, by=world.actor("center", now), at=now, **given)
    found = Whistle.objects.get()
    blown = {"number": found.number}
    photo = whistle_photos.add(found, picture(), by=world.actor("center", now), at=now)
    return {
        "desk:whistle-photos": blown,
        "desk:whistle-photo": {**blown, "pk": photo.pk},
        "api:whistle-photos": blown,
        "desk:parties": {"number": ticket.number},
        "desk:whistle": blown,
        "desk:whistle-move": {**blown, "verb": "answer"},
        "api:whistle-detail": blown,
        "api:whistle-moves": blown,
    }


def sheet_samples(world):
    at, given = timezone.now(), {"slug": "categories"}
    content = "代码,名称,原因\n0101,路灯照明,x\n0102,\n".encode()
    by = world.actor("admin", at)
    table = reading.load(content, "a.csv", LIMITS)
    made = uploads.look_at(sheet_for("categories", by), table, by=by, at=at)
    of_one = dict.fromkeys(("sheets:preview", "sheets:confirm", "sheets:faults"), given | {"pk": made.pk})
    same = dict.fromkeys(("sheets:upload", "sheets:export", "sheets:template"), given)
    return {**same, "settings:load-pack": {"slug": "replies"}, **of_one}


def picture():
    buffer = io.BytesIO()
    Image.new("RGB", (40, 30), "green").save(buffer, "JPEG")
    return SimpleUploadedFile("a.jpg", buffer.getvalue(), "image/jpeg")


def user_of(world, name):
    return User.objects.get(pk=world.members[name].user_id)


def log_in(client, world, name):
    client.force_login(user_of(world, name), "governance.access.backend.LoginBackend")


def address(route, samples, tenant="alpha"):
    return reverse(route.name, kwargs={"tenant": tenant, **samples.get(route.name, {})})


def ask(client, path, **more):
    """The status codes of GET and POST, without 405: an unsupported method says nothing about the object."""
    got, posted = client.get(path, **more).status_code, client.post(path, **more).status_code
    return tuple(status for status in (got, posted) if status != 405)


def test_every_route_with_arguments_has_its_sample(samples):
    assert {route.name for route in ROUTES if route.arguments} == set(samples)
    assert {name: set(given) for name, given in samples.items()} == {
        route.name: set(route.arguments) for route in ROUTES if route.arguments
    }


def test_every_public_route_is_there():
    assert set(PUBLIC) - {route.name for route in ROUTES} == set()


def test_the_samples_are_real(world, client, samples):
    """Each sample opens in its own district; otherwise the sweep would prove nothing."""
    headers = {"Authorization": f"Bearer {token_for(world, 'county', world.tenant)}"}
    for route in HIDDEN:
        log_in(client, world, OPENED_BY.get(route.name, "admin" if is_setting(route) else "county"))
        found = client.get(address(route, samples), headers=headers if route.is_api else {})
        assert found.status_code in {200, 302, 405}, route.name


def token_for(world, name, tenant):
    names = sorted(TOKEN_SCOPES)
    return account_actions.create_token(
        user_of(world, name), tenant, name="sweep", scopes=names, at=timezone.now()
    )


@pytest.mark.parametrize("who", ["neighbour", "neighbour_admin"])
def test_a_member_of_another_district_finds_nothing(world, client, samples, who):
    log_in(client, world, who)
    before = events(world)
    for route in HIDDEN:
        seen = ask(client, address(route, samples))
        assert set(seen) == {401 if route.is_api else 404}, (route.name, seen)
    assert events(world) == before


def events(world):
    with scope(world.tenant):
        return Event.objects.count()


def test_a_token_of_another_district_finds_nothing(world, client, samples):
    headers = {"Authorization": f"Bearer {token_for(world, 'neighbour', world.other)}"}
    for route in HIDDEN:
        seen = ask(client, address(route, samples), headers=headers)
        assert set(seen) == {401 if route.is_api else 302}, (route.name, seen)  # pages do not accept tokens
    log_in(client, world, "neighbour")
    for route in HIDDEN:
        seen = ask(client, address(route, samples), headers=headers)
        assert set(seen) == {401 if route.is_api else 404}, (route.name, seen)


def test_who_has_not_logged_in_is_sent_to_the_door(world, client, samples):
    for route in HIDDEN:
        path = address(route, samples)
        seen = ask(client, path)
        assert set(seen) == {401 if route.is_api else 302}, (route.name, seen)
        if not route.is_api and (answer := client.get(path)).status_code == 302:
            assert answer["Location"].startswith("/login/"), route.name


def test_objects_of_another_district_are_not_in_ones_own(world, client, samples):
    """Members of 乙区 put the ids and numbers of 甲区 into addresses of 乙区."""
    headers = {"Authorization": f"Bearer {token_for(world, 'neighbour', world.other)}"}
    for who in ("neighbour", "neighbour_admin"):
        log_in(client, world, who)
        for route in (route for route in ROUTES if route.arguments and route.name not in SAME_EVERYWHERE):
            path = address(route, samples, tenant="beta")
            seen = ask(client, path, follow=True, **({"headers": headers} if route.is_api else {}))
            allowed = {404} if who == "neighbour_admin" or not is_setting(route) else {403, 404}
            assert seen, route.name
            assert set(seen) <= allowed, (route.name, who, seen)
    with scope(world.tenant):
        assert Post.objects.filter(member=world.members["worker"], valid_to=None).exists()
        assert ServiceLevel.objects.filter(pk=samples["ticket-settings:drop-level"]["pk"]).exists()
    assert ApiToken.objects.filter(pk=samples["settings:revoke"]["pk"], revoked_at=None).exists()


def is_setting(route):
    return route.name.split(":")[0] not in {"desk", "portal", "api"}


def test_number_and_code_open_nothing_in_another_district(world, client, samples):
    with scope(world.tenant):
        reporter = Reporter.objects.select_related("ticket").get()
        given = {"number": reporter.ticket.number, "code": reporter.code}
    assert client.get("/alpha/track/", given).status_code == 200
    for page in ("track", "receipt"):
        answer = client.get(f"/beta/{page}/", given)
        assert answer.status_code == 404
        assert "漏水" not in answer.content.decode()
