"""House rules: checks that no general linter knows. Prints every breach and exits with 1, or prints nothing."""

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from tools.sources import parse

ROOT = Path(__file__).resolve().parent.parent
FOREIGN = {
    ".git",
    ".venv",
    ".uv",
    ".data",
    ".ruff_cache",
    ".pytest_cache",
    ".hypothesis",
    "node_modules",
    "__pycache__",
}
FILE_LINES, FUNCTION_LINES, SCRIPT_LINES = 500, 50, 80
TEMPLATE_COLUMNS = 140
SOURCES = {".py", ".js", ".css", ".html"}
TEXTS = SOURCES | {
    ".json",
    ".lock",
    ".in",
    ".toml",
    ".yml",
    ".yaml",
    ".md",
    ".txt",
    ".cfg",
    ".sh",
    ".conf",
    "",
}
# Every installation uses its own package index; an address in a file would bind all of them to one. Written in
# parts here, so that this file passes.
ADDRESSES = [".".join(parts) for parts in (
    ("pypi", "org"), ("pythonhosted", "org"), ("registry", "npmjs", "org"), ("npmmirror", "com"),
    ("registry", "yarnpkg", "com"), ("tuna", "tsinghua", "edu", "cn"), ("mirrors", "aliyun", "com"),
    ("docker", "io"), ("ghcr", "io"), ("jsdelivr", "net"), ("unpkg", "com"), ("cdnjs", "cloudflare", "com"),
)]  # fmt: skip
# Files that may query across tenants: the mechanism itself and its tests. The list may shrink, not grow.
SCOPELESS = ("governance/tenancy/", "tests/", "tools/house_rules.py")
INLINE_HANDLER = re.compile(r"<[a-z][^>]*\son[a-z]+\s*=", re.IGNORECASE)
INLINE_SCRIPT = re.compile(r"<script(?![^>]*\b(?:src|nonce)=)[^>]*>", re.IGNORECASE)
# Commits after this one have short subjects; older ones stay as they are.
SHORT_SUBJECTS_SINCE = "d43f2963ff02af2fb27ae043312789077361c6ee"
SUBJECT_LENGTH = 60


def broken_rules(root: Path) -> Iterator[str]:
    """Every breach as `file:line: problem`, or `commit: problem`."""
    yield from long_subjects(subjects_since(root, SHORT_SUBJECTS_SINCE))
    for file in house_files(root):
        name, text = str(file.relative_to(root)), file.read_text(errors="replace")
        generated = "/migrations/" in name
        if file.suffix in SOURCES and not generated:
            yield from long_file(name, text)
        if file.suffix == ".py":
            yield from scopeless(name, text)
            if not generated:
                yield from long_functions(name, text)
        if file.suffix == ".html":
            yield from inline_code(name, text)
            yield from wide_lines(name, text)
        yield from addresses(name, text)


def house_files(root: Path) -> list[Path]:
    """List our own text files: those that git tracks or would track, or all of them if there is no git."""
    names = _names_by_git(root) or _names_by_walk(root)
    return [root / name for name in sorted(names) if Path(name).suffix in TEXTS and (root / name).is_file()]


def _names_by_git(root: Path) -> set[str]:
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        output = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return set()
    return {name for name in output.split("\0") if name}


def _names_by_walk(root: Path) -> set[str]:
    found = set()
    for folder, folders, files in os.walk(root):
        folders[:] = [name for name in folders if name not in FOREIGN]
        found |= {str(Path(folder, name).relative_to(root)) for name in files}
    return found


def long_file(name: str, text: str) -> Iterator[str]:
    """Find a file with too many lines; it must be split by topic, a script of the pages by what it does."""
    lines, most = text.count("\n"), SCRIPT_LINES if name.endswith(".js") else FILE_LINES
    if lines > most:
        yield f"{name}: {lines} lines, at most {most}"


def long_functions(name: str, text: str) -> Iterator[str]:
    """Find functions with too many lines, counted from `def` to the last line."""
    for node in ast.walk(parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = node.end_lineno - node.lineno + 1
            if lines > FUNCTION_LINES:
                yield f"{name}:{node.lineno}: {node.name} has {lines} lines, at most {FUNCTION_LINES}"


def scopeless(name: str, text: str) -> Iterator[str]:
    """Find `scopes_disabled` outside the files that may query across tenants."""
    if "scopes_disabled" in text and not name.startswith(SCOPELESS):
        yield f"{name}: scopes_disabled is allowed in {', '.join(SCOPELESS)} only"


def inline_code(name: str, text: str) -> Iterator[str]:
    """Find code in a template that the content security policy would refuse."""
    for found in sorted(
        found.start() for rule in (INLINE_HANDLER, INLINE_SCRIPT) for found in rule.finditer(text)
    ):
        number = text.count("\n", 0, found) + 1
        yield f"{name}:{number}: script in the page is refused by the content security policy"


def wide_lines(name: str, text: str) -> Iterator[str]:
    """Find lines of a template that are too long to read; `make fix` folds what can be folded unseen."""
    for number, line in enumerate(text.splitlines(), 1):
        if len(line) > TEMPLATE_COLUMNS:
            yield f"{name}:{number}: {len(line)} characters, at most {TEMPLATE_COLUMNS}"


def addresses(name: str, text: str) -> Iterator[str]:
    """Find the address of a package index, registry or content network."""
    for address in ADDRESSES:
        if address in text:
            yield f"{name}: names {address}"
    if name == "package-lock.json" and '"resolved"' in text:
        yield f"{name}: holds addresses; .npmrc must keep them out"


def subjects_since(root: Path, commit: str) -> list[tuple[str, str]]:
    """List (short hash, subject) of the commits after `commit`, without merges; empty if git does not know it."""
    command = ["git", "log", "--no-merges", "--format=%h%x00%s", f"{commit}..HEAD"]
    try:
        output = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return []
    return [tuple(line.split("\0", 1)) for line in output.splitlines()]


def long_subjects(commits: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Find commit subjects that are too long or end with a period."""
    for commit, subject in commits:
        if len(subject) > SUBJECT_LENGTH:
            yield f"commit {commit}: subject has {len(subject)} characters, at most {SUBJECT_LENGTH}"
        if subject.endswith("."):
            yield f"commit {commit}: subject ends with a period"


if __name__ == "__main__":
    breaches = list(broken_rules(ROOT))
    print("\n".join(breaches)) if breaches else None
    sys.exit(bool(breaches))
