"""Registry of event kinds, each with its sentence; and the kinds of this room."""

from typing import Any

from django.utils.translation import gettext_lazy as _

BRAKED = "notices.braked"
TEXTS_BRAKED = "texts.braked"
KINDS: dict[str, Any] = {}


def declare(kind: str, sentence: Any) -> None:
    """Register a kind of event with its sentence for people."""
    KINDS[kind] = sentence


def sentence(kind: str) -> str:
    """The sentence of a kind of event, in the reader's language."""
    return str(KINDS.get(kind, kind))


declare(BRAKED, _("时限通知过多，只汇总不逐条提醒"))
declare(TEXTS_BRAKED, _("今日短信已达上限，其余改于明日发送"))
declare("robot.added", _("接通群机器人"))
declare("robot.dropped", _("停用群机器人"))
