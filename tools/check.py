"""`make check`: all static checks. Prints one line per step and runs all steps."""

import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTHON = sys.executable
DJANGOFMT = str(Path(PYTHON).with_name("djangofmt"))
MANAGE = [PYTHON, "manage.py"]
STEPS = [
    ("lint and complexity", [PYTHON, "-m", "ruff", "check", "--quiet", "."]),
    ("format", [PYTHON, "-m", "ruff", "format", "--check", "--quiet", "."]),
    ("template format", [DJANGOFMT, "--check", "--quiet", "templates"]),
    ("house rules", [PYTHON, "-m", "tools.house_rules"]),
    ("plain English", [PYTHON, "-m", "tools.plain_english"]),
    ("rooms", [PYTHON, "-m", "tools.rooms", "--check"]),
    ("templates", [PYTHON, "tools/templates.py"]),
    ("system check", [*MANAGE, "check"]),
    ("migrations", [*MANAGE, "makemigrations", "--check", "--dry-run"]),
]
if any(ROOT.glob("*/management/commands/generate_docs.py")):
    STEPS.append(("generated documents", [*MANAGE, "generate_docs", "--check"]))


def main() -> int:
    """Run every step, show the output of those that fail, and return 1 if any failed."""
    failed = [name for name, command in STEPS if not passes(name, command)]
    print(f"check: {', '.join(failed)} failed" if failed else "check: all passed")
    return bool(failed)


def passes(name: str, command: list[str]) -> bool:
    """Run one step and print its result."""
    began = time.monotonic()
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    good = told.returncode == 0
    print(f"{'ok  ' if good else 'FAIL'} {name} ({time.monotonic() - began:.1f} s)", flush=True)
    if not good:
        print(told.stdout + told.stderr, flush=True)
    return good


if __name__ == "__main__":
    sys.exit(main())
