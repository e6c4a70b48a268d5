"""The first administrator of a new district: one command, then everything is done on pages."""

import re

import pytest
from django.core.management import CommandError, call_command

from governance.access.models import User
from governance.tenancy.actions import create_tenant
from governance.tenancy.scope import scope
from grids.models import Area, Post, Unit

pytestmark = pytest.mark.django_db
GAPS = "/hexi/desk/settings/gaps/"


@pytest.fixture
def district():
    return create_tenant(slug="hexi", name="河西区", code="371699")


def test_one_command_leads_to_the_settings(district, client, capsys):
    call_command("first_admin", "hexi", "li.na", "--name", "李娜")
    said = capsys.readouterr().out
    assert GAPS in said
    password = re.search(r"初始密码 (\S+)，", said)[1]
    with scope(district):
        assert [area.code for area in Area.objects.all()] == ["371699000000"]
        assert [unit.name for unit in Unit.objects.all()] == ["河西区城市运行和治理中心"]
        assert Post.objects.get().role == "tenant_admin"
    answer = client.post("/login/", {"username": "li.na", "password": password, "next": GAPS})
    assert answer["Location"].startswith("/password/")


def test_a_second_first_administrator_is_refused(district):
    call_command("first_admin", "hexi", "li.na", "--name", "李娜")
    with pytest.raises(CommandError, match="已有管理员"):
        call_command("first_admin", "hexi", "wang.bo", "--name", "王波")
    assert not User.objects.filter(username="wang.bo").exists()


def test_who_works_in_another_district_keeps_the_password(world, district, capsys):
    user = world.members["admin"].user
    call_command("first_admin", "hexi", user.username, "--name", "管理员")
    assert "沿用原有密码" in capsys.readouterr().out
    assert User.objects.get(pk=user.pk).password == user.password
