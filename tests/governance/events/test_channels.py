"""Channels besides the inbox: text messages and group lines, each sent once, none for read notices."""

import uuid
from datetime import timedelta

import pytest

from governance.access.models import Member, User
from governance.district import actions as configuring
from governance.errors import Conflict, Forbidden, Invalid, Missing
from governance.events import channels, notices, record
from governance.events.models import Event, Notice, Robot
from governance.messages import outbox
from governance.messages.models import Message
from governance.tenancy.scope import current, scope
from tests.pages import folded
from tests.worlds import at
from tickets.intake import actions as intake
from tickets.orders import subscribers

ADDRESS = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=secret"
PHONE = "13900001111"


@pytest.fixture
def choose(walk):
    """Return a function that sets the channels: choose(sms=[...], robot=[...])."""

    def configure(sms=(), robot=()):
        values = {"notice_sms": [*sms], "notice_robot": [*robot]}
        configuring.configure(current(), values, by=walk.actor("admin"), at=at(23, 8))

    Member.objects.filter(pk=walk.members["community"].pk).update(phone=PHONE)
    return configure


@pytest.fixture
def group(walk):
    """The group robot of the community."""
    given = {"unit_id": walk.units["lane"].pk, "platform": "wecom", "address": ADDRESS, "secret": ""}
    return channels.add_robot(**given, by=walk.actor("admin"), at=at(23, 8))


def report(walk, when=None):
    given = {"text": "三单元王秀兰家漏水", "area": walk.areas["lane_grid"].code, "category": "0101"}
    draft = intake.Draft(client_id=uuid.uuid4(), **given)
    ticket = intake.report(draft, by=walk.actor("worker"), at=when or at(23, 9)).ticket
    event = Event.objects.get(kind="ticket.report", subject_id=ticket.pk)
    subscribers.tell_the_new_holder(event)
    return ticket, event


def texts():
    return list(Message.objects.filter(kind=channels.TEXT).order_by("pk"))


def test_a_text_says_what_and_which_number_but_nothing_of_the_matter(walk, choose):
    choose(sms=["work"])
    ticket, _event = report(walk)
    (message,) = texts()
    assert message.phone == PHONE
    assert message.text.startswith("【甲区】")
    assert ticket.number in message.text
    assert "漏水" not in message.text
    assert "王秀兰" not in message.text
    assert message.link == f"/alpha/desk/tickets/{ticket.number}/"
    assert message.next_try_at == at(23, 9)


def test_only_the_chosen_sorts_ring_and_only_phones_that_are_known(walk, choose):
    choose(sms=["time", "brief"])
    report(walk)
    assert texts() == []
    choose(sms=["work"])
    Member.objects.update(phone="")
    report(walk)
    assert texts() == []
    assert Notice.objects.exists()


def test_without_a_channel_no_statement_is_spent(walk, choose, django_assert_num_queries):
    choose()
    _ticket, event = report(walk)
    row = Notice.objects.filter(event=event).first()
    with django_assert_num_queries(0):
        channels.schedule_alert([row], {event.pk: {walk.units["lane"].pk}})


def test_outside_working_hours_it_waits_and_is_taken_back_when_read(walk, choose):
    choose(sms=["work"])
    report(walk, when=at(23, 20))
    (message,) = texts()
    assert message.next_try_at == at(24, 8, 30)
    member = walk.members["community"].pk
    notices.mark_read(member, None, at(23, 21))
    assert texts() == []


def test_told_again_it_rings_once(walk, choose):
    choose(sms=["work"])
    _ticket, event = report(walk)
    subscribers.tell_the_new_holder(event)
    assert len(texts()) == 1


def test_many_notices_of_time_are_one_text(walk, choose):
    choose(sms=["time"])
    tickets = [report(walk)[0] for _ in range(8)]
    member = notices.To(walk.members["community"].pk, walk.units["lane"].pk)
    letters = []
    for ticket in tickets:
        facts = {"purpose": "triage", "due": at(23, 11).isoformat()}
        seq = record("clock.warned", ticket, by=walk.system, at=at(23, 10), **facts)
        event = Event.objects.get(subject_type="tickets.ticket", subject_id=ticket.pk, seq=seq)
        letters.append(notices.Letter(event, (member,), facts))
    notices.tell_of_time(letters[:3])
    assert len(texts()) == 3
    notices.tell_of_time(letters[3:])
    (message,) = texts()  # the three unsent ones are now in the digest
    assert "8" in message.text
    assert "digest=" in message.link


def test_a_group_is_told_once_however_many_work_there(walk, choose, group):
    choose(robot=["work"])
    ticket, event = report(walk)
    (line,) = Message.objects.filter(kind=channels.GROUP)
    assert ticket.number in line.text
    assert line.key == f"{event.pk}@{group.pk}"
    assert "secret" in line.phone  # encrypted in the database, erased when sent


def test_a_storm_does_not_flood_a_group(walk, choose, group):
    choose(robot=["work", "urgent"])
    for _ in range(channels.PER_GROUP + 3):
        report(walk)
    sent = Message.objects.filter(kind=channels.GROUP)
    assert sent.count() == channels.PER_GROUP + 1
    assert sent.filter(text__contains="还有其他通知").count() == 1
    _ticket, event = report(walk)
    notice = Notice.objects.filter(event=event).first()
    sent.filter(key__startswith=f"{event.pk}@").delete()
    notice.urgent = True
    notice.save(update_fields=["urgent"])
    channels.schedule_alert([notice], {event.pk: {walk.units["lane"].pk}})
    assert sent.filter(key=f"{event.pk}@{group.pk}").exists()  # urgent: no limit


def test_what_was_written_at_night_is_counted_when_it_rings(walk, choose, group):
    choose(robot=["work"])
    for hour in (19, 20, 21, 22):
        for _ in range(5):
            report(walk, when=at(23, hour))
    at_opening = Message.objects.filter(kind=channels.GROUP, next_try_at=at(24, 8, 30))
    assert at_opening.count() == channels.PER_GROUP + 1


def test_a_dropped_group_hears_nothing_that_waits(walk, choose, group):
    choose(robot=["work"])
    report(walk, when=at(23, 20))
    channels.drop_robot(group.pk, by=walk.actor("admin"), at=at(23, 21))
    assert not Message.objects.filter(kind=channels.GROUP).exists()


def test_lines_go_to_the_robot_and_texts_to_the_phone(world, settings, monkeypatch):
    sent = []
    settings.SMS_BACKEND = f"{__name__}.refuse"
    monkeypatch.setitem(outbox._SENDERS, channels.GROUP, lambda to, text, *, reference: sent.append(text))
    with scope(world.tenant):
        by, when = world.actor("admin"), at(23, 8)
        given = {"unit_id": world.units["lane"].pk, "platform": "wecom", "address": ADDRESS, "secret": ""}
        robot = channels.add_robot(**given, by=by, at=when)
        channels.try_robot(robot.pk, by=by, at=when)
    assert outbox.send_waiting(world.tenant, when + timedelta(seconds=1)) == 1
    assert sent[0].startswith("【甲区】群机器人已接通。")
    with scope(world.tenant):
        last = channels.last_lines()[robot.pk]
    assert (last.state, last.phone) == (Message.State.SENT, "")


def refuse(phone, text, *, reference):
    """An adapter that fails the test if a text message is sent."""
    raise AssertionError(text)


def test_groups_are_kept_by_who_keeps_the_settings(walk, group):
    by, given = walk.actor("admin"), {"platform": "wecom", "address": ADDRESS, "secret": ""}
    with pytest.raises(Conflict):
        channels.add_robot(unit_id=walk.units["lane"].pk, **given, by=by, at=at(23, 9))
    with pytest.raises(Invalid):
        channels.add_robot(
            unit_id=walk.units["pond"].pk, **{**given, "address": "https://example.org/"}, by=by, at=at(23, 9)
        )
    for verb in (channels.drop_robot, channels.try_robot):
        with pytest.raises(Forbidden):
            verb(group.pk, by=walk.actor("county"), at=at(23, 9))
    channels.drop_robot(group.pk, by=by, at=at(23, 9))
    assert Robot.objects.get().address == ""
    with pytest.raises(Missing):
        channels.try_robot(group.pk, by=by, at=at(23, 9))
    with pytest.raises(Invalid):
        configuring.configure(current(), {"notice_sms": ["all"]}, by=by, at=at(23, 9))


def test_the_page_sets_channels_and_connects_a_group(world, client):
    client.force_login(
        User.objects.get(pk=world.members["admin"].user_id), "governance.access.backend.LoginBackend"
    )
    url = "/alpha/desk/settings/notices/"
    assert "尚未接通" in folded(client.get(url))
    assert client.post(url, {"notice_sms": ["urgent", "time"]}).status_code == 302
    page = folded(client.get(url))
    assert page.count("checked") == 2
    wrong = client.post(f"{url}robots/", {"unit": "lane", "platform": "wecom", "address": "https://x.org/"})
    assert wrong.status_code == 400
    assert "地址应以下面之一开头" in folded(wrong)
    given = {"unit": "lane", "platform": "wecom", "address": ADDRESS}
    other = client.post(f"{url}robots/", {**given, "platform": "feishu"})
    assert other.status_code == 400
    assert "飞书的地址应以 https://open.feishu.cn 开头" in folded(other)
    page = folded(client.post(f"{url}robots/", given, follow=True))
    assert "里巷社区居委会" in page
    assert "key=secret" not in page
    assert client.post(url, {}).status_code == 302  # an empty form switches all channels off
    world.tenant.refresh_from_db()
    assert world.tenant.setting("notice_sms") == []
    with scope(world.tenant):
        pk = Robot.objects.get().pk
        assert Message.objects.update(state="given_up", ended_at=at(23, 9), phone="", error="late")
    assert "过时未发" in folded(client.get(url))
    assert "尚未接通" in folded(client.post(f"{url}robots/{pk}/", {"do": "drop"}, follow=True))
