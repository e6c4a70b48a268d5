"""Excel sheet of people and posts: one row per post. Phones are read for new people, never exported."""

from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance.access.actors import Actor
from governance.access.models import Member
from governance.access.permissions import ROLE_NAMES, Permission, Role
from governance.access.secrets import mask_phone
from governance.errors import Conflict, Invalid
from governance.sheets.columns import Column, day, many, pattern
from governance.sheets.registry import Cells, Present, Sheet, add, held
from governance.text import telephones
from grids.models import Post
from grids.people import actions
from grids.tree import local_day
from grids.units import cells as unit_cells
from grids.units.queries import unit_of

Held = tuple[int, int, str]  # ids of member and unit, and the role


def _present(*, by: Actor, at: datetime, lock: bool) -> list[Present]:
    """The posts that hold or will hold.

    If a post ends and continues with other areas, only the continued one.
    """
    on = Post.objects.filter(Q(valid_to=None) | Q(valid_to__gte=local_day(at)), member__active=True)
    goes_on = Post.objects.filter(
        member=OuterRef("member"), unit=OuterRef("unit"), role=OuterRef("role"), valid_to=None
    )
    rows = on.exclude(Q(valid_to__isnull=False) & Exists(goes_on))
    rows = rows.select_related("member__user", "unit").prefetch_related("covers__area")
    over = _over()
    ordered = held(rows.order_by("member__name", "member_id", "id"), lock)
    return [Present(row, _cells(row, over.get(_held(row), {}))) for row in ordered]


def _held(row: Post) -> Held:
    return row.member_id, row.unit_id, row.role


def _over() -> dict[Held, dict[date, date]]:
    """For each post that has ended, {last day: first day}."""
    found: dict[Held, dict[date, date]] = {}
    ended = Post.objects.exclude(valid_to=None).values_list(
        "member_id", "unit_id", "role", "valid_to", "valid_from"
    )
    for member, unit, role, until, since in ended:
        found.setdefault((member, unit, role), {})[until] = since
    return found


def _since(row: Post, over: dict[date, date]) -> date:
    """The first day of the post without a gap: people see a post that continues with other areas as one
    post."""
    since = row.valid_from
    while (before := over.get(since - timedelta(days=1))) is not None:
        since = before
    return since


def _cells(row: Post, over: dict[date, date]) -> dict[str, str]:
    return {
        "username": row.member.user.username,
        "name": row.member.name,
        "phone": row.member.phone,
        "unit": row.unit.code,
        "role": row.role,
        "areas": " ".join(sorted(one.area.code for one in row.covers.all())),
        "since": _since(row, over).isoformat(),
        "until": row.valid_to.isoformat() if row.valid_to else "",
    }


def _add(cells: Cells, *, by: Actor, at: datetime) -> None:
    member = _member(cells, by, at)
    since = date.fromisoformat(cells["since"]) if cells["since"] else local_day(at)
    given = {"since": since, "areas": unit_cells.areas_of(cells["areas"])}
    post = actions.post_person(member, unit_of(cells["unit"]), cells["role"], **given, by=by, at=at)
    if cells["until"]:
        actions.relieve_person(post.pk, until=date.fromisoformat(cells["until"]), by=by, at=at)


def _member(cells: Cells, by: Actor, at: datetime) -> Member:
    """The member of a row, enrolled if the log-in is new; raises Conflict if the row gives another name."""
    given = {key: cells[key] for key in ("username", "name", "phone")}
    found = Member.objects.select_related("user").filter(user__username=cells["username"]).first()
    if found is None:
        return actions.enrol(**given, by=by, at=at)
    if found.name != cells["name"]:
        message = _("登录名 %(login)s 是“%(name)s”的，姓名不一致")
        raise Conflict(message % {"login": cells["username"], "name": found.name})
    if cells["phone"] and cells["phone"] != found.phone:
        raise Invalid(_("已有人员的手机请在人员页更正"))
    if not found.active:
        raise Conflict(_("%(name)s已停用，请先恢复") % {"name": found.name})
    return found


def _change(row: Post, cells: Cells, *, changed: set[str], by: Actor, at: datetime) -> None:
    if "areas" in changed:
        row = actions.cover(row, unit_cells.areas_of(cells["areas"]), by=by, at=at)
    if "until" in changed:
        if not cells["until"]:
            raise Invalid(_("已定的离任日期不能撤销，请重新任命"))
        actions.relieve_person(row.pk, until=date.fromisoformat(cells["until"]), by=by, at=at)


def _settled(cells: dict[str, str]) -> dict[str, str]:
    """The cells with codes for the names of areas: which area a name means depends on the unit."""
    if cells.get("areas"):
        cells["areas"] = unit_cells.area_codes(cells["areas"], cells["unit"])
    return cells


def _gone(cells: Cells, at: datetime) -> bool:
    return bool(cells["until"]) and date.fromisoformat(cells["until"]) < local_day(at)


#: Names that roles had before, or have in a single office.
EARLIER = {
    "租户管理员": Role.TENANT_ADMIN.value,
    "单位负责人": Role.UNIT_HEAD.value,
    "单位经办人": Role.UNIT_MEMBER.value,
}
COLUMNS = (
    Column(
        key="username",
        heading=gettext_lazy("登录名"),
        required=True,
        most=64,
        example="li.na",
        clean=pattern(r"[\w.@+-]+", gettext_lazy("登录名只能用字母、数字和 . @ + - _")),
    ),
    Column(key="name", heading=gettext_lazy("姓名"), required=True, most=60, fixed=True, example="李娜"),
    Column(
        key="phone",
        heading=gettext_lazy("手机"),
        also=("手机号", "手机号码", "联系电话"),
        example="13800001111",
        hint=gettext_lazy("只在添加人员时填写；导出时不含"),
        clean=telephones.valid,
        masked=mask_phone,
        keeps=True,
        fixed=True,
    ),
    unit_cells.unit_column(),
    Column(
        key="role",
        heading=gettext_lazy("角色"),
        also=("岗位",),
        required=True,
        example=ROLE_NAMES[Role.COMMUNITY_WORKER],
        choices={role.value: name for role, name in ROLE_NAMES.items()},
        also_words=EARLIER,
    ),
    Column(
        key="areas",
        heading=gettext_lazy("负责区域"),
        also=("负责区域代码", "辖区"),
        hint=gettext_lazy("填名称或代码，多个用空格隔开；不填则为单位所辖全部区域。改动从今天起生效"),
        clean=many,
        shown=unit_cells.area_labels,
    ),
    Column(
        key="since",
        heading=gettext_lazy("任职日期"),
        hint=gettext_lazy("只在新任命时填写，不填为今天"),
        clean=day,
        keeps=True,
        fixed=True,
    ),
    Column(
        key="until",
        heading=gettext_lazy("离任日期"),
        hint=gettext_lazy("填写后岗位在这一天结束；已经离任的行不读"),
        clean=day,
    ),
)

SHEET = Sheet(
    slug="people",
    label=gettext_lazy("人员与岗位"),
    page="people:list",
    anyone_with=(Permission.PEOPLE_EDIT,),
    identity=("username", "unit", "role"),
    named=("username", "name", "unit", "role"),
    present=_present,
    add=_add,
    change=_change,
    gone=_gone,
    settle=_settled,
    columns=COLUMNS,
    note=gettext_lazy("一行一个岗位。新人员的初始密码更新以后在人员页一次生成、打印。"),
)
add(SHEET)
