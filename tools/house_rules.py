"""Project rules that no general linter checks. Prints each breach and exits with 1 if there is any."""

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

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
FILE_LINES, FUNCTION_LINES = 500, 50
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
# Every machine has its own package index, so no file may name one. In parts here, to not match themselves.
ADDRESSES = [".".join(parts) for parts in (
    ("pypi", "org"), ("pythonhosted", "org"), ("registry", "npmjs", "org"), ("npmmirror", "com"),
    ("registry", "yarnpkg", "com"), ("tuna", "tsinghua", "edu", "cn"), ("mirrors", "aliyun", "com"),
    ("docker", "io"), ("ghcr", "io"), ("jsdelivr", "net"), ("unpkg", "com"), ("cdnjs", "cloudflare", "com"),
)]  # fmt: skip
# Folders that may read across tenants: the mechanism and its tests. The list may shrink, not grow.
SCOPELESS = ("governance/tenancy/", "tests/", "tools/house_rules.py")
INLINE_HANDLER = re.compile(r"<[^>]*\son[a-z]+\s*=", re.IGNORECASE)
INLINE_SCRIPT = re.compile(r"<script(?![^>]*\b(?:src|nonce)=)[^>]*>", re.IGNORECASE)


def broken_rules(root: Path) -> Iterator[str]:
    """Every breach as `file: what`."""
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
        yield from addresses(name, text)


def house_files(root: Path) -> list[Path]:
    """Our own text files: those that git tracks or would add, or all files if there is no git."""
    names = _names_by_git(root) or _names_by_walk(root)
    return [root / name for name in sorted(names) if Path(name).suffix in TEXTS and (root / name).is_file()]


def _names_by_git(root: Path) -> set[str]:
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        told = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return set()
    return {name for name in told.split("\0") if name}


def _names_by_walk(root: Path) -> set[str]:
    found = set()
    for folder, folders, files in os.walk(root):
        folders[:] = [name for name in folders if name not in FOREIGN]
        found |= {str(Path(folder, name).relative_to(root)) for name in files}
    return found


def long_file(name: str, text: str) -> Iterator[str]:
    """A file above the limit must be split by topic."""
    lines = text.count("\n")
    if lines > FILE_LINES:
        yield f"{name}: {lines} lines, at most {FILE_LINES}"


def long_functions(name: str, text: str) -> Iterator[str]:
    """A function above the limit, counted from `def` to its last line."""
    for node in ast.walk(ast.parse(text, name)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = node.end_lineno - node.lineno + 1
            if lines > FUNCTION_LINES:
                yield f"{name}:{node.lineno}: {node.name} has {lines} lines, at most {FUNCTION_LINES}"


def scopeless(name: str, text: str) -> Iterator[str]:
    """`scopes_disabled` outside the folders that may read across tenants."""
    if "scopes_disabled" in text and not name.startswith(SCOPELESS):
        yield f"{name}: scopes_disabled is allowed in {', '.join(SCOPELESS)} only"


def inline_code(name: str, text: str) -> Iterator[str]:
    """Code in a template that the content security policy would block."""
    for number, line in enumerate(text.splitlines(), 1):
        if INLINE_HANDLER.search(line) or INLINE_SCRIPT.search(line):
            yield f"{name}:{number}: script in the page is refused by the content security policy"


def addresses(name: str, text: str) -> Iterator[str]:
    """The address of a package index, registry or content delivery network."""
    for address in ADDRESSES:
        if address in text:
            yield f"{name}: names {address}"
    if name == "package-lock.json" and '"resolved"' in text:
        yield f"{name}: holds addresses; .npmrc must keep them out"


if __name__ == "__main__":
    breaches = list(broken_rules(ROOT))
    print("\n".join(breaches)) if breaches else None
    sys.exit(bool(breaches))
