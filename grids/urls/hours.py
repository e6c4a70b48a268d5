"""Addresses of units' working hours below /<tenant>/desk/settings/hours/."""

from django.urls import path

from grids.units.views import hours as views

app_name = "unit-hours"
urlpatterns = [
    path("", views.hours, name="page"),
    path("<str:code>/week/", views.set_week, name="week"),
    path("<str:code>/day/", views.set_day, name="day"),
    path("<str:code>/clear/", views.clear, name="clear"),
]
