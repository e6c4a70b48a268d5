"""The names of the template databases."""

import os
import subprocess
import sys

from tests.databases import ROOT


def test_a_template_has_one_name_in_every_time_zone():
    """The two zones are 25 hours apart, so their dates always differ."""
    command = [sys.executable, "-c", "from tests.databases import digest; print(digest())"]
    names = {
        subprocess.run(
            command, cwd=ROOT, env={**os.environ, "TZ": zone}, capture_output=True, text=True, check=True
        ).stdout
        for zone in ("Pacific/Kiritimati", "Pacific/Niue")
    }
    assert len(names) == 1
