"""`make manual`: take the pictures of docs/manual from a throw-away demo district, in a real browser.

With names as arguments, only those pictures are taken. All pictures are listed in tools/manual_shots.py.
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
    """The platform with its demo district, in its own directory and its own process group."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.url = f"http://127.0.0.1:{probe.getsockname()[1]}"
        self.env = {**os.environ, "DATA_DIR": str(folder / "data"), "PORT": self.url.rsplit(":", 1)[1]}
        self.env.pop("DEMO", None)

    def start(self) -> None:
        """Start and wait until it answers. Raises Failed with its log."""
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
        """Stop it and its children; if it does not end in time, kill its process group."""
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(timeout=GONE_WITHIN)
        except subprocess.TimeoutExpired:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    @property
    def password(self) -> str:
        """The password of all demo accounts."""
        return (self.folder / "data/secret/demo_password").read_text()

    def furnish(self) -> None:
        """Create the tickets that the pictures show. Raises Failed."""
        program = "from tools import manual_scenes; manual_scenes.make()"
        command = [sys.executable, "-m", "governance.embedded", "manage", "shell", "-v0", "-c", program]
        told = subprocess.run(command, cwd=ROOT, env=self.env, capture_output=True, text=True, check=False)
        if told.returncode:
            raise Failed(told.stdout + told.stderr)
        self.scenes = json.loads(told.stdout.strip().splitlines()[-1])


@contextmanager
def demo_district() -> Iterator[Installation]:
    """A running installation, which is removed at the end in any case."""
    with tempfile.TemporaryDirectory(prefix="manual-", ignore_cleanup_errors=True) as name:
        Path(name).chmod(0o711)  # as root, the servers run as another account that must enter it
        made = Installation(Path(name))
        try:
            made.start()
            made.furnish()
            yield made
        finally:
            made.stop()


class Photographer:
    """Takes the pictures of one installation.

    Each role and width has one window that is logged in once; each picture of a resident has a window of its
    own.
    """

    def __init__(self, chrome: Browser, place: Installation) -> None:
        self.chrome, self.place = chrome, place
        self.windows: dict[tuple[str, int], Visitor] = {}

    def take(self, shot: Shot) -> bytes:
        """The picture as PNG. Raises Failed naming the picture."""
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
        )  # a resident's browser would show the draft of another picture
        if key not in self.windows:
            narrow = shot.width < 500
            shape = {"device_scale_factor": 1.5, "is_mobile": True, "has_touch": True} if narrow else {}
            self.windows[key] = visitor = Visitor(self.chrome, self.place.url, shape)
            visitor.page.set_default_timeout(15_000)
            if shot.role:
                visitor.log_in(shot.role, self.place.password, "/demo/desk/")
        return self.windows[key]


def squeezed(png: bytes) -> bytes:
    """The picture with a palette, at most 80 KB. Raises Failed if that is not possible."""
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
