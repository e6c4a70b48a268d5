"""The entry point for granian (RSGI): read the request in the event loop, run Django in a pool of threads."""

import asyncio
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from typing import IO, Any

from django.core.wsgi import get_wsgi_application

from governance.serving import bodies
from governance.serving.command import THREADS

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "governance.settings")

REASONS = {400: b"Bad Request", 408: b"Request Timeout", 411: b"Length Required", 413: b"Content Too Large"}
Headers = list[tuple[str, str]]


class Application:
    """Django's WSGI application behind granian's interface."""

    def __init__(self, wsgi: Any, threads: int) -> None:
        self.wsgi = wsgi
        self.pool = ThreadPoolExecutor(threads, thread_name_prefix="web")

    async def __rsgi__(self, scope: Any, protocol: Any) -> None:
        """Answer one request; a body that breaks the limits is answered without Django, and the connection closed."""
        if scope.proto != "http":
            protocol.close(403)
            return
        try:
            body = await self._body(scope, protocol)
        except bodies.Refused as refused:
            headers = [("content-type", "text/plain"), ("connection", "close")]
            protocol.response_bytes(refused.status, headers, REASONS[refused.status] + b"\n")
            return
        with body:
            run = asyncio.get_running_loop().run_in_executor
            status, headers, content = await run(self.pool, self._run, environ(scope, body))
        protocol.response_bytes(status, headers, content)

    async def _body(self, scope: Any, protocol: Any) -> IO[bytes]:
        length = scope.headers.get("content-length")
        if length is None:
            if scope.headers.get("transfer-encoding") is not None:
                raise bodies.Refused(411)
            return BytesIO()
        if not length.isdecimal():
            raise bodies.Refused(400)
        return await bodies.read(aiter(protocol), int(length)) if int(length) else BytesIO()

    def _run(self, given: dict[str, Any]) -> tuple[int, Headers, bytes]:
        """Run one request in a thread of the pool; the answer is collected, so that the thread is free at once."""
        answer: list[Any] = []

        def start_response(status: str, headers: Headers, exc_info: Any = None) -> None:
            answer[:] = [int(status[:3]), headers]

        content = self.wsgi(given, start_response)
        try:
            return answer[0], answer[1], b"".join(content)
        finally:
            if hasattr(content, "close"):
                content.close()


def environ(scope: Any, body: IO[bytes]) -> dict[str, Any]:
    """The WSGI variables of a request (PEP 3333).

    A header whose name has an underscore is left out, because its variable could not be told from that of the same
    name with a hyphen: X_Forwarded_For must not stand in for X-Forwarded-For.
    """
    host, _colon, port = scope.server.rpartition(":")
    found = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": scope.path.encode().decode("latin-1"),  # granian has decoded it once
        "QUERY_STRING": scope.query_string.encode().decode("latin-1"),
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "SERVER_NAME": host,
        "SERVER_PORT": port,
        "REMOTE_ADDR": scope.client.rpartition(":")[0].strip("[]"),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.input": body,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for name, value in scope.headers.items():
        if "_" in name:
            continue
        key = name.upper().replace("-", "_")
        if key not in {"CONTENT_LENGTH", "CONTENT_TYPE"}:
            key = f"HTTP_{key}"
        joint = "; " if key == "HTTP_COOKIE" else ","
        found[key] = f"{found[key]}{joint}{value}" if key in found else value
    if "HTTP_HOST" not in found and scope.authority:
        found["HTTP_HOST"] = scope.authority  # HTTP/2 names the host there
    return found


application = Application(get_wsgi_application(), THREADS)
