"""Generate docs/whistles.md from the table of whistle moves."""

from collections.abc import Iterable

from governance.access.permissions import PERMISSION_NAMES
from tickets.whistles.workflow import MOVES, RIGHTS, Move, Side, Stage, WhistleState


def whistles(made: str) -> str:
    """The states, the stages, and a row per move: source states, sides, stages of the party, required
    fields."""
    lines = [
        "# 吹哨的状态与动作",
        made,
        "取自 `tickets/whistles/workflow.py`。街道、区县按地方判断，应哨单位按单位判断。",
        "状态：" + "、".join(f"{state.label} `{state.value}`" for state in WhistleState),
        "各方进度：" + "、".join(f"{stage.label} `{stage.value}`" for stage in Stage),
        _table(
            ("动作", "标识", "吹哨状态", "谁", "对方进度", "必填"), (_row(move) for move in MOVES.values())
        ),
    ]
    return "\n\n".join(lines) + "\n"


def _row(move: Move) -> tuple[str, ...]:
    return (
        str(move.label),
        f"`{move.verb}`",
        "、".join(str(state.label) for state in WhistleState if state in move.sources),
        " / ".join(_who(side) for side in move.sides),
        "、".join(str(stage.label) for stage in Stage if stage in move.stages) or "—",
        "、".join(f"`{need}`" for need in move.needs) or "—",
    )


def _who(side: Side) -> str:
    if side not in RIGHTS:
        return "平台"
    return f"{PERMISSION_NAMES[RIGHTS[side]]} `{RIGHTS[side]}`"


def _table(headings: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    headings = list(headings)
    return "\n".join("| " + " | ".join(cells) + " |" for cells in [headings, ["---"] * len(headings), *rows])
