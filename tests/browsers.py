"""A Chromium for tests, and pages that tell when something went wrong on them."""

import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

HOW_TO_GET = "no Chromium on the PATH: apt-get install chromium fonts-noto-cjk"
PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
DESK = {"viewport": {"width": 1440, "height": 900}}


def installed() -> str | None:
    """The program, where there is one."""
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


def chromium() -> str:
    """The program; skips with one line where there is none, fails where REQUIRE_BROWSER says so."""
    found = installed()
    if found is None and os.environ.get("REQUIRE_BROWSER"):
        pytest.fail(HOW_TO_GET)
    if found is None:
        pytest.skip(HOW_TO_GET)
    return found


_shared = ExitStack()  # the browser of this process, closed at the end of the session
_started: list[Browser] = []


@contextmanager
def shared_browser() -> Iterator[Browser]:
    """The one browser of this process, started at the first need; windows that the block opens are closed after it."""
    if not _started:
        _started.append(_shared.enter_context(browser()))
    chrome = _started[0]
    try:
        yield chrome
    finally:
        for context in list(chrome.contexts):
            context.close()


def close_shared_browser() -> None:
    """Close the browser of this process, if one was started."""
    _started.clear()
    _shared.close()


@contextmanager
def browser(*more: str) -> Iterator[Browser]:
    """A headless browser that talks to this machine only; `more` goes to its command line."""
    program = chromium()
    quiet = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-background-networking", "--disable-sync"]
    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=program, args=[*quiet, *more])
        try:
            yield made
        finally:
            made.close()


class Visitor:
    """One person's browser window; `complaints` holds what its console and the server had to say."""

    def __init__(self, browser: Browser, url: str, shape: dict) -> None:
        self.context: BrowserContext = browser.new_context(
            locale="zh-CN", base_url=url, ignore_https_errors=True, **shape
        )
        self.page: Page = self.context.new_page()
        self.complaints: list[str] = []
        self.page.on("console", lambda m: self.complaints.append(m.text) if m.type == "error" else None)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on(
            "response", lambda r: self.complaints.append(f"{r.status} {r.url}") if r.status >= 500 else None
        )

    def log_in(self, username: str, password: str, then: str) -> None:
        self.page.goto(f"/login/?next={then}")
        self.page.locator("input[name=username]").fill(username)
        self.page.locator("input[name=password]").fill(password)
        self.page.locator("main form button[type=submit], main form button.btn-primary").first.click()
        self.page.wait_for_url(f"**{then}*")
