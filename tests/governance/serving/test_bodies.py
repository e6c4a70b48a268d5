"""The limits of size and time on a request body."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest

from governance.serving import bodies


async def sent(*chunks, pause=0.0):
    for chunk in chunks:
        if pause:
            await asyncio.sleep(pause)
        yield chunk


def read(chunks, length):
    """Read in a thread of its own: a browser of an earlier test leaves an event loop in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, bodies.read(chunks, length)).result()


def test_a_body_is_read_as_a_whole():
    with read(sent(b"ab", b"cd", b"e"), 5) as body:
        assert body.read() == b"abcde"


def test_a_large_body_lies_in_a_file():
    with read(sent(*[b"x" * 65536] * 20), 20 * 65536) as body:
        assert body._rolled
        assert len(body.read()) == 20 * 65536


@pytest.mark.parametrize(
    ("length", "status"), [(bodies.MOST_BYTES + 1, 413), (6, 400)], ids=["too large", "ends early"]
)
def test_a_body_that_breaks_a_limit_is_refused(length, status):
    with pytest.raises(bodies.Refused) as refused:
        read(sent(b"abcde"), length)
    assert refused.value.status == status


@pytest.mark.parametrize(("pause", "good"), [(0.05, False), (0.001, True)])
def test_a_body_must_come_at_the_least_rate(monkeypatch, pause, good):
    """One byte each time; at the rate of 100 bytes a second with 0.1 s of grace."""
    monkeypatch.setattr(bodies, "GRACE", 0.1)
    monkeypatch.setattr(bodies, "LEAST_RATE", 100)
    slow = sent(*[b"x"] * 40, pause=pause)
    if good:
        assert read(slow, 40).read() == b"x" * 40
        return
    with pytest.raises(bodies.Refused) as refused:
        read(slow, 40)
    assert refused.value.status == 408
