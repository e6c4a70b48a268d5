"""Read a request body within its limits of size and time."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import IO

MOST_BYTES = 64 * 1024 * 1024  # no route takes more; deploy/Caddyfile has the same limit
IN_MEMORY = 1024 * 1024  # bytes; a larger body is written to a temporary file
GRACE = 15.0  # seconds for the first bytes, and for a small body
LEAST_RATE = 2048  # bytes a second after that; a phone on a 2G network reaches twice as much


class Refused(Exception):
    """The body is not read any further; `status` is the answer's status."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


async def read(chunks: AsyncIterator[bytes], length: int) -> IO[bytes]:
    """The whole body as a file at its beginning; `length` is the announced number of bytes.

    Raises Refused with 413 above MOST_BYTES, 408 if it comes more slowly than LEAST_RATE after GRACE, and 400 if it
    ends early.
    """
    if length > MOST_BYTES:
        raise Refused(413)
    loop = asyncio.get_running_loop()
    began, got = loop.time(), 0
    body = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - the caller closes it
    try:
        while got < length:
            allowed = GRACE + got / LEAST_RATE - (loop.time() - began)
            with suppress(StopAsyncIteration):
                chunk = await asyncio.wait_for(anext(chunks), timeout=max(allowed, 0))
                got += len(chunk)
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
