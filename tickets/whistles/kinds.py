"""Event kinds of whistles: one for each legal move, and what else happens."""

from django.utils.translation import gettext_lazy as _

from governance import events
from governance.clocks import words
from tickets.whistles.workflow import BLOW, MOVES

for _move in MOVES.values():
    events.declare(_move.event, _move.label)
words.declare_cause("refuse", _("待区县裁定"))
words.declare_cause("overrule", _("区县要求到场"))
events.declare(BLOW, _("吹哨"))
events.declare("whistle.photo_added", _("添加照片"))
events.declare("ticket.whistle_ended", _("吹哨结束"))
events.declare("whistle.regridded", _("网格调整，随之改变所在网格"))
