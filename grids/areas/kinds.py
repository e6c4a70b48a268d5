"""Event kinds of areas."""

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
