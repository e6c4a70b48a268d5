"""The limits of size and time on a request body."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest

from governance.serving import bodies
from governance.serving.fairness import Turns
from governance.serving.shares import Refused, Shares


async def sent(*chunks, pause=0.0):
    for chunk in chunks:
        if pause:
            await asyncio.sleep(pause)
        yield chunk


def read(chunks, length, held=None):
    """Read in a thread of its own: a browser of an earlier test leaves an event loop in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(
            asyncio.run, bodies.read(chunks, length, held or Shares(10**9, 10**9).of("a"))
        ).result()


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
    with pytest.raises(Refused) as refused:
        read(sent(b"abcde"), length)
    assert refused.value.status == status


def test_a_body_must_come_within_the_longest_time(monkeypatch):
    """The rate alone would allow it 1,000 seconds."""
    monkeypatch.setattr(bodies, "LONGEST", 0.2)
    with pytest.raises(Refused) as refused:
        read(sent(*[b"x" * 2048] * 1000, pause=0.02), 2048 * 1000)
    assert refused.value.status == 408


@pytest.mark.parametrize(("each", "total", "status"), [(100, 1000, 429), (1000, 100, 503), (200, 200, None)])
def test_the_bytes_of_bodies_are_limited_for_an_address_and_for_all(each, total, status):
    shares = Shares(each, total)
    with shares.of("a") as held:
        if status is None:
            assert read(sent(*[b"x" * 50] * 4), 200, held).read() == b"x" * 200
        else:
            with pytest.raises(Refused) as refused:
                read(sent(*[b"x" * 50] * 4), 200, held)
            assert refused.value.status == status
    assert shares.sum == 0
    assert not shares.held


def test_a_share_of_one_address_leaves_the_rest_to_others():
    shares = Shares(each=2, total=3)
    first, second = shares.of("a", 1), shares.of("a", 1)
    with pytest.raises(Refused) as refused:
        shares.of("a", 1)
    assert refused.value.status == 429
    with shares.of("b", 1), pytest.raises(Refused) as refused:
        shares.of("c", 1)
    assert refused.value.status == 503
    for one in (first, second):
        one.__exit__(None, None, None)
    with shares.of("a", 2):
        pass
    assert not shares.held


@pytest.mark.parametrize(("pause", "good"), [(0.05, False), (0.001, True)])
def test_a_body_must_come_at_the_least_rate(monkeypatch, pause, good):
    """One byte each time; at the rate of 100 bytes a second with 0.1 s of grace."""
    monkeypatch.setattr(bodies, "GRACE", 0.1)
    monkeypatch.setattr(bodies, "LEAST_RATE", 100)
    slow = sent(*[b"x"] * 40, pause=pause)
    if good:
        assert read(slow, 40).read() == b"x" * 40
        return
    with pytest.raises(Refused) as refused:
        read(slow, 40)
    assert refused.value.status == 408


def test_a_place_goes_to_the_addresses_in_turn():
    """One place; the address that asked five times waits behind the one that asked once."""

    async def main():
        turns, order = Turns(1), []

        async def request(address):
            async with turns.place(address):
                order.append(address)
                await asyncio.sleep(0)

        first = [asyncio.create_task(request("a")) for _ in range(5)]
        await asyncio.sleep(0)
        gone = asyncio.create_task(request("c"))
        rest = [asyncio.create_task(request("b"))]
        await asyncio.sleep(0)
        gone.cancel()
        await asyncio.gather(*first, *rest)
        return order, turns.free, turns.waiting

    with ThreadPoolExecutor(1) as pool:
        order, free, waiting = pool.submit(asyncio.run, main()).result()
    assert order == ["a", "a", "a", "b", "a", "a"]  # b came while the second a was next
    assert (free, len(waiting)) == (1, 0)
