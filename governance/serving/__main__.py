"""`python -m governance.serving HOST PORT`: become the web server."""

import os
import sys

from governance.serving.command import command

if __name__ == "__main__":
    arguments = command(sys.argv[1], int(sys.argv[2]))
    os.execv(arguments[0], arguments)  # noqa: S606 - no shell is wanted
