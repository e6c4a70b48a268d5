"""The kinds of events that the territory records, each with its sentence."""

from django.utils.translation import gettext_lazy as _

from governance import events

events.declare("area.outlined", _("导入区域轮廓"))
events.declare("area.added", _("新增区域"))
events.declare("area.changed", _("修改区域"))
events.declare("area.retired", _("停用区域"))
events.declare("area.restored", _("恢复区域"))
events.declare("area.took_in", _("并入网格"))
events.declare("area.gave", _("划出楼栋"))
events.declare("area.received", _("划入楼栋"))
events.declare("unit.added", _("新增单位"))
events.declare("unit.changed", _("修改单位"))
events.declare("unit.retired", _("停用单位"))
events.declare("unit.restored", _("恢复单位"))
events.declare("roster.planned", _("排了值班"))
events.declare("roster.dropped", _("取消了值班"))
events.declare("roster.leave", _("登记了请假"))
events.declare("roster.back", _("提前销假"))
