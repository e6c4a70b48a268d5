"""Event kinds of a ticket: one for each legal move, and what else happens to it."""

from django.utils.translation import gettext_lazy as _

from governance import events
from governance.clocks import words
from tickets.states import State
from tickets.workflow import MOVES

for _move in MOVES.values():
    events.declare(_move.event, _move.label)
    words.declare_cause(_move.verb, _move.label)
for _state in State:
    words.declare_cause(_state.value, _state.label)
events.declare("ticket.photo_added", _("添加照片"))
events.declare("ticket.unmasked", _("查看反映人信息"))
events.declare("ticket.regridded", _("网格调整，随之改变所在网格"))
