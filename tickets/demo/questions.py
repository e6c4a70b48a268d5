"""Category questions of the demo district."""

from tickets.catalog.models import Category
from tickets.questions.models import Question

Kind = Question.Kind
#: leaf, question, kind, options, (answer that shows a warning, warning, danger).
ASKED = (
    ("路灯照明", "有电线垂地或灯杆带电吗？", Kind.YES_NO, (), ("yes", "请远离灯杆，立即拨打 95598", True)),
    ("路灯照明", "不亮的灯有几盏？", Kind.NUMBER, (), None),
    ("井盖缺损", "井盖上写的是哪一类？", Kind.CHOICE, ("雨水", "污水", "自来水", "电力", "看不清"), None),
    ("停电", "从哪天开始的？", Kind.DATE, (), None),
    (
        "燃气异味",
        "现在闻到的气味重吗？",
        Kind.YES_NO,
        (),
        ("yes", "请不要开关电器和点火，开窗离开，到室外拨打 119", True),
    ),
)
#: English of the texts above.
ENGLISH = {
    "有电线垂地或灯杆带电吗？": "Does a wire hang down, or is the lamp post live?",
    "请远离灯杆，立即拨打 95598": "Keep away from the post and call 95598 now",
    "不亮的灯有几盏？": "How many lights are out?",
    "井盖上写的是哪一类？": "What does the cover say?",
    "雨水": "Rain water",
    "污水": "Sewage",
    "自来水": "Tap water",
    "电力": "Power",
    "看不清": "Cannot be read",
    "从哪天开始的？": "Since which day?",
    "现在闻到的气味重吗？": "Is the smell strong now?",
    "请不要开关电器和点火，开窗离开，到室外拨打 119": (
        "Switch nothing on or off and light nothing; open a window, leave, and call 119 from outside"
    ),
}


def put() -> None:
    """Add a few questions; none is required, so that the demo's own reports pass without answers."""
    leaves = {one.name: one for one in Category.objects.filter(leaf=True)}
    made = []
    for place, (leaf, text, kind, options, stop) in enumerate(ASKED, 1):
        stop_on, stop_text, danger = stop or ("", "", False)
        given = {"stop_on": stop_on, "stop_text": stop_text, "danger": danger, "options": list(options)}
        given |= {"text_en": ENGLISH[text], "options_en": [ENGLISH[one] for one in options]}
        given["stop_text_en"] = ENGLISH[stop_text] if stop_text else ""
        made.append(Question(category=leaves[leaf], place=place, text=text, kind=kind, **given))
    Question.objects.bulk_create(made)
