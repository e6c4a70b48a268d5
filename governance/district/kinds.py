"""Event kinds of a district's settings; their facts are codes and numbers only."""

from django.utils.translation import gettext_lazy as _

from governance import events

events.declare("settings.changed", _("修改设置"))
events.declare("district.opened", _("对居民开放"))
events.declare("district.closed", _("暂停对居民开放"))
events.declare("district.pack_loaded", _("载入标准内容"))
events.declare("district.emptied", _("清空试用数据"))
