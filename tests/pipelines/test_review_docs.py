"""The commands of the guides are commands that there are, with the options that they have; tables and messages too."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import pytest

from pipelines.cli import cli
from publishing.texts import TEXTS
from schemas import tables

DOCS = Path(__file__).parents[2] / "docs"
PAGES = ("review.md", "meninjau-kasus.md", "panduan-petugas.md")
COMMANDS = [
    pytest.param(line.removeprefix("$ "), id=f"{page}: {line[:60]}")
    for page in PAGES
    for line in (DOCS / page).read_text(encoding="utf-8").splitlines()
    if line.startswith("$ padan ")
]


def test_the_pages_hold_commands() -> None:
    assert len(COMMANDS) >= 10


@pytest.mark.parametrize("line", COMMANDS)
def test_each_command_of_the_pages_can_be_typed(line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Prevents a guide whose third line is *no such option*. Files that the line names are made first."""
    _, *words = shlex.split(line)
    monkeypatch.chdir(tmp_path)
    for word in words:
        if re.search(r"\.(xlsx|xls|csv|parquet|yaml)$", word):
            (tmp_path / word).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / word).touch()
    command: click.Command = cli
    context = click.Context(cli)
    while isinstance(command, click.Group):
        name, command, words = command.resolve_command(context, words)
        assert name is not None
    command.make_context(name, list(words), parent=context)


def test_the_officers_guide_knows_the_messages() -> None:
    """Each message that an import can end with stands in the guide's table, in the words that it has."""
    guide = " ".join((DOCS / "meninjau-kasus.md").read_text(encoding="utf-8").split())
    quoted = [
        text.replace("Kasus!C16", "{other}").replace("Kasus 7", "Kasus {case}").rstrip("… ")
        for text in re.findall(r"^\*|\| \*([^*]+)\* \|", guide)
        if text
    ]
    messages = {key: TEXTS[key][0] for key in TEXTS if key.startswith("review.reading.")}
    for text in quoted:
        assert any(text in message for message in messages.values()), text
    assert len(quoted) >= 6


def test_the_ledger_is_described() -> None:
    page = (DOCS / "review.md").read_text(encoding="utf-8")
    assert "review_decision" in page
    assert "review_decision" in tables.METADATA.tables
