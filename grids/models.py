"""The territory tree, the units that can hold work, and dated posts of persons in units."""

from datetime import date

from django.contrib.auth.models import Group
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from governance.access.models import Member
from governance.access.permissions import ROLE_NAMES
from governance.database.words import Words
from governance.tenancy.models import TenantForeignKey, TenantModel


class Level(Words):
    """The levels of the tree, from the district down."""

    DISTRICT = "district", _("区县")
    STREET = "street", _("街道（乡镇）")
    SECTION = "section", _("管区")
    COMMUNITY = "community", _("社区（村）")
    GRID = "grid", _("网格")
    BUILDING = "building", _("楼栋")


#: Digits of the code at each level (domain.md B1, B2); a section has no statistical code of its own.
CODE_LENGTH = {
    Level.DISTRICT: 12,
    Level.STREET: 12,
    Level.COMMUNITY: 12,
    Level.GRID: 15,
    Level.BUILDING: 17,
}


class Area(TenantModel):
    """A node of the territory, valid from-to because grids are recut every year; codes are retired, never
    reused."""

    parent = TenantForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    level = models.CharField(_("层级"), max_length=10, choices=Level.listed)
    code = models.CharField(_("代码"), max_length=20, validators=[RegexValidator(r"^[0-9A-Za-z]{3,20}$")])
    name = models.CharField(_("名称"), max_length=100)
    kind = models.CharField(_("类别"), max_length=30, blank=True)
    path = models.CharField(max_length=160, db_collation="C", editable=False)
    lat = models.DecimalField(_("纬度"), max_digits=9, decimal_places=6, null=True, blank=True)
    lng = models.DecimalField(_("经度"), max_digits=9, decimal_places=6, null=True, blank=True)
    households = models.PositiveIntegerField(_("户数"), null=True, blank=True)
    population = models.PositiveIntegerField(_("人口"), null=True, blank=True)
    valid_from = models.DateField(_("启用日期"), default=date(2000, 1, 1))
    valid_to = models.DateField(_("停用日期"), null=True, blank=True)
    merged_into = TenantForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="took_in", editable=False
    )

    class Meta:
        verbose_name = verbose_name_plural = _("区域")
        ordering = ["path"]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "code"], name="area_code_once"),
            models.UniqueConstraint(fields=["tenant", "path"], name="area_path_once"),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="area_valid_in_order"
            ),
        ]
        indexes = [models.Index(fields=["tenant", "level", "path"], name="area_by_level")]

    def __str__(self) -> str:
        return self.name

    @property
    def codes(self) -> list[str]:
        """The codes from the district down to this area."""
        return self.path.rstrip("/").split("/")


class AreaShape(TenantModel):
    """The outline of an area on the map, WGS-84; the box lets queries find it without reading the
    geometry."""

    area = TenantForeignKey(Area, on_delete=models.CASCADE, related_name="shapes")
    geometry = models.JSONField(_("轮廓"))  # GeoJSON Polygon or MultiPolygon
    datum = models.CharField(_("来源坐标系"), max_length=8)
    south = models.FloatField()
    west = models.FloatField()
    north = models.FloatField()
    east = models.FloatField()

    class Meta:
        verbose_name = verbose_name_plural = _("区域轮廓")
        constraints = [models.UniqueConstraint(fields=["tenant", "area"], name="area_shape_once")]


class GridCommunity(TenantModel):
    """A joint grid (联建): one grid that serves further communities besides its own."""

    grid = TenantForeignKey(Area, on_delete=models.PROTECT, related_name="joint_communities")
    community = TenantForeignKey(Area, on_delete=models.PROTECT, related_name="joint_grids")
    valid_from = models.DateField(default=date(2000, 1, 1))
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "grid", "community"], name="joint_grid_once"),
        ]


class UnitKind(Words):
    """The kinds of units that can hold work."""

    GRID_TEAM = "grid_team", _("网格队伍")
    COMMUNITY = "committee", _("社区居委会（村委会）")
    STREET = "street_office", _("街道（乡镇）")
    STREET_CENTER = "command_center", _("街道指挥中心")
    COUNTY_CENTER = "county_center", _("区县运行中心")
    DEPARTMENT = "department", _("部门")
    SECTION = "section", _("科室（内设机构）")
    STATIONED = "stationed_agency", _("派驻机构")
    ENFORCEMENT = "enforcement_team", _("综合执法队")
    RESIDENT_UNIT = "resident_unit", _("驻区单位")
    VOLUNTEER = "volunteer_team", _("志愿服务队")
    PARTY = "party_branch", _("党组织")
    MEDIATION = "mediation_team", _("调解组织")


class Unit(TenantModel):
    """A unit that can hold work; it serves an area and may be part of another unit."""

    kind = models.CharField(_("类别"), max_length=20, choices=UnitKind.listed)
    name = models.CharField(_("名称"), max_length=100)
    code = models.CharField(_("代码"), max_length=40)
    parent = TenantForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="parts")
    area = TenantForeignKey(Area, on_delete=models.PROTECT, related_name="units")
    path = models.CharField(max_length=120, db_collation="C", editable=False, default="")
    group = models.ForeignKey(Group, null=True, on_delete=models.PROTECT, related_name="+", editable=False)
    phone = models.CharField(_("电话"), max_length=20, blank=True, default="", db_default="")
    address = models.CharField(_("地址"), max_length=100, blank=True, default="", db_default="")
    opening = models.CharField(_("对外时间"), max_length=60, blank=True, default="", db_default="")
    active = models.BooleanField(_("启用"), default=True)

    class Meta:
        verbose_name = verbose_name_plural = _("单位")
        ordering = ["kind", "code"]
        constraints = [models.UniqueConstraint(fields=["tenant", "code"], name="unit_code_once")]
        indexes = [
            models.Index(fields=["tenant", "path"], name="unit_by_path"),
            models.Index(fields=["tenant", "area", "kind"], name="unit_by_area"),
        ]

    def __str__(self) -> str:
        return self.name


def roles() -> list[tuple[str, str]]:
    """(role, its name) of every role."""
    return [(role.value, name) for role, name in ROLE_NAMES.items()]


class Post(TenantModel):
    """A member in a unit with a role, from-to; the only source of role rights."""

    member = TenantForeignKey(Member, on_delete=models.PROTECT, related_name="posts")
    unit = TenantForeignKey(Unit, on_delete=models.PROTECT, related_name="posts")
    role = models.CharField(_("角色"), max_length=20, choices=roles)
    valid_from = models.DateField(_("任职日期"))
    valid_to = models.DateField(_("离任日期"), null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("岗位")
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="post_valid_in_order"
            ),
            models.UniqueConstraint(
                fields=["tenant", "member", "unit", "role"], condition=Q(valid_to=None), name="post_open_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member_id}/{self.unit_id}/{self.role}"


class PostArea(TenantModel):
    """An area that a post covers; a post without any covers its unit's area."""

    post = TenantForeignKey(Post, on_delete=models.CASCADE, related_name="covers")
    area = TenantForeignKey(Area, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "post", "area"], name="post_area_once")]


class DutyShift(TenantModel):
    """A member is on duty in a unit for a time: nights, weekends, holidays."""

    unit = TenantForeignKey(Unit, on_delete=models.PROTECT, related_name="shifts")
    member = TenantForeignKey(Member, on_delete=models.PROTECT, related_name="shifts")
    starts_at = models.DateTimeField(_("开始"))
    ends_at = models.DateTimeField(_("结束"))

    class Meta:
        verbose_name = verbose_name_plural = _("值班")
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="shift_in_order"),
        ]
        indexes = [models.Index(fields=["tenant", "unit", "ends_at"], name="shift_of_unit")]


class Leave(TenantModel):
    """A member is away for a time; meanwhile the deputy reads and acts by a post of their own."""

    member = TenantForeignKey(Member, on_delete=models.PROTECT, related_name="leaves")
    deputy = TenantForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    starts_at = models.DateTimeField(_("开始"))
    ends_at = models.DateTimeField(_("结束"))

    class Meta:
        verbose_name = verbose_name_plural = _("请假")
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="leave_in_order"),
            models.CheckConstraint(condition=~Q(member=F("deputy")), name="leave_has_another_deputy"),
        ]
        indexes = [models.Index(fields=["tenant", "member", "ends_at"], name="leave_of_member")]
