"""Read a request body within its limits of size, time and room."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import IO

from governance.serving.shares import Refused, Share, Shares

MOST_BYTES = 64 * 1024 * 1024  # no route takes more; deploy/Caddyfile has the same limit
IN_MEMORY = 256 * 1024  # bytes; a larger body is written to a temporary file
GRACE = 15.0  # seconds for the first bytes, and for a small body
LEAST_RATE = 2048  # bytes a second after that; a phone on a 2G network reaches twice as much
LONGEST = 600.0  # seconds for a body of any size; deploy/Caddyfile has the same limit


def bytes_at_once() -> Shares:
    """The bytes of bodies that one process holds while they are read: of one address, and of all."""
    return Shares(each=256 * 1024 * 1024, total=1024 * 1024 * 1024)


async def read(chunks: AsyncIterator[bytes], length: int, held: Share) -> IO[bytes]:
    """The whole body as a file at its beginning; `length` is the announced number of bytes.

    Its bytes are counted in `held`, which the caller gives back. Raises Refused with 413 above MOST_BYTES, 408 if the
    body comes more slowly than LEAST_RATE after GRACE or takes longer than LONGEST, 400 if it ends early, and what
    `held` raises.
    """
    if length > MOST_BYTES:
        raise Refused(413)
    loop = asyncio.get_running_loop()
    began, got = loop.time(), 0
    body = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - the caller closes it
    try:
        while got < length:
            allowed = min(GRACE + got / LEAST_RATE, LONGEST) - (loop.time() - began)
            with suppress(StopAsyncIteration):
                chunk = await asyncio.wait_for(anext(chunks), timeout=max(allowed, 0))
                got += len(chunk)
                held.more(len(chunk))
                body.write(chunk)
                continue
            raise Refused(400)
    except TimeoutError:
        body.close()
        raise Refused(408) from None
    except BaseException:
        body.close()
        raise
    body.seek(0)
    return body
