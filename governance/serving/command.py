"""The command line that starts granian, the same for `make run`, the image and the tests."""

import os
import sys

THREADS = int(os.environ.get("WEB_THREADS", "8"))  # requests at a time, per process
CONNECTIONS = 8192  # open connections, per process; more wait outside until one is closed
HEADERS_WITHIN = 10_000  # milliseconds; a connection without a request is closed after this time


def command(host: str, port: int, processes: int = 2) -> list[str]:
    """The arguments of one web server with this number of processes."""
    return [
        *(
            sys.executable,
            "-m",
            "granian",
            "--interface",
            "rsgi",
            "governance.serving.application:application",
        ),
        *("--host", host, "--port", str(port), "--workers", str(processes)),
        *("--backpressure", str(CONNECTIONS), "--http1-header-read-timeout", str(HEADERS_WITHIN)),
        # HTTP/2 has no time limit for a connection without a request; the proxy in front speaks it.
        *("--http", "1"),
        *("--respawn-failed-workers", "--no-ws", "--no-access-log", "--log-level", "warning"),
    ]
