"""Addresses of people and posts below /<tenant>/desk/settings/."""

from django.urls import path

from grids.people import service_views, views

app_name = "people"
urlpatterns = [
    path("people/", views.people, name="list"),
    path("people/<int:pk>/", views.person, name="person"),
    path("people/passwords/", views.first_passwords, name="first_passwords"),
    path("people/<int:pk>/change/", views.change, name="change"),
    path("people/<int:pk>/password/", views.reset_password, name="reset_password"),
    path("people/<int:pk>/active/", views.switch, name="switch"),
    path("services/", service_views.index, name="services"),
    path("services/<int:pk>/off/", service_views.switch_off, name="service-off"),
    path("people/posts/<int:pk>/relieve/", views.relieve, name="relieve"),
]
