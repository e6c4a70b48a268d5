"""Picture bombs: a few kilobytes that would take gigabytes and minutes to decode."""

import io
import threading
import time

import pillow_heif  # writes HEIC; the platform only reads it
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

from governance.errors import Busy, Invalid
from governance.tenancy.scope import scope
from tests.tickets.matters import form_of
from tickets.models import Attachment, Ticket
from tickets.ticket import decoding, photos

pytestmark = pytest.mark.django_db


def upload(picture, form="PNG", name="a.png", **more):
    buffer = io.BytesIO()
    picture.save(buffer, form, **more)
    return SimpleUploadedFile(name, buffer.getvalue(), f"image/{form.lower()}")


def plain(side, mode="1"):
    return Image.new(mode, (side, side))


def lively(width, height, step=16):
    """A picture with as much detail as a photo has for its size."""
    small = Image.effect_noise((width // step, height // step), 90).convert("RGB")
    return small.resize((width, height), Image.Resampling.BILINEAR)


@pytest.fixture
def decoded(monkeypatch):
    """The sizes of the pictures that were decoded."""
    sizes, original = [], Image.Image.convert

    def convert(self, *args, **kwargs):
        sizes.append(self.size)
        return original(self, *args, **kwargs)

    monkeypatch.setattr(Image.Image, "convert", convert)
    return sizes


def test_a_report_of_nine_one_bit_pictures_is_refused_without_decoding(world, client, decoded):
    bomb = upload(plain(7700)).read()
    assert len(bomb) < 8000
    files = [SimpleUploadedFile(f"{n}.png", bomb, "image/png") for n in range(9)]
    began = time.monotonic()
    answer = client.post("/alpha/report/", form_of(world, photos=files))
    assert answer.status_code == 400
    assert "像素" in answer.content.decode()
    assert (decoded, time.monotonic() - began < 3) == ([], True)
    with scope(world.tenant):
        assert (Ticket.objects.count(), Attachment.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    ("picture", "form"),
    [(plain(7700), "PNG"), (plain(5000), "PNG"), (plain(5400, "RGB"), "PNG")],
    ids=["above 30 MP", "one bit", "black"],
)
def test_more_pixels_than_the_bytes_can_tell_are_refused(in_scope, decoded, picture, form):
    with pytest.raises(Invalid) as refused:
        photos.read(upload(picture, form))
    assert (refused.value.code, decoded) == ("too_large", [])


def test_a_large_photo_is_shrunk_while_it_is_decoded(in_scope, decoded):
    shot = photos.read(upload(lively(6000, 4800), "JPEG", "a.jpg", quality=80))
    assert (shot.width, shot.height) == (2048, 1638)
    assert max(max(size) for size in decoded) <= 3000


def test_a_screenshot_in_few_colours_stays_legible(in_scope):
    picture = Image.new("RGB", (1290, 2796), "white")
    ImageDraw.Draw(picture).rectangle((100, 100, 900, 900), fill="red")
    shot = photos.read(upload(picture.quantize(8)))
    kept = Image.open(io.BytesIO(shot.content))
    assert kept.getpixel((kept.width // 3, kept.height // 6))[0] > 200


def test_the_photos_of_one_report_are_limited_together(in_scope, monkeypatch, decoded):
    monkeypatch.setattr(decoding, "MOST_PIXELS_TOGETHER", 100_000)
    three = [upload(lively(200, 200), "JPEG", f"{n}.jpg") for n in range(3)]
    decoded.clear()
    with pytest.raises(Invalid) as refused:
        photos.read_all(three)
    assert (refused.value.code, refused.value.field, decoded) == ("too_large", "photos", [])
    assert len(photos.read_all(three[:2])) == 2


def test_two_pictures_are_decoded_at_once_and_no_more(in_scope, monkeypatch):
    now, most, lock = [0], [0], threading.Lock()
    original = decoding._encoded

    def slow(picture):
        with lock:
            now[0] += 1
            most[0] = max(most[0], now[0])
        time.sleep(0.1)
        made = original(picture)
        with lock:
            now[0] -= 1
        return made

    monkeypatch.setattr(decoding, "_encoded", slow)
    monkeypatch.setattr(decoding, "_places", threading.BoundedSemaphore(6))
    content = upload(lively(64, 64), "JPEG").read()
    files = [SimpleUploadedFile("a.jpg", content) for _ in range(6)]
    threads = [threading.Thread(target=decoding.decode_all, args=([one], "Asia/Shanghai")) for one in files]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert most == [2]


def test_a_fifth_picture_does_not_wait_in_a_thread_of_the_web_server(in_scope, monkeypatch):
    """Four decode or wait; the next is refused at once, so that threads stay free for pages."""
    taken = [decoding._places.acquire(blocking=False) for _ in range(4)]
    try:
        assert all(taken)
        began = time.monotonic()
        with pytest.raises(Busy):
            decoding.decode(upload(lively(64, 64), "JPEG"), "Asia/Shanghai")
        assert time.monotonic() - began < decoding.WAIT / 2
    finally:
        for _ in taken:
            decoding._places.release()


def test_who_waits_too_long_for_the_decoder_is_asked_to_come_back(in_scope, monkeypatch):
    monkeypatch.setattr(decoding, "WAIT", 0.01)
    monkeypatch.setattr(decoding, "_decoders", threading.BoundedSemaphore(1))
    with decoding._decoders, pytest.raises(Busy) as refused:
        photos.read(upload(lively(64, 64), "JPEG"))
    assert refused.value.status == 503


def heic(picture, **more):
    """A photo as an iPhone writes it, turned by its metadata, with the time it was taken."""
    exif = Image.Exif()
    exif[0x0112], exif.get_ifd(0x8769)[0x9003] = 6, "2026:11:20 08:15:00"
    buffer = io.BytesIO()
    pillow_heif.from_pillow(picture).save(buffer, quality=60, exif=exif.tobytes(), **more)
    return SimpleUploadedFile("IMG_0001.HEIC", buffer.getvalue(), "image/heic")


def test_a_jpeg_with_very_many_scans_is_refused_without_decoding(in_scope, decoded):
    """Each scan passes over all pixels; the last one can be repeated without growing the picture."""
    content = upload(lively(400, 300), "JPEG", progressive=True).read()
    assert content.count(b"\xff\xda") > 1
    last = content[content.rindex(b"\xff\xda") : -2]
    bomb = content[:-2] + last * decoding.MOST_SCANS + content[-2:]
    decoded.clear()
    with pytest.raises(Invalid):
        decoding.decode(SimpleUploadedFile("a.jpg", bomb, "image/jpeg"), "Asia/Shanghai")
    assert decoded == []
    assert decoding.decode(SimpleUploadedFile("a.jpg", content, "image/jpeg"), "Asia/Shanghai").width == 400


def test_a_heic_photo_is_taken_with_its_time_and_upright(in_scope):
    shot = photos.read(heic(lively(320, 240)))
    assert (shot.width, shot.height) == (240, 320)
    assert (shot.taken_at.day, Image.open(io.BytesIO(shot.content)).format) == (20, "JPEG")


def test_a_photo_of_two_lenses_is_taken(in_scope):
    file = upload(lively(320, 240), "MPO", "a.jpg", save_all=True, append_images=[lively(320, 240)])
    assert photos.read(file).width == 320


def test_a_heic_photo_comes_with_a_report(world, client):
    answer = client.post("/alpha/report/", form_of(world, photos=heic(lively(320, 240))))
    assert answer.status_code == 302
    with scope(world.tenant):
        assert Attachment.objects.count() == 1


def test_a_heic_photo_that_is_cut_or_a_bomb_is_refused(in_scope, decoded, monkeypatch):
    content = heic(lively(320, 240)).read()
    with pytest.raises(Invalid) as refused:
        photos.read(SimpleUploadedFile("a.heic", content[:-9000]))
    assert refused.value.code == "not_a_photo"
    monkeypatch.setattr(decoding, "ALWAYS_ALLOWED", 10_000)
    bomb = heic(plain(800, "RGB"))
    decoded.clear()
    with pytest.raises(Invalid) as refused:
        photos.read(bomb)
    assert (refused.value.code, decoded) == ("too_large", [])


def test_busy_decoders_say_when_to_come_back(world, client, call, number, monkeypatch):
    monkeypatch.setattr(decoding, "WAIT", 0.01)
    monkeypatch.setattr(decoding, "_decoders", threading.BoundedSemaphore(1))
    with decoding._decoders:
        page = client.post("/alpha/report/", form_of(world, photos=upload(lively(64, 64), "JPEG")))
        told = call.photo(number, upload(lively(64, 64), "JPEG"))
    assert (page.status_code, page["Retry-After"]) == (503, "60")
    assert "井盖松动" in page.content.decode()  # what was typed stays in the form
    assert (told.status_code, told["Retry-After"], told.json()["code"]) == (503, "60", "busy")
