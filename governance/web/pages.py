"""Common parts of HTML views: access, refusals, form errors."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from django import forms
from django.contrib.auth.views import redirect_to_login
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_htmx.http import HttpResponseClientRedirect

from governance.access import last_desk, passwords
from governance.access.permissions import Permission
from governance.errors import Busy, Conflict, DomainError, Forbidden, Invalid, Missing

View = Callable[..., HttpResponse]


@contextmanager
def catching(form: forms.BaseForm, *more: type[DomainError]) -> Iterator[None]:
    """Turn a domain error into an error of the form, with the error's status.

    Missing and Forbidden are not caught and lead to an error page, unless they are named in `more`; name them
    if the user could lose a long form.
    """
    try:
        yield
    except (Invalid, Conflict, Busy, *more) as error:
        form.add_error(error.field if error.field in form.fields else None, str(error))
        form.status = error.status


def respond(
    request: HttpRequest, template: str, context: dict[str, Any], *, fragment: str = "", status: int = 200
) -> HttpResponse:
    """The page, or its fragment if htmx requests it; a form with errors in `context` sets the status."""
    form = context.get("form")
    if form is not None and form.is_bound and form.errors:
        status = getattr(form, "status", 400)
    htmx = request.htmx
    part = fragment and htmx and not htmx.boosted and not htmx.history_restore_request
    response = render(request, fragment if part else template, context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return come_back(response)


def come_back(response: Any) -> Any:
    """A busy platform says after how many seconds the request may be sent again."""
    if response.status_code == Busy.status:
        response["Retry-After"] = "60"
    return response


def picture(path: Path) -> FileResponse:
    """A photo, to be cached by this reader only; the caller has checked access.

    Raises Missing without a file.
    """
    if not path.is_file():
        raise Missing(_("该照片不存在"))
    response = FileResponse(path.open("rb"), content_type="image/jpeg")
    response["Cache-Control"] = "private, max-age=3600"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def takes(most_bytes: int) -> Callable[[View], View]:
    """Outermost decorator of a view that takes files: the largest body that is read for it."""

    def mark(view: View) -> View:
        view.most_body = most_bytes
        return view

    return mark


def page(view: View) -> View:
    """Decorator of an HTML view: a domain error becomes an error page with the error's status."""

    @wraps(view)
    def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except DomainError as error:
            return refusal(request, error.status, str(error))

    return shown


def for_residents(view: View) -> View:
    """Outermost decorator of a page for residents: before the district is open, only its members see it."""

    @wraps(view)
    def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.tenant.open or request.actor.kind == "member":
            return view(request, *args, **kwargs)
        told = {name: request.tenant.setting(name) for name in ("hotline", "emergency_lines")}
        return render(request, "governance/closed.html", told, status=403)

    return shown


def desk(view: View) -> View:
    """Decorator of a page for members of the district.

    Visitors are sent to the log-in; users of other districts get 404.
    """

    @wraps(view)
    def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return _elsewhere(request, redirect_to_login(_way_back(request)).url)
        if request.actor.kind != "member":
            raise Missing(_("页面不存在，或您不是该区县人员"))
        if passwords.expired(request.user, timezone.now()):
            return _elsewhere(request, "/password/?" + urlencode({"next": _way_back(request)}))
        response = view(request, *args, **kwargs)
        last_desk.remember(request, response)
        return response

    return page(shown)


def _way_back(request: HttpRequest) -> str:
    """The page to open after a log-in.

    For a POST this is the page that the form came from, because the form is not sent again.
    """
    if request.method in {"GET", "HEAD"}:
        return request.get_full_path()
    page = urlsplit(request.headers.get("Referer", ""))
    if page.netloc == request.get_host() and page.path.startswith("/") and not page.path.startswith("//"):
        return f"{page.path}?{page.query}" if page.query else page.path
    return reverse("desk:home", kwargs={"tenant": request.tenant.slug})


def require_any(request: HttpRequest, *permissions: Permission) -> None:
    """Raise Forbidden unless the actor has at least one of the permissions."""
    if not any(request.actor.grants_with(permission) for permission in permissions):
        raise Forbidden(_("您的岗位无此权限"))


def desk_with(*permissions: Permission) -> Callable[[View], View]:
    """Decorator of a desk page for members with at least one of the permissions."""

    def wrap(view: View) -> View:
        @wraps(view)
        def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            require_any(request, *permissions)
            return view(request, *args, **kwargs)

        return desk(shown)

    return wrap


def _elsewhere(request: HttpRequest, address: str) -> HttpResponse:
    return HttpResponseClientRedirect(address) if request.htmx else HttpResponseRedirect(address)


TITLES = {
    400: gettext_lazy("内容不符合要求"),
    403: gettext_lazy("没有权限"),
    404: gettext_lazy("没有找到"),
    405: gettext_lazy("不能这样打开"),
    409: gettext_lazy("情况已有变化"),
    410: gettext_lazy("已经失效"),
    413: gettext_lazy("内容太大"),
    500: gettext_lazy("系统出错"),
    503: gettext_lazy("暂时忙不过来"),
}


def refusal(request: HttpRequest, status: int, message: str, *, title: str = "") -> HttpResponse:
    """An error page that says what happened and what to do next."""
    context = {"status": status, "title": title or TITLES.get(status, TITLES[400]), "message": message}
    return come_back(render(request, "governance/error.html", context, status=status))


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Handler of status 400."""
    return refusal(request, 400, _("请求格式有误，请返回上一页重试。"))


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Handler of status 403."""
    return refusal(request, 403, _("您无权打开该页面。"))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Handler of status 404."""
    return refusal(request, 404, _("地址可能写错了，或者内容已被移走。"))


def wrong_method(request: HttpRequest, allowed: str) -> HttpResponse:
    """Status 405, for a POST-only URL that was opened directly: from the history or after a log-in."""
    response = refusal(request, 405, _("请返回原页面重新提交。"))
    response["Allow"] = allowed
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """Handler of status 500."""
    return refusal(request, 500, _("操作未成功，请稍后重试；多次出现请将时间告知管理员。"))


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Handler of CSRF failures: the page was open too long, or the browser blocks cookies."""
    message = _("页面停留太久或浏览器未开启 Cookie，表单未提交。请返回上一页，刷新后再提交。")
    return refusal(request, 403, message, title=_("表单没有提交"))


def unkept(response: HttpResponseBase) -> Any:
    """Forbid referrers to other sites, and caching even where a browser would allow it."""
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "same-origin"  # no-referrer would hide the origin that the CSRF check needs
    return response
