"""Administration of areas and units by an administrator."""

import uuid

import pytest

from governance.access import actors
from governance.database.unique import conflict_on_duplicate
from governance.errors import Conflict, DomainError, Forbidden, Invalid
from governance.events import channels
from governance.events.models import Event, Robot
from grids import choices
from grids.areas import actions as area_actions
from grids.models import Area, Level, Unit, UnitKind
from grids.units import actions as unit_actions
from grids.units import queries as unit_queries
from tests.worlds import MONDAY, at
from tickets.intake import actions as intake
from tickets.intake.actions import Draft


def add(walk, level, parent, by="admin", **more):
    return area_actions.add_area(
        level=level, parent=walk.areas[parent], by=walk.actor(by), at=MONDAY, **{"name": "新", **more}
    )


def code_of(refused):
    with pytest.raises(DomainError) as error:
        refused()
    return error.value.code


def test_grids_and_buildings_are_numbered_on_and_numbers_never_come_back(walk):
    assert add(walk, Level.GRID, "lane", name="二").code == "990101001001002"
    third = add(walk, Level.GRID, "lane", name="三")
    area_actions.retire_area(third, by=walk.actor("admin"), at=MONDAY)
    assert add(walk, Level.GRID, "lane", name="四").code == "990101001001004"
    assert add(walk, Level.BUILDING, "lane_grid", name="2号楼").code == "99010100100100002"


def test_a_new_community_gets_its_units_and_can_be_chosen_at_once(walk):
    assert "新村" not in str(choices.communities())
    made = add(walk, Level.COMMUNITY, "east", name="新村", code="990101001200")
    assert set(Unit.objects.filter(area=made).values_list("kind", flat=True)) == {"committee", "grid_team"}
    assert Unit.objects.get(code="990101001200W").parent.code == "990101001200J"
    assert "新村" in str(choices.communities())
    assert Unit.objects.exclude(area=made).filter(name__startswith="新").count() == 0
    assert Event.objects.get(kind="area.added").facts["units"] == 2


@pytest.mark.parametrize(
    ("level", "parent", "more", "code"),
    [
        (Level.COMMUNITY, "east", {"code": "990101002200"}, "foreign_code"),
        (Level.COMMUNITY, "east", {"code": "990101001000"}, "code_taken"),
        (Level.COMMUNITY, "east", {"code": "99010100120"}, "bad_code"),
        (Level.COMMUNITY, "east", {}, "no_code"),
        (Level.STREET, "lane", {"code": "990101009000"}, "level_order"),
        (Level.GRID, "lane", {"name": "里巷社区第一网格"}, "name_taken"),
        (Level.GRID, "lane", {"code": "990101001002009"}, "foreign_code"),
    ],
)
def test_codes_and_names_that_do_not_fit_are_refused(walk, level, parent, more, code):
    assert code_of(lambda: add(walk, level, parent, **more)) == code


def test_only_who_keeps_the_settings_may(walk):
    with pytest.raises(Forbidden):
        add(walk, Level.GRID, "lane", by="community")
    for verb in (area_actions.retire_area, area_actions.restore_area, area_actions.change_area):
        with pytest.raises(Forbidden):
            verb(walk.areas["lane_grid"], by=walk.actor("county"), at=MONDAY)
    for verb in (unit_actions.retire_unit, unit_actions.restore_unit, unit_actions.change_unit):
        with pytest.raises(Forbidden):
            verb(walk.units["water"], by=walk.actor("county"), at=MONDAY)


def test_a_renamed_community_takes_its_units_along(walk):
    made = add(walk, Level.COMMUNITY, "east", name="新村", code="990101001200")
    area_actions.change_area(made, name="新城社区", by=walk.actor("admin"), at=MONDAY)
    names = set(Unit.objects.filter(area=made).values_list("name", flat=True))
    assert names == {"新城社区", "新城社区网格队伍"}
    assert "新城社区" in str(choices.communities())
    unchanged = area_actions.change_area(made, name="新城社区", by=walk.actor("admin"), at=MONDAY)
    assert Event.objects.filter(kind="area.changed", subject_id=unchanged.pk).count() == 1


def test_what_is_in_use_is_not_retired_and_the_answer_says_why(walk):
    grid, by = walk.areas["lane_grid"], walk.actor("admin")
    draft = Draft(client_id=uuid.uuid4(), area=grid.code, text="路灯不亮", category="0101")
    intake.report(draft, by=walk.actor("clerk"), at=MONDAY)
    with pytest.raises(Conflict) as refusal:
        area_actions.retire_area(grid, by=by, at=MONDAY)
    words = str(refusal.value)
    assert "1 个区域" in words
    assert "在办工单 1" in words
    assert "王网格" in words
    with pytest.raises(Conflict) as refusal:
        area_actions.retire_area(walk.areas["lane"], by=by, at=MONDAY)
    assert "2 个在用单位" in str(refusal.value)
    assert code_of(lambda: area_actions.retire_area(walk.areas["district"], by=by, at=MONDAY)) == "root"


def test_an_empty_building_is_retired_offered_no_more_and_comes_back(walk):
    building, by = walk.areas["lane_building"], walk.actor("admin")
    area_actions.retire_area(building, by=by, at=MONDAY)
    assert building.code not in str(choices.spots(walk.areas["lane"].code))
    with pytest.raises(Invalid):
        intake.report(Draft(text="漏水", area=building.code), by=walk.actor("clerk"), at=MONDAY)
    area_actions.restore_area(building, by=by, at=MONDAY)
    assert building.code in str(choices.spots(walk.areas["lane"].code))
    assert [e.kind for e in Event.objects.filter(subject_type="grids.area").order_by("seq")] == [
        "area.retired",
        "area.restored",
    ]


def test_a_unit_is_added_renamed_moved_below_another_and_never_into_itself(walk):
    by, units = walk.actor("admin"), walk.units
    made = unit_actions.add_unit(
        kind=UnitKind.SECTION, code="lights", name="路灯科", area=walk.areas["district"], by=by, at=MONDAY
    )
    unit_actions.change_unit(made, parent=units["water"], name="照明科", by=by, at=MONDAY)
    assert made.path == f"{units['water'].pk}/{made.pk}/"
    assert ("lights", "照明科") in unit_queries.unit_choices()
    head = actors.of_user(walk.members["head"].user_id, walk.tenant.pk, at(23, 10))
    assert made.pk in head.unit_ids
    unit_actions.change_unit(units["water"], parent=units["county_center"], by=by, at=MONDAY)
    made.refresh_from_db()
    assert made.path == f"{units['county_center'].pk}/{units['water'].pk}/{made.pk}/"
    for parent in (units["water"], made):
        assert (
            code_of(
                lambda parent=parent: unit_actions.change_unit(
                    units["water"], parent=parent, by=by, at=MONDAY
                )
            )
            == "circle"
        )
    taken = {"kind": UnitKind.SECTION, "area": walk.areas["district"], "by": by, "at": MONDAY}
    assert code_of(lambda: unit_actions.add_unit(code="lights", name="别的", **taken)) == "code_taken"
    assert code_of(lambda: unit_actions.add_unit(code="other", name="照明科", **taken)) == "name_taken"


def test_a_unit_with_work_people_or_parts_is_not_retired(walk):
    by = walk.actor("admin")
    with pytest.raises(Conflict) as refusal:
        unit_actions.retire_unit(walk.units["water"], by=by, at=MONDAY)
    assert "1 个在用的下属单位" in str(refusal.value)
    assert "褚局长" in str(refusal.value)
    draft = Draft(text="路灯不亮", area=walk.areas["hill_grid"].code)
    intake.report(draft, by=walk.actor("clerk"), at=MONDAY)
    with pytest.raises(Conflict) as refusal:
        unit_actions.retire_unit(walk.units["hill"], by=by, at=MONDAY)
    assert "在办工单 1" in str(refusal.value)
    empty = walk.units["west_team"]
    unit_actions.retire_unit(empty, by=by, at=MONDAY)
    assert empty.code not in dict(unit_queries.unit_choices())
    unit_actions.restore_unit(empty, by=by, at=MONDAY)
    assert empty.code in dict(unit_queries.unit_choices())


def test_nothing_of_a_refused_move_is_kept(walk):
    grid, by = walk.areas["lane_grid"], walk.actor("admin")
    assert code_of(lambda: area_actions.change_area(grid, name="", by=by, at=MONDAY)) == "no_name"
    assert Area.objects.get(pk=grid.pk).name == "里巷社区第一网格"


def test_units_are_not_put_below_a_retired_one(walk):
    by = walk.actor("admin")
    unit_actions.retire_unit(walk.units["west_team"], by=by, at=MONDAY)
    with pytest.raises(Invalid) as refusal:
        unit_actions.change_unit(walk.units["parks"], parent=walk.units["west_team"], by=by, at=MONDAY)
    assert refusal.value.code == "retired"


def test_what_another_transaction_took_first_is_a_conflict_and_keeps_the_rest(walk):
    """If another transaction takes the code after our check, the unique key refuses ours."""
    area_actions.retire_area(walk.areas["lane_building"], by=walk.actor("admin"), at=MONDAY)
    with pytest.raises(Conflict), conflict_on_duplicate(Conflict("代码已被使用", code="code_taken")):
        Unit.objects.create(code="water", name="另一个", kind=UnitKind.SECTION, area=walk.areas["district"])
    assert Unit.objects.filter(code="water").count() == 1  # the transaction is still usable
    assert Area.objects.get(pk=walk.areas["lane_building"].pk).valid_to is not None


def test_a_retired_unit_tells_its_group_no_more(walk):
    by, unit = walk.actor("admin"), walk.units["west_team"]
    address = "https://qyapi.weixin.qq.com/send?key=1"
    given = {"unit_id": unit.pk, "platform": "wecom", "address": address, "secret": ""}
    channels.add_robot(**given, by=by, at=MONDAY)
    unit_actions.retire_unit(unit, by=by, at=MONDAY)
    assert not Robot.objects.filter(active=True).exists()
