"""Event kinds of sheets."""

from django.utils.translation import gettext_lazy as _

from governance import events

events.declare("sheet.exported", _("导出设置表格"))
events.declare("sheet.imported", _("从表格更新设置"))
