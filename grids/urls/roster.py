"""Addresses of the duty roster below /<tenant>/desk/roster/."""

from django.urls import path

from grids.roster import views

app_name = "roster"
urlpatterns = [
    path("", views.page, name="page"),
    path("shifts/", views.plan, name="plan"),
    path("shifts/<int:pk>/drop/", views.drop, name="drop"),
    path("leaves/", views.away, name="away"),
    path("leaves/<int:pk>/back/", views.back, name="back"),
]
