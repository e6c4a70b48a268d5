"""The command that imports people: the sheet of their page, all or nothing."""

import csv
import os
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from governance.access.models import Member
from governance.events.models import Event
from governance.tenancy.scope import scope
from grids.models import Post

pytestmark = pytest.mark.django_db
HEADINGS = "登录名,姓名,手机,单位,角色,负责区域\n"
GOOD = """li.na,李娜,13800001111,里巷社区居委会,社区工作者,990101001001
li.na,李娜,13800001111,water,部门负责人,
wang,王五,,水务局,unit_member,
"""
BAD = [
    ("zhao,赵六,,没有的单位,网格员,", "没有代码或名称为“没有的单位”的单位"),
    ("zhao,赵六,,水务局,皇帝,", "可填：网格员、网格长、"),
    (",无名,,水务局,领导,", "“登录名”不能为空"),
    ("qian,钱七,,水务局,领导,990101009009", "没有代码或名称为“990101009009”的区域"),
]


def bring_in(path, text, *more, **options):
    """Run the command over the lines; returns what it prints."""
    path.write_text(HEADINGS + text, encoding="utf-8")
    out = StringIO()
    call_command("import_people", path, *more, tenant="alpha", stdout=out, stderr=out, **options)
    return out.getvalue()


def joined(world):
    with scope(world.tenant):
        posts = Post.objects.filter(member__user__username__in=["li.na", "wang", "zhao", "qian"])
        return sorted(posts.values_list("member__user__username", "unit__code", "role"))


def test_people_come_in_with_their_posts_once(world, tmp_path):
    assert "新增 3 行" in bring_in(tmp_path / "a.csv", GOOD)
    assert joined(world) == [
        ("li.na", "lane", "community_worker"),
        ("li.na", "water", "unit_head"),
        ("wang", "water", "unit_member"),
    ]
    with scope(world.tenant):
        assert Event.objects.filter(kind="person.posted").count() == 3
    assert "新增 0 行，修改 0 行，不变 3 行" in bring_in(tmp_path / "a.csv", GOOD)


@pytest.mark.parametrize(("line", "reason"), BAD, ids=lambda value: value[:12])
def test_one_faulty_row_and_nobody_comes_in(world, tmp_path, line, reason):
    out = StringIO()
    (tmp_path / "a.csv").write_text(HEADINGS + GOOD + line + "\n", encoding="utf-8")
    given = {"tenant": "alpha", "passwords": tmp_path / "first.csv", "errors": tmp_path / "bad.xlsx"}
    with pytest.raises(CommandError, match="未保存任何一行"):
        call_command("import_people", tmp_path / "a.csv", stdout=out, stderr=out, **given)
    assert f"第 5 行：{reason}" in out.getvalue().replace("“角色”里不能填“皇帝”，", "")
    assert joined(world) == []
    with scope(world.tenant):
        assert not Member.objects.filter(user__username="li.na").exists()
    assert (tmp_path / "bad.xlsx").exists()
    assert not (tmp_path / "first.csv").exists()
    said = bring_in(tmp_path / "a.csv", GOOD, passwords=tmp_path / "first.csv")
    assert "2 个初始密码已写入" in said
    headings, *rows = csv.reader((tmp_path / "first.csv").read_text(encoding="utf-8-sig").splitlines())
    assert headings == ["登录名", "姓名", "初始密码"]
    assert [row[0] for row in rows] == ["li.na", "wang"]
    assert (os.stat(tmp_path / "first.csv").st_mode & 0o777) == 0o600


def test_a_file_of_passwords_that_exists_stays_as_it_is(world, tmp_path):
    (tmp_path / "first.csv").write_text("old")
    with pytest.raises(CommandError, match="文件已存在"):
        bring_in(tmp_path / "a.csv", GOOD, passwords=tmp_path / "first.csv")
    assert (tmp_path / "first.csv").read_text() == "old"
    assert joined(world) == []


def test_a_failure_after_the_passwords_leaves_no_file(world, tmp_path, monkeypatch):
    class Full:
        def __init__(self, file):
            raise OSError("disk full")

    monkeypatch.setattr(csv, "writer", Full)
    with pytest.raises(OSError, match="disk full"):
        bring_in(tmp_path / "a.csv", GOOD, passwords=tmp_path / "first.csv")
    assert not (tmp_path / "first.csv").exists()
    assert joined(world) == []


def test_a_dry_run_stores_nothing(world, tmp_path):
    said = bring_in(tmp_path / "a.csv", GOOD, "--dry-run", passwords=tmp_path / "first.csv")
    assert said.startswith("[试运行] 新增 3 行")
    assert joined(world) == []
    assert not (tmp_path / "first.csv").exists()


def test_a_log_in_of_another_district_joins_this_one_too(world, tmp_path):
    bring_in(tmp_path / "a.csv", "beta-county,尤区县,,水务局,领导,\n")
    with scope(world.tenant):
        assert Post.objects.get(member__user__username="beta-county").unit.code == "water"
