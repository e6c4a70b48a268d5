"""URLs of the pages outside all districts."""

from django.contrib.auth.views import LogoutView
from django.urls import include, path

from governance.access import views

urlpatterns = [
    path("", views.door, name="door"),
    path("favicon.ico", views.icon),
    path("login/", views.Login.as_view(), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("password/", views.password, name="password"),
    path("i18n/", include("django.conf.urls.i18n")),
]
