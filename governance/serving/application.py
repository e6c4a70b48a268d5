"""The entry point for granian (RSGI): read the request in the event loop, run Django in a pool of threads."""

import asyncio
import os
import resource
import sys
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from typing import IO, Any

from django.core.wsgi import get_wsgi_application

from governance.serving import bodies
from governance.serving.command import CONNECTIONS, THREADS
from governance.serving.fairness import Turns
from governance.serving.shares import Refused, Shares
from governance.web.client_address import address_of

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "governance.settings")

READING = Shares(each=64, total=CONNECTIONS // 2)  # bodies that are being read
RUNNING = Shares(each=256, total=CONNECTIONS // 2)  # requests that wait for a thread or have one
REASONS = {
    400: b"Bad Request",
    408: b"Request Timeout",
    411: b"Length Required",
    413: b"Content Too Large",
    429: b"Too Many Requests",
    503: b"Service Unavailable",
}
RETRY_AFTER = {429: "10", 503: "30"}  # seconds
Headers = list[tuple[str, str]]


class Application:
    """Django's WSGI application behind granian's interface."""

    def __init__(self, wsgi: Any, threads: int) -> None:
        self.wsgi = wsgi
        self.pool = ThreadPoolExecutor(threads, thread_name_prefix="web")
        self.turns = Turns(threads)
        self.bytes = bodies.bytes_at_once()

    async def __rsgi__(self, scope: Any, protocol: Any) -> None:
        """Answer one request; one that breaks a limit is answered without Django, and its connection closed."""
        if scope.proto != "http":
            protocol.close(403)
            return
        given = environ(scope)
        address = address_of(given)
        try:
            with self.bytes.of(address) as held, await self._body(scope, protocol, address, held) as body:
                given["wsgi.input"] = body
                status, headers, content = await self._answer(given, address)
        except Refused as refused:
            headers = [("content-type", "text/plain"), ("connection", "close")]
            if refused.status in RETRY_AFTER:
                headers.append(("retry-after", RETRY_AFTER[refused.status]))
            protocol.response_bytes(refused.status, headers, REASONS[refused.status] + b"\n")
            return
        protocol.response_bytes(status, headers, content)

    async def _answer(self, given: dict[str, Any], address: str) -> tuple[int, Headers, bytes]:
        """Run the request in a thread, in its turn."""
        with RUNNING.of(address, 1):
            async with self.turns.place(address):
                return await asyncio.get_running_loop().run_in_executor(self.pool, self._run, given)

    async def _body(self, scope: Any, protocol: Any, address: str, held: Any) -> IO[bytes]:
        length = scope.headers.get("content-length")
        if length is None:
            if scope.headers.get("transfer-encoding") is not None:
                raise Refused(411)
            return BytesIO()
        if not length.isdecimal():
            raise Refused(400)
        if not int(length):
            return BytesIO()
        with READING.of(address, 1):
            return await bodies.read(aiter(protocol), int(length), held)

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


def environ(scope: Any) -> dict[str, Any]:
    """The WSGI variables of a request (PEP 3333), without its body.

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


def allow_connections() -> None:
    """Let this process open as many connections as it takes, where the system allows it (often 1,024 by default)."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 2 * CONNECTIONS  # a connection and the temporary file of its body
    if hard != resource.RLIM_INFINITY:
        wanted = min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


allow_connections()
application = Application(get_wsgi_application(), THREADS)
