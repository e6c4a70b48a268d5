"""API errors as problem+json (RFC 9457) with a stable code; a refused request changes nothing."""

import re
import sys
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler

from governance.database import failures
from governance.errors import DomainError
from governance.web import pages

JSON = "application/problem+json"
RETRY_AFTER = 5  # seconds
_API = re.compile(r"/[a-z][a-z0-9-]+/api/")


def handle(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler: roll back, then answer with problem+json."""
    if transaction.get_connection().in_atomic_block:
        transaction.set_rollback(True)
    if isinstance(error, DomainError):
        fields = {error.field: [str(error)]} if error.field else {}
        return problem(error.status, error.code, str(error), errors=fields, **error.extra)
    if isinstance(error, Http404):
        return problem(404, "not_found", "没有找到 not found")
    if isinstance(error, PermissionDenied):
        return problem(403, "forbidden", "没有权限 forbidden")
    response = exception_handler(error, context)
    if response is None:
        return None
    code = getattr(error, "default_code", "error")
    if isinstance(error, exceptions.ValidationError):
        return _keep_headers(problem(400, "invalid", "内容不符合要求", errors=response.data), response)
    detail = getattr(error, "detail", str(error))
    return _keep_headers(problem(response.status_code, getattr(detail, "code", code), str(detail)), response)


def problem(status: int, code: str, detail: str, *, errors: Any = None, **extra: Any) -> Response:
    """One problem: `code` is stable, `detail` is for people, `errors` names fields."""
    body = {"type": "about:blank", "title": code, "status": status, "code": code, "detail": detail, **extra}
    if errors:
        body["errors"] = errors
    return pages.come_back(Response(body, status=status, content_type=JSON))


def _keep_headers(answer: Response, original: Response) -> Response:
    for name in ("WWW-Authenticate", "Retry-After"):
        if name in original.headers:
            answer[name] = original.headers[name]
    return answer


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Handler of requests that Django refuses before a view: 413 for a body above the limit, else 400."""
    if isinstance(exception, RequestDataTooBig):
        most = getattr(exception, "most", settings.DATA_UPLOAD_MAX_MEMORY_SIZE) >> 20
        if not _API.match(request.path):
            return pages.refusal(
                request, 413, _("一次最多提交 %(most)d MB，请少选几个文件。") % {"most": most}
            )
        return _plain(413, "too_large", _("请求体超过 %(most)d MB") % {"most": most})
    if not _API.match(request.path):
        return pages.bad_request(request, exception)
    return _plain(400, "bad_request", _("请求格式有误"))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Handler of an unknown URL, or of one in no district."""
    if not _API.match(request.path):
        return pages.not_found(request, exception)
    return _plain(404, "not_found", _("没有找到"))


class WrongMethod:
    """Middleware that answers status 405 with a page; for the API the view's answer stays."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if isinstance(response, HttpResponseNotAllowed) and not _API.match(request.path):
            return pages.wrong_method(request, response["Allow"])
        return response


def server_error(request: HttpRequest) -> HttpResponse:
    """Handler of unexpected errors; details go to the server's log, not into the answer.

    While the database cannot be reached the status is 503 with Retry-After; a key that another request took at the
    same time is a 409. Django calls this while it handles the exception.
    """
    error = sys.exception()
    if failures.is_outage(error):
        response = _unavailable(request)
        response["Retry-After"] = str(RETRY_AFTER)
        return response
    if failures.is_duplicate(error):
        message = _("相同内容已由他人保存，请刷新后查看")
        return (
            _plain(409, "conflict", message)
            if _API.match(request.path)
            else pages.refusal(request, 409, message)
        )
    if not _API.match(request.path):
        return pages.server_error(request)
    return _plain(500, "error", _("系统出错，操作未成功"))


def _unavailable(request: HttpRequest) -> HttpResponse:
    """Rendered without the context of a page, which needs the session and so the database."""
    message = _("系统正在恢复，操作未成功，请稍候几秒重试。")
    if _API.match(request.path):
        return _plain(503, "unavailable", message)
    return HttpResponse(render_to_string("governance/unavailable.html", {"message": message}), status=503)


def _plain(status: int, code: str, detail: str) -> JsonResponse:
    body = {"type": "about:blank", "title": code, "status": status, "code": code, "detail": detail}
    return JsonResponse(body, status=status, content_type=JSON)
