"""Compile every template, so that a wrong tag or a missing library is found before a page is requested."""

import os
import sys
from pathlib import Path

import django
from django.template import TemplateSyntaxError, engines

ROOT = Path(__file__).resolve().parent.parent


def broken_templates(folder: Path) -> list[str]:
    """Each template that does not compile, with the reason."""
    engine, broken = engines["django"], []
    for file in sorted(folder.rglob("*.*")):
        if file.suffix not in {".html", ".txt", ".xml", ".js"}:
            continue
        try:
            engine.get_template(str(file.relative_to(folder)))
        except (TemplateSyntaxError, UnicodeDecodeError) as error:
            broken.append(f"{file.relative_to(folder)}: {error}")
    return broken


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "governance.settings")
    django.setup()
    found = broken_templates(ROOT / "templates")
    print("\n".join(found)) if found else None
    sys.exit(bool(found))
