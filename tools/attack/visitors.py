"""Browsers without a screen, and other visitors whose waiting times are measured."""

import re
import threading
import time
from dataclasses import dataclass
from typing import Any

import requests

from tests.databases import PASSWORD
from tests.production import Production

TIMEOUT = 60  # seconds
PROBE_EVERY = 0.5  # seconds between two new visitors
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


@dataclass(frozen=True, slots=True)
class Result:
    """One row of the table: what was tried, how often, and what did not hold."""

    name: str
    tried: int
    failures: tuple[str, ...]
    seen: str = ""

    @property
    def held(self) -> bool:
        """True if nothing got through."""
        return not self.failures


class Browser:
    """One visitor with cookies; `address` is the visitor's address as the proxy would tell it."""

    def __init__(self, stack: Production, address: str = "198.51.100.1") -> None:
        self.session = requests.Session()
        self.base = f"http://127.0.0.1:{stack.port}"
        self.session.headers.update(
            {
                "X-Forwarded-Proto": "https",
                "X-Forwarded-For": address,
                "Host": stack.url.removeprefix("https://"),
                "Referer": f"{stack.url}/",
            }
        )

    def get(self, path: str, **more: Any) -> requests.Response:
        return self._keep(self.session.get(self.base + path, allow_redirects=False, timeout=TIMEOUT, **more))

    def post(self, path: str, data: Any = None, **more: Any) -> requests.Response:
        """Post with the token of forms, which any visitor has."""
        if "csrftoken" not in self.session.cookies:
            self.get("/login/")
        headers = {"X-CSRFToken": self.session.cookies.get("csrftoken", ""), **more.pop("headers", {})}
        address = self.base + path
        return self._keep(
            self.session.post(address, data, headers=headers, allow_redirects=False, timeout=TIMEOUT, **more)
        )

    def log_in(self, name: str, password: str = PASSWORD) -> "Browser":
        answer = self.post("/login/", {"username": name, "password": password})
        if answer.status_code != 302:
            raise RuntimeError(f"{name} cannot log in: {answer.status_code}")
        return self

    def _keep(self, answer: requests.Response) -> requests.Response:
        """Keep secure cookies although this connection is plain, as the browser behind the proxy does."""
        for cookie in self.session.cookies:
            cookie.secure = False
        return answer


class Others:
    """Visitors who open pages all the time while an attack runs; `worst` is the 95th percentile in seconds.

    Besides, a new visitor comes every half second whether or not the others were answered: visitors who stand still
    would send few requests and hide that they wait.
    """

    PATHS = ("/healthz", "/alpha/", "/alpha/matters/", "/login/")

    def __init__(self, stack: Production, count: int = 3) -> None:
        self.stack, self.bad = stack, []
        self.taken: list[float] = []
        self.probed: list[float] = []
        self.over = threading.Event()
        self.threads = [threading.Thread(target=self._visit, args=(n,)) for n in range(count)]
        self.threads.append(threading.Thread(target=self._probe))

    def __enter__(self) -> "Others":
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.over.set()
        for thread in self.threads:
            thread.join()

    @property
    def worst(self) -> float:
        """Seconds within which 95 of 100 pages came, for the regular or for the new visitors."""
        return max(
            sorted(found)[int(len(found) * 0.95)] if found else 0.0 for found in (self.taken, self.probed)
        )

    def _probe(self) -> None:
        probes: list[threading.Thread] = []
        while not self.over.is_set():
            probes.append(
                threading.Thread(target=self._open, args=(Browser(self.stack), "/healthz", self.probed))
            )
            probes[-1].start()
            time.sleep(PROBE_EVERY)
        for probe in probes:
            probe.join()

    def _open(self, browser: Browser, path: str, taken: list[float]) -> None:
        began = time.monotonic()
        try:
            status = browser.get(path).status_code
        except requests.RequestException as error:
            status = type(error).__name__
        taken.append(time.monotonic() - began)
        if status != 200:
            self.bad.append(f"{path}: {status}")

    def _visit(self, number: int) -> None:
        browser = Browser(self.stack, f"198.51.100.{100 + number}")
        while not self.over.is_set():
            for path in self.PATHS:
                self._open(browser, path, self.taken)
            time.sleep(0.05)
