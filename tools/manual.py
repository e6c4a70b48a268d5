"""`make manual`: the pictures of docs/manual, taken from a throw-away demo district in a real browser.

With names as arguments only those are taken. Every picture is named in tools/manual_shots.py.
"""

import io
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Error

from governance.embedded.run import answers
from tests.browsers import HOW_TO_GET, Visitor, browser, installed
from tools.manual_shots import SHOTS, Shot

ROOT = Path(__file__).resolve().parents[1]
IMAGES = ROOT / "docs/manual/images"
LARGEST, LARGEST_ALL = 80_000, 3_000_000  # bytes
READY_WITHIN, GONE_WITHIN = 300, 60  # seconds


class Failed(Exception):
    """A picture, or the platform behind it, could not be made."""


class Installation:
    """The platform with its demo district in a directory of its own, started as a process group of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.url = f"http://127.0.0.1:{probe.getsockname()[1]}"
        self.env = {**os.environ, "DATA_DIR": str(folder / "data"), "PORT": self.url.rsplit(":", 1)[1]}
        self.env.pop("DEMO", None)

    def start(self) -> None:
        """Until it answers; raises Failed with the end of what it said."""
        command = [sys.executable, "-m", "governance.embedded", "run", "--follow-parent"]
        with (self.folder / "run.log").open("wb") as log:
            self.process = subprocess.Popen(
                command, cwd=ROOT, env=self.env, stdout=log, stderr=log, start_new_session=True
            )
        until = time.monotonic() + READY_WITHIN
        while not answers(f"{self.url}/healthz"):
            if self.process.poll() is not None or time.monotonic() > until:
                raise Failed("the demo district did not start:\n" + (self.folder / "run.log").read_text())
            time.sleep(0.5)

    def stop(self) -> None:
        """It stops its own children when told; what does not listen is killed with its group."""
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(timeout=GONE_WITHIN)
        except subprocess.TimeoutExpired:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    @property
    def password(self) -> str:
        """The one of all demo accounts."""
        return (self.folder / "data/secret/demo_password").read_text()

    def furnish(self) -> None:
        """Put the matters into the district that the pictures show; raises Failed."""
        program = "from tools import manual_scenes; manual_scenes.make()"
        command = [sys.executable, "-m", "governance.embedded", "manage", "shell", "-v0", "-c", program]
        told = subprocess.run(command, cwd=ROOT, env=self.env, capture_output=True, text=True, check=False)
        if told.returncode:
            raise Failed(told.stdout + told.stderr)
        self.scenes = json.loads(told.stdout.strip().splitlines()[-1])


@contextmanager
def demo_district() -> Iterator[Installation]:
    """One that runs, and is gone afterwards whatever happened."""
    with tempfile.TemporaryDirectory(prefix="manual-", ignore_cleanup_errors=True) as name:
        Path(name).chmod(0o711)  # as root the servers run as another, who must get through
        made = Installation(Path(name))
        try:
            made.start()
            made.furnish()
            yield made
        finally:
            made.stop()


class Photographer:
    """Takes the pictures of one installation; each role and width has one window, logged in once, residents none."""

    def __init__(self, chrome: Browser, place: Installation) -> None:
        self.chrome, self.place = chrome, place
        self.windows: dict[tuple[str, int], Visitor] = {}

    def take(self, shot: Shot) -> bytes:
        """The picture as PNG; raises Failed naming the shot."""
        window = self._window(shot)
        window.complaints.clear()
        window.page.set_viewport_size({"width": shot.width, "height": shot.height})
        try:
            window.page.goto(shot.path.format(**self.place.scenes))
            if shot.act:
                shot.act(window.page)
            self._settle(window)
            taken = self._cut(window, shot)
        except (Error, Failed, AssertionError) as error:
            raise Failed(f"{shot.name}: {error}") from error
        if window.complaints:
            raise Failed(f"{shot.name}: {window.complaints}")
        if window.page.locator(".refusal, .alert-danger").count():
            raise Failed(f"{shot.name}: the page shows an error")
        return taken

    def _settle(self, window: Visitor) -> None:
        window.page.wait_for_load_state("networkidle")
        window.page.evaluate("document.activeElement && document.activeElement.blur()")

    def _cut(self, window: Visitor, shot: Shot) -> bytes:
        page, clip = window.page, {"x": 0, "y": 0, "width": shot.width, "height": shot.height}
        if shot.part:
            page.locator(shot.part).first.evaluate(
                "(part, above) => scrollTo({top: part.getBoundingClientRect().top + scrollY - above, "
                "behavior: 'instant'})",
                shot.above,
            )
        page.wait_for_timeout(shot.wait)
        if shot.alone:
            box = page.locator(shot.part).first.bounding_box()
            clip["x"], clip["y"] = box["x"] - 8, max(box["y"] - 8, 0)
            clip["width"] = min(box["width"] + 16, shot.width - clip["x"])
            clip["height"] = min(box["height"] + 16, shot.height - clip["y"])
        return page.screenshot(clip=clip, animations="disabled")

    def _window(self, shot: Shot) -> Visitor:
        key = (
            shot.role or shot.name,
            shot.width,
        )  # a resident's browser would keep the draft of another picture
        if key not in self.windows:
            narrow = shot.width < 500
            shape = {"device_scale_factor": 1.5, "is_mobile": True, "has_touch": True} if narrow else {}
            self.windows[key] = visitor = Visitor(self.chrome, self.place.url, shape)
            visitor.page.set_default_timeout(15_000)
            if shot.role:
                visitor.log_in(shot.role, self.place.password, "/demo/desk/")
        return self.windows[key]


def squeezed(png: bytes) -> bytes:
    """The same picture with a palette, small enough for a page of text; raises Failed where none is."""
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    for colours in (128, 64, 32, 16):
        small = io.BytesIO()
        few = picture.quantize(colours, kmeans=2, dither=Image.Dither.NONE)
        few.save(small, "PNG", optimize=True)
        if small.tell() <= LARGEST:
            return small.getvalue()
    raise Failed(f"{small.tell()} bytes with {colours} colours, at most {LARGEST}: cut the picture smaller")


def main(names: list[str]) -> int:
    """Take the named pictures, or all; returns the exit code."""
    if installed() is None:
        print(HOW_TO_GET, file=sys.stderr)
        return 1
    wanted = [shot for shot in SHOTS if not names or shot.name in names]
    IMAGES.mkdir(parents=True, exist_ok=True)
    try:
        with demo_district() as place, browser("--lang=zh-CN") as chrome:
            photographer = Photographer(chrome, place)
            for shot in wanted:
                _keep(shot.name, squeezed(photographer.take(shot)))
    except Failed as reason:
        print(f"manual: {reason}", file=sys.stderr)
        return 1
    total = sum(file.stat().st_size for file in IMAGES.glob("*.png"))
    print(f"{len(wanted)} pictures; all of the manual: {total // 1000} KB")
    return int(total > LARGEST_ALL)


def _keep(name: str, png: bytes) -> None:
    fresh = IMAGES / f".{name}.{secrets.token_hex(3)}"
    fresh.write_bytes(png)
    fresh.replace(IMAGES / f"{name}.png")
    print(f"{name} {len(png) // 1000} KB", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
