"""URLs of the pages outside all districts."""

from django.contrib.auth.views import LogoutView
from django.urls import include, path

from governance.accounts.views import log_in

urlpatterns = [
    path("", log_in.door, name="door"),
    path("favicon.ico", log_in.icon),
    path("login/", log_in.Login.as_view(), name="login"),
    path("login/again/", log_in.LogInAgain.as_view(), name="log-in-again"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("password/", log_in.password, name="password"),
    path("i18n/", include("django.conf.urls.i18n")),
]
