"""Pages that stand alone: one HTML file each, opened from a disk, with no network, on any machine of any office.

Styles and scripts are put into the page; a content security policy in it forbids everything that would come from elsewhere.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from publishing.language import Language

TEMPLATES = Path(__file__).parent / "templates"


def render_page(template: str, language: Language, **values: Any) -> str:
    """A page from a template of `publishing/templates`, everything in it escaped, with `t` for its texts.

    Raises an error for a value that the template names and nobody gave.
    """
    page = _environment().get_template(template).render(language=language, t=language.text, **values)
    return re.sub(r"\n\s*\n+", "\n", page).strip() + "\n"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.globals["asset"] = _asset
    return environment


def _asset(name: str) -> Markup:
    """A style or script file, word for word; these are the project's own files, so nothing in them is escaped."""
    return Markup((TEMPLATES / name).read_text(encoding="utf-8"))  # noqa: S704 - own file, no user input


def write_page(folder: Path, name: str, page: str) -> Path:
    """Write a page as `<folder>/<name>.html`; it appears whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    final = folder / f"{name}.html"
    unfinished = folder / f"{name}.html.part"
    unfinished.write_text(page, encoding="utf-8")
    return unfinished.replace(final)
