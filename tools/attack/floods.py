"""Half-sent bodies, picture bombs and sheet bombs: other visitors do not notice."""

import io
import socket
import time
import uuid
import zipfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from typing import Any

from PIL import Image

from tests.production import Production
from tools.attack.visitors import Browser, Others, Result

WORST = 2.0  # seconds for the 95th percentile of other visitors
MOST_MEMORY = 1000  # MB by which the web server may grow: two pictures of 30 million pixels and their copies
REFUSED = {400, 413, 429, 503}
NEWEST_NOTICE = "SELECT coalesce(max(number), 0) FROM tickets_privacynotice"
ROW = b'<row r="%d"/>'


def _noticed(others: Others) -> list[str]:
    late = [f"others wait {others.worst:.1f} s"] if others.worst > WORST else []
    return late + others.bad[:2]


def slow_bodies(stack: Production, count: int, seconds: float) -> Result:
    """Connections that announce a body and send one byte of it."""
    head = b"POST /alpha/api/v1/tickets/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r\n\r\nx"
    with ExitStack() as open_ones, Others(stack) as others:
        for _ in range(count):
            raw = open_ones.enter_context(socket.create_connection(("127.0.0.1", stack.port), timeout=20))
            raw.sendall(head)
        time.sleep(seconds)
    return Result("half-sent bodies", count, tuple(_noticed(others)), f"p95 {others.worst:.2f} s")


def pictures(stack: Production, reports: int, each: int = 9) -> Result:
    """Anonymous reports with pictures of a few kilobytes that would take 60 million pixels to decode."""
    buffer = io.BytesIO()
    Image.new("1", (7700, 7700)).save(buffer, "PNG")
    honest = io.BytesIO()
    Image.effect_noise((640, 480), 80).convert("RGB").save(honest, "JPEG")

    def report(number: int, picture: bytes = buffer.getvalue(), count: int = each) -> int:
        browser = Browser(stack, f"203.0.113.{number}")
        files = [("photos", (f"{n}.png", picture, "image/png")) for n in range(count)]
        given = {"client_id": str(uuid.uuid4()), "area": stack.tokens["_areas"]["lane"], "text": "漏水"}
        given |= {"accepted": "on", "notice_version": stack.sql(NEWEST_NOTICE)[0][0]}
        return browser.post("/alpha/report/", given, files=files).status_code

    result = _flood(stack, "picture bombs", report, reports)
    taken = report(reports, honest.getvalue(), 1)
    return (
        result if taken == 302 else replace(result, failures=(*result.failures, f"an honest photo: {taken}"))
    )


def large_pictures(stack: Production, visitors: int, each: int = 8) -> Result:
    """Forms without a text, each with pictures that are just within the limits, from as many addresses."""
    buffer = io.BytesIO()
    Image.linear_gradient("L").resize((5000, 5000)).convert("RGB").save(buffer, "PNG")
    picture = buffer.getvalue().ljust(5000 * 5000 // 190, b"\0")

    def send(number: int) -> int:
        browser = Browser(stack, f"203.0.113.{number}")
        files = [("photos", (f"{n}.png", picture, "image/png")) for n in range(each)]
        given = {"client_id": str(uuid.uuid4()), "area": stack.tokens["_areas"]["lane"], "text": ""}
        return browser.post("/alpha/report/", given, files=files).status_code

    return _flood(stack, "large pictures", send, visitors, at_once=16)


def sheets(stack: Production, uploads: int) -> Result:
    """Workbooks that claim a huge rectangle, or hold millions of empty rows in a few kilobytes."""
    bombs = [_workbook(b'<row r="1"><c r="A1"/></row><row r="1048576"><c r="XFD1048576"/></row>')]
    bombs.append(_workbook(b"".join(ROW % n for n in range(1, 1_000_001))))
    browsers = [Browser(stack).log_in("alpha-admin") for _ in range(uploads)]

    def upload(number: int) -> int:
        files = {"file": ("a.xlsx", bombs[number % len(bombs)])}
        return browsers[number].post("/alpha/desk/settings/sheets/categories/", files=files).status_code

    return _flood(stack, "sheet bombs", upload, uploads)


def _flood(stack: Production, name: str, send: Any, count: int, at_once: int = 4) -> Result:
    before = _memory(stack)
    with Others(stack) as others, ThreadPoolExecutor(at_once) as pool:
        statuses = list(pool.map(send, range(count)))
        most = _memory(stack)
    failures = [f"answered with {status}" for status in sorted({*statuses} - REFUSED)]
    if most - before > MOST_MEMORY:
        failures.append(f"the web server grew by {most - before} MB")
    return Result(
        name, count, tuple(failures + _noticed(others)), f"p95 {others.worst:.2f} s, +{most - before} MB"
    )


def _memory(stack: Production) -> int:
    """The highest resident size of the web server's process so far, in MB."""
    parent = stack.parts["web"].pid
    with open(f"/proc/{parent}/task/{parent}/children") as children:
        pids = [parent, *map(int, children.read().split())]
    peaks = []
    for pid in pids:
        with open(f"/proc/{pid}/status") as status:
            peaks += [int(line.split()[1]) for line in status if line.startswith("VmHWM")]
    return max(peaks) // 1024


def _workbook(rows: bytes) -> bytes:
    """A minimal .xlsx with these rows."""
    kinds = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"><Override PartName="/xl/workbook.xml" '
        f'ContentType="{kinds}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" '
        f'ContentType="{kinds}.worksheet+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" '
        f'Type="{relations}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{relations}"><sheets><sheet name="a" sheetId="1" '
        f'r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" '
        f'Type="{relations}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as book:
        for name, text in parts.items():
            book.writestr(name, text)
        sheet = f'<worksheet xmlns="{main}"><sheetData>'.encode() + rows + b"</sheetData></worksheet>"
        book.writestr("xl/worksheets/sheet1.xml", sheet)
    return buffer.getvalue()
