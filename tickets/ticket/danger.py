"""Words of a report that speak of danger to people: such a matter is looked at by a second person."""

import re

_DANGER = re.compile(
    r"燃气|煤气|天然气|液化气|漏气|起火|着火|失火|火灾|火情|冒烟|爆炸|触电|漏电|中毒|坍塌|倒塌|塌方|坠落|高空坠物|溺水|落水|被困"
    r"|受伤|伤亡|流血|昏迷|持刀|打架|斗殴|轻生|跳楼|井盖.{0,6}[缺丢没掉松破碎翻]|[缺丢没掉]井盖|路面塌陷"
)


def told_of(text: str) -> bool:
    """Does the text speak of danger? Gaps between the words do not count."""
    return bool(_DANGER.search(re.sub(r"\s", "", text)))
