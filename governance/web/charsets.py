"""Read every request as UTF-8, whatever charset it names."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


class Utf8Only:
    """First middleware: a charset of the request is ignored.

    No page and no program of ours sends another one, and some of Python's codecs are no charsets: zlib would unpack a
    body to any size.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.encoding = "utf-8"
        return self.get_response(request)
