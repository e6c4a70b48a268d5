"""Addresses of areas, units and notice channels below /<tenant>/desk/settings/."""

from django.urls import path

from grids.areas.views import areas, reshape
from grids.units.views import channels, units

app_name = "areas"
urlpatterns = [
    path("areas/", areas.areas, name="areas"),
    path("areas/<str:code>/", areas.area, name="area"),
    path("areas/<str:code>/add/", areas.add, name="add"),
    path("areas/<str:code>/active/", areas.switch, name="switch"),
    path("areas/<str:code>/serve/", areas.serve, name="serve"),
    path("areas/<str:code>/merge/", reshape.merge, name="merge"),
    path("areas/<str:code>/split/", reshape.split, name="split"),
    path("areas/<str:code>/give/", reshape.give, name="give"),
    path("units/", units.units, name="units"),
    path("units/<str:code>/", units.unit, name="unit"),
    path("units/<str:code>/active/", units.switch, name="switch-unit"),
    path("notices/", channels.show, name="notices"),
    path("notices/robots/", channels.add, name="add-robot"),
    path("notices/robots/<int:pk>/", channels.change, name="robot"),
]
