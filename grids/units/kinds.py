"""Event kinds of units."""

from django.utils.translation import gettext_lazy as _

from governance import events

events.declare("unit.added", _("新增单位"))
events.declare("unit.changed", _("修改单位"))
events.declare("unit.retired", _("停用单位"))
events.declare("unit.restored", _("恢复单位"))
