"""URLs of governance's settings pages below /<tenant>/desk/settings/."""

from django.urls import path

from governance.accounts.views import tokens
from governance.clocks import views as calendar
from governance.district import setup_views, views

app_name = "settings"
urlpatterns = [
    path("", views.general, name="general"),
    path("gaps/", setup_views.gaps, name="gaps"),
    path("packs/<slug:slug>/", setup_views.load_pack, name="load-pack"),
    path("empty/", setup_views.empty, name="empty"),
    path("portal/", views.portal, name="portal"),
    path("calendar/", calendar.year, name="calendar"),
    path("calendar/week/", calendar.set_week, name="week"),
    path("calendar/day/", calendar.set_day, name="day"),
    path("calendar/turn/", calendar.turn_day, name="turn-day"),
    path("calendar/clear/", calendar.clear_day, name="clear-day"),
    path("calendar/load/", calendar.load_year, name="load-year"),
    path("tokens/", tokens.tokens, name="tokens"),
    path("tokens/<int:pk>/revoke/", tokens.revoke, name="revoke"),
]
