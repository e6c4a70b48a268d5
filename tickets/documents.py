"""Documents generated from the code: states and moves, permissions, whistles."""

from collections.abc import Callable, Iterable
from pathlib import Path

from django.utils import translation

from governance.access.permissions import BY_UNIT, GRANTS, PERMISSION_NAMES, ROLE_NAMES, Permission, Role
from tickets.states import State
from tickets.whistles.documents import whistles
from tickets.workflow import CLOCKS, MOVES, Move

MADE = "<!-- 由 manage.py generate_docs 生成，请勿手改 generated, do not edit -->"


_ACCUSED = """反映某个单位的事项，对这个单位、它的上级和下级单位的人都不存在：列表、数字、地图、搜索、导出、
通知、接口里都没有，也不能派给、协办给、指派给、吹哨给他们（`tickets/ticket/accused.py`）。规则对下表每个动作都一样：

- 往上走的动作跳过这条线上的一级：该到社区的到街道，该到街道的到区县；往下退到这一级的被拒绝。
- 反映区县运行中心（或与它上下级）的：名义上仍在区县一级，由管全区县的领导（岗位“领导”）代行它的权限，
  派单、裁定、批复、结案审核、核实、作废都由领导做；反映人的个人信息请求也由领导答复。没有这样的领导岗位时无人可办，
  “设置检查”会提醒。
- 单位调整、人员换岗之后立即生效；手里正有这件事的单位成了这条线上的，平台“回避改派”，事项往上走一级。"""


def states() -> str:
    """docs/states.md: the diagram of the implemented moves, the states with their clocks, and a row per move
    and source."""
    lines = [
        "# 工单的状态与动作",
        MADE,
        "取自 `tickets/workflow.py`。图中只画已实现、会改变状态的动作；“反映人”“平台”是不凭岗位权限也能做的一方。",
        "## 状态图",
        "```mermaid\n" + "\n".join(_diagram()) + "\n```",
        "## 状态",
        _table(("状态", "标识", "在此运行的时钟"), map(_state_row, State)),
        "## 反映单位的事项",
        _ACCUSED,
        "## 动作",
        _table(
            ("动作", "标识", "从", "到", "权限(或谁)", "必填", "已实现"),
            (row for move in MOVES.values() for row in _move_rows(move)),
        ),
    ]
    return "\n\n".join(lines) + "\n"


def permissions() -> str:
    """docs/permissions.md: role x permission, and whether each permission depends on the unit or on the
    area."""
    roles = [f"{ROLE_NAMES[role]}<br>`{role}`" for role in Role]
    lines = [
        "# 角色与权限",
        MADE,
        "取自 `governance/access/permissions.py`。角色来自岗位，只在任期内、在岗位管的地方或单位上有效。",
        "“按单位”的权限看工单在谁手上，其余看事情发生在哪里。",
        _table(("权限", "标识", "看什么", *roles), map(_permission_row, Permission)),
    ]
    return "\n\n".join(lines) + "\n"


DOCUMENTS: dict[str, Callable[[], str]] = {
    "docs/states.md": states,
    "docs/permissions.md": permissions,
    "docs/whistles.md": lambda: whistles(MADE),
}


def stale(root: Path) -> list[str]:
    """The documents that are missing or differ from the code."""
    return [name for name, text in _texts() if not (root / name).is_file() or _read(root / name) != text]


def write(root: Path) -> list[str]:
    """Write the stale documents; returns their names."""
    changed = stale(root)
    for name, text in _texts():
        if name in changed:
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text, encoding="utf-8")
    return changed


def _texts() -> list[tuple[str, str]]:
    with translation.override("zh-hans"):
        return [(name, make()) for name, make in DOCUMENTS.items()]


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _table(headings: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    headings = list(headings)
    lines = [headings, ["---"] * len(headings), *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


def _diagram() -> list[str]:
    lines = ["stateDiagram-v2"]
    lines += [f'    state "{state.label}" as {state.value}' for state in State]
    arrows: dict[tuple[str, str], list[str]] = {}
    for move in (move for move in MOVES.values() if move.built):
        sources = [state.value for state in State if state in move.sources] or ["[*]"]
        for source in sources:
            for target in (s.value for s in State if s in move.targets and s.value != source):
                arrows.setdefault((source, target), []).append(str(move.label))
    lines += [
        f"    {source} --> {target}: {'、'.join(labels)}" for (source, target), labels in arrows.items()
    ]
    return [*lines, f"    {State.CLOSED.value} --> [*]"]


def _state_row(state: State) -> tuple[str, str, str]:
    clocks = "、".join(f"{purpose.label} `{purpose.value}`" for purpose in CLOCKS[state])
    return str(state.label), f"`{state.value}`", clocks or "—"


def _move_rows(move: Move) -> Iterable[tuple[str, ...]]:
    """One row per set of rights: states that require the same permission share a row."""
    ways: dict[str, list[State]] = {}
    for state in (state for state in State if state in move.sources):
        ways.setdefault(_who(move, state), []).append(state)
    if not move.sources:
        ways = {_who(move, None): []}
    for who, sources in ways.items():
        yield (
            str(move.label),
            f"`{move.verb}`",
            _names(sources) or "(新)",
            "不变" if move.stays else _names(state for state in State if state in move.targets),
            who,
            "、".join(f"`{need}`" for need in move.needs) or "—",
            "是" if move.built else "否",
        )


def _who(move: Move, state: State | None) -> str:
    rights = move.who.get(state, ()) if state else ()
    parts = [f"{PERMISSION_NAMES[permission]} `{permission}`" for permission in rights]
    parts += [f"协办单位：{PERMISSION_NAMES[move.assistant]}"] if move.assistant else []
    parts += ["反映人"] if move.reporter else []
    parts += ["平台"] if move.system else []
    if move.verb == "report":
        parts = [f"{PERMISSION_NAMES[Permission.TICKET_REPORT]} `{Permission.TICKET_REPORT}`", "反映人"]
    return " / ".join(parts) or "—"


def _names(states: Iterable[State]) -> str:
    return "、".join(str(state.label) for state in states)


def _permission_row(permission: Permission) -> list[str]:
    held = ["●" if permission in GRANTS[role] else "" for role in Role]
    over = "按单位" if permission in BY_UNIT else "按地方"
    return [str(PERMISSION_NAMES[permission]), f"`{permission}`", over, *held]
