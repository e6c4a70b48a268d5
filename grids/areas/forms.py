"""Forms of areas."""

import math
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grids import coordinates
from grids.areas.records import ORDER
from grids.areas.reshaping import Cover
from grids.models import Area, Level

BELOW = {
    Level.DISTRICT: 1,
    Level.STREET: 2,
    Level.SECTION: 1,
    Level.COMMUNITY: 1,
    Level.GRID: 1,
}  # how many levels are offered below each level


def levels_below(level: str) -> list[Level]:
    """The levels that a new area below this level may have; a community may also have buildings without a
    grid."""
    at = ORDER.index(Level(level)) + 1
    found = ORDER[at : at + BELOW.get(Level(level), 0)]
    return [*found, Level.BUILDING] if level == Level.COMMUNITY else found


class AreaForm(forms.Form):
    """The data of an area."""

    name = forms.CharField(label=gettext_lazy("名称"), max_length=100)
    kind = forms.CharField(
        label=gettext_lazy("类别"),
        max_length=30,
        required=False,
        help_text=gettext_lazy("例如：专属网格、商住楼"),
    )
    households = forms.IntegerField(
        label=gettext_lazy("户数"), min_value=0, max_value=100_000_000, required=False
    )
    population = forms.IntegerField(
        label=gettext_lazy("人口"), min_value=0, max_value=100_000_000, required=False
    )
    lat = forms.DecimalField(
        label=gettext_lazy("纬度"),
        min_value=-90,
        max_value=90,
        max_digits=9,
        decimal_places=6,
        required=False,
    )
    lng = forms.DecimalField(
        label=gettext_lazy("经度"),
        min_value=-180,
        max_value=180,
        max_digits=9,
        decimal_places=6,
        required=False,
    )
    datum = forms.ChoiceField(
        label=gettext_lazy("坐标系"),
        choices=[
            ("WGS-84", "WGS-84"),
            ("GCJ-02", gettext_lazy("GCJ-02（高德、腾讯）")),
            ("BD-09", gettext_lazy("BD-09（百度）")),
        ],
        required=False,
        help_text=gettext_lazy("从地图上取的坐标请选所用的坐标系，保存时换算"),
    )

    def clean(self) -> dict[str, Any]:
        """Require both coordinates of a point, and convert it to WGS-84."""
        given = super().clean()
        lat, lng, datum = given.get("lat"), given.get("lng"), given.pop("datum", "") or "WGS-84"
        if (lat is None) != (lng is None) and not {"lat", "lng"} & set(self.errors):
            self.add_error("lat" if lat is None else "lng", _("经纬度要一起填写"))
        elif lat is not None and lng is not None and datum != "WGS-84":
            moved = coordinates.to_wgs84(float(lat), float(lng), datum)
            given["lat"], given["lng"] = (_six(value) for value in moved)
        return given


def _six(value: float) -> Any:
    return forms.DecimalField(decimal_places=6).to_python(f"{value:.6f}") if math.isfinite(value) else None


class NewAreaForm(forms.Form):
    """A new area below another one."""

    level = forms.ChoiceField(label=gettext_lazy("层级"))
    name = forms.CharField(label=gettext_lazy("名称"), max_length=100)
    code = forms.CharField(
        label=gettext_lazy("代码"),
        max_length=20,
        required=False,
        help_text=gettext_lazy("网格和楼栋不填则自动编号；街道、社区填统计部门的 12 位代码"),
    )

    def __init__(self, *args: Any, parent: Area, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = levels_below(parent.level)
        self.fields["level"].choices = [(one.value, one.label) for one in offered]
        if Level.COMMUNITY in offered:  # sections between street and community are rare
            self.initial.setdefault("level", Level.COMMUNITY)


class JointForm(forms.Form):
    """The further communities that a joint grid serves."""

    communities = forms.ModelMultipleChoiceField(
        label=gettext_lazy("联建：还服务哪些社区"),
        queryset=None,
        to_field_name="code",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, grid: Area, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        street = grid.parent.parent_id
        beside = Area.objects.filter(level=Level.COMMUNITY, parent_id=street, valid_to=None)
        self.fields["communities"].queryset = beside.exclude(pk=grid.parent_id)


class GridChoice(forms.Form):
    """Another grid of the same community."""

    into = forms.ModelChoiceField(
        label=gettext_lazy("并入哪个网格"),
        queryset=None,
        to_field_name="code",
        empty_label=gettext_lazy("请选择"),
    )

    def __init__(self, *args: Any, grid: Area, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        beside = Area.objects.filter(parent_id=grid.parent_id, level=Level.GRID, valid_to=None)
        self.fields["into"].queryset = beside.exclude(pk=grid.pk)


class BuildingsForm(forms.Form):
    """Some buildings of a grid, by code; the labels show their open work."""

    buildings = forms.MultipleChoiceField(
        label=gettext_lazy("楼栋"), widget=forms.CheckboxSelectMultiple, required=False
    )

    def __init__(self, *args: Any, buildings: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["buildings"].choices = buildings


class GiveForm(BuildingsForm, GridChoice):
    """The buildings to move, and the grid that receives them."""

    field_order = ["buildings", "into"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["buildings"].required = True
        self.fields["into"].label = _("划入哪个网格")


class SplitForm(BuildingsForm):
    """A new grid, its buildings, and the grids that each worker covers afterwards."""

    field_order = ["name", "code", "buildings", "rest"]

    name = forms.CharField(label=gettext_lazy("新网格名称"), max_length=100)
    code = forms.CharField(
        label=gettext_lazy("代码"), max_length=20, required=False, help_text=gettext_lazy("不填则自动编号")
    )
    rest = forms.BooleanField(label=gettext_lazy("没有落到楼栋的在办事项也归新网格"), required=False)

    def __init__(self, *args: Any, people: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for pk, name in people:
            self.fields[f"post_{pk}"] = forms.ChoiceField(
                label=name, choices=[(one.value, said) for one, said in COVERS.items()], initial=Cover.STAY
            )

    @property
    def people(self) -> dict[int, str]:
        """The choice for each post, by the id of the post."""
        given = self.cleaned_data
        return {int(name[5:]): value for name, value in given.items() if name.startswith("post_")}


COVERS = {
    Cover.STAY: gettext_lazy("留在原网格"),
    Cover.GO: gettext_lazy("转到新网格"),
    Cover.BOTH: gettext_lazy("两个网格都负责"),
}
