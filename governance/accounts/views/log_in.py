"""Pages to choose a district, log in, log out, and change a password."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout, update_session_auth_hash, views
from django.contrib.auth.decorators import login_required
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.core.validators import MaxLengthValidator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters

from governance.access import last_desk, passwords
from governance.access.models import User
from governance.accounts import known_browsers
from governance.accounts.demo_accounts import DEMO_ACCOUNTS
from governance.tenancy.models import Tenant
from governance.web import pages

LONGEST_NAME, LONGEST_PASSWORD = User._meta.get_field("username").max_length, 200  # characters
WRONG = "wrong_passwords"
MOST_WRONG = 5  # wrong present passwords in one session


def door(request: HttpRequest) -> HttpResponse:
    """List all active districts, with the entrance for residents and the one for staff."""
    return render(request, "governance/door.html", {"tenants": Tenant.objects.filter(active=True, open=True)})


def icon(request: HttpRequest) -> HttpResponse:
    """Redirect to the icon, for pages that do not name one."""
    return HttpResponseRedirect(static("img/mark.svg"))


class LoginForm(AuthenticationForm):
    """User name and password, with our labels and messages."""

    error_messages = {
        "invalid_login": gettext_lazy("登录名或密码有误。请注意大小写；连续输错 5 次，15 分钟内不能再试。"),
        "inactive": gettext_lazy("该账号已停用。"),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = gettext_lazy("登录名")
        self.fields["password"].label = gettext_lazy("密码")
        for name, most in (("username", LONGEST_NAME), ("password", LONGEST_PASSWORD)):
            self.fields[name].validators.append(MaxLengthValidator(most))


class Login(views.LoginView):
    """Log-in. A user already logged in is redirected; an expired password must be changed first."""

    template_name = "governance/login.html"
    authentication_form = LoginForm
    redirect_authenticated_user = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        shown = (
            {"demo_accounts": DEMO_ACCOUNTS, "demo_password": settings.DEMO_PASSWORD} if settings.DEMO else {}
        )
        return super().get_context_data(**shown, **kwargs)

    def form_valid(self, form: LoginForm) -> HttpResponse:
        response = super().form_valid(form)
        known_browsers.remember(self.request, response, form.get_user())
        return response

    def form_invalid(self, form: LoginForm) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=400)

    def get_success_url(self) -> str:
        onwards = self.get_redirect_url() or _home(self.request)
        if passwords.expired(self.request.user, timezone.now()):
            return "/password/?" + urlencode({"next": onwards})
        return onwards


class LogInAgain(Login):
    """Log-in inside an open page of the desk whose session has ended; the page and what was typed on it stay.

    GET: 200 with the log-in name and a token for the forms of the page while the session lasts, else 401. It counts
    as use unless it carries X-Poll. POST: 204, or 400 with the error in words.
    """

    redirect_authenticated_user = False

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return JsonResponse({}, status=401)
        return JsonResponse({"name": request.user.get_username(), "token": get_token(request)})

    def form_valid(self, form: LoginForm) -> HttpResponse:
        response = HttpResponse(status=204)
        response.cookies = super().form_valid(form).cookies
        return response

    def form_invalid(self, form: LoginForm) -> HttpResponse:
        words = [str(error) for errors in form.errors.values() for error in errors]
        return JsonResponse({"error": "".join(words[:1])}, status=400)


def _home(request: HttpRequest) -> str:
    """The page after a log-in if none was requested.

    Operators go to the admin; others to the desk this browser opened last, or to the desk of the only
    district, or else to the list of districts.
    """
    if request.user.is_operator:
        return reverse("admin:index")
    if last := last_desk.last_visited(request, timezone.now()):
        return reverse("desk:home", kwargs={"tenant": last.slug})
    slugs = list(Tenant.objects.filter(active=True).values_list("slug", flat=True)[:2])
    return f"/{slugs[0]}/desk/" if len(slugs) == 1 else "/"


class PasswordForm(PasswordChangeForm):
    """The present password and, twice, the new one."""

    error_messages = {
        "password_incorrect": gettext_lazy("原密码有误。"),
        "password_mismatch": gettext_lazy("两次输入的新密码不一致。"),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in (
            ("old_password", gettext_lazy("原密码")),
            ("new_password1", gettext_lazy("新密码")),
            ("new_password2", gettext_lazy("再输一次新密码")),
        ):
            self.fields[name].label = label


@sensitive_post_parameters()
@login_required
def password(request: HttpRequest) -> HttpResponse:
    """Change the user's own password; the session stays valid.

    A session in which the present password was wrong MOST_WRONG times ends: it may not be its owner's.
    """
    form = PasswordForm(request.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        update_session_auth_hash(request, form.save())
        messages.success(request, _("密码已修改。"))
        return HttpResponseRedirect(_safe_next(request))
    if "old_password" in form.errors:
        request.session[WRONG] = request.session.get(WRONG, 0) + 1
        if request.session[WRONG] >= MOST_WRONG:
            logout(request)
            messages.error(request, _("原密码输错 %(n)d 次，已退出登录。") % {"n": MOST_WRONG})
            return HttpResponseRedirect(settings.LOGIN_URL)
    late = passwords.expired(request.user, timezone.now())
    return pages.respond(
        request, "governance/password.html", {"form": form, "late": late, "next": _safe_next(request)}
    )


def _safe_next(request: HttpRequest) -> str:
    target = request.POST.get("next") or request.GET.get("next", "")
    good = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return target if good else "/"
