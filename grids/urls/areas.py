"""Addresses of areas, units and notice channels below /<tenant>/desk/settings/."""

from django.urls import path

from grids import area_views, notice_views, reshape_views, unit_views

app_name = "areas"
urlpatterns = [
    path("areas/", area_views.areas, name="areas"),
    path("areas/<str:code>/", area_views.area, name="area"),
    path("areas/<str:code>/add/", area_views.add, name="add"),
    path("areas/<str:code>/active/", area_views.switch, name="switch"),
    path("areas/<str:code>/serve/", area_views.serve, name="serve"),
    path("areas/<str:code>/merge/", reshape_views.merge, name="merge"),
    path("areas/<str:code>/split/", reshape_views.split, name="split"),
    path("areas/<str:code>/give/", reshape_views.give, name="give"),
    path("units/", unit_views.units, name="units"),
    path("units/<str:code>/", unit_views.unit, name="unit"),
    path("units/<str:code>/active/", unit_views.switch, name="switch-unit"),
    path("notices/", notice_views.show, name="notices"),
    path("notices/robots/", notice_views.add, name="add-robot"),
    path("notices/robots/<int:pk>/", notice_views.change, name="robot"),
]
