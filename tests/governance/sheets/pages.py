"""Use a settings sheet like a person: export, edit, upload, preview, confirm."""

import io
import re
from html import unescape

from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook, load_workbook

URL = "/alpha/desk/settings/sheets/"


def lines_of(content):
    """The first worksheet of an .xlsx as lists of texts."""
    rows = load_workbook(io.BytesIO(content)).worksheets[0].iter_rows(values_only=True)
    return [["" if cell is None else str(cell) for cell in row] for row in rows]


def book_of(lines):
    """The lines as the bytes of an .xlsx."""
    book, buffer = Workbook(), io.BytesIO()
    for line in lines:
        book.active.append(line)
    book.save(buffer)
    return buffer.getvalue()


class Pages:
    """The pages of every sheet for one client."""

    def __init__(self, world, client):
        self.world, self.client = world, client

    def export(self, slug):
        """Export the sheet; returns lists of texts, the headings first."""
        answer = self.client.get(f"{URL}{slug}/export/")
        assert answer.status_code == 200, answer.content.decode()
        return lines_of(answer.content)

    def upload(self, slug, content, name="a.xlsx"):
        """Upload a file; returns the response: a redirect to the preview, or the form again."""
        file = SimpleUploadedFile(name, content if isinstance(content, bytes) else book_of(content))
        return self.client.post(f"{URL}{slug}/", {"file": file})

    def preview(self, slug, lines):
        """Upload lines; returns (address, text) of the preview page."""
        answer = self.upload(slug, lines)
        assert answer.status_code == 302, words_of(answer)
        return answer["Location"], words_of(self.client.get(answer["Location"]))

    def confirm(self, address):
        """Confirm a preview; returns the response."""
        return self.client.post(address + "confirm/")

    def bring(self, slug, lines):
        """Upload lines and confirm; returns the text of the preview."""
        address, said = self.preview(slug, lines)
        answer = self.confirm(address)
        assert answer.status_code == 302, words_of(answer)
        return said


def words_of(answer):
    """The visible text of a page, without tags."""
    text = re.sub(r"<script.*?</script>|<[^>]+>", "", answer.content.decode(), flags=re.DOTALL)
    return unescape(re.sub(r"\s+", " ", text))


def edited(lines, key, **changes):
    """The lines with some cells changed (by heading) in the row whose first cell is `key`."""
    headings, *rows = lines
    return [headings, *([change(headings, row, changes) if row[0] == key else row for row in rows])]


def change(headings, row, changes):
    """The row with some cells changed, by heading."""
    cells = dict(zip(headings, row, strict=True))
    assert set(changes) <= set(cells), changes
    return list((cells | changes).values())


def new(headings, **cells):
    """A new row; cells that are not given are empty."""
    assert set(cells) <= set(headings), cells
    return [cells.get(name, "") for name in headings]
