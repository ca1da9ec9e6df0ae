"""The page *Add an office in ten minutes*, followed literally in both languages: its commands are run, its file is saved, its changes are
made. Prevents a guide that leads somewhere else than the program does."""

from __future__ import annotations

import os
import re
import shlex
import sqlite3
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from integration_places import ROOT, forked_padan, made_place

BLOCK = re.compile(r"```(sh|csv|diff|text)\n(.*?)\n```", re.DOTALL)
SHELL_SIGNS = "|&;<>()$`*?[]~"
CONTRACT = Path("kontrak/sources/provinsi_pkh_plus.yaml")


@dataclass(frozen=True)
class Followed:
    """What came of a page: its folder, and what each command printed, with how it ended."""

    folder: Path
    outputs: dict[str, tuple[int, str]]


def follow(page: Path, folder: Path, *, until: str | None = None) -> Followed:
    """Do what the page says, in its order; a command that begins with `until` is the last one not done."""
    made_place(folder)
    (folder / "padan").write_text(f'#!/bin/sh\nexec {sys.executable} -c "from pipelines.cli import main; main()" "$@"\n', encoding="utf-8")
    (folder / "padan").chmod(0o700)
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PADAN_", "DAGSTER_"))}
    environment |= {"PATH": f"{folder}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT), "DAGSTER_HOME": str(folder / "dagster")}
    outputs: dict[str, tuple[int, str]] = {}
    for kind, text in BLOCK.findall(page.read_text(encoding="utf-8")):
        if kind == "csv":
            (folder / "pkh_plus.csv").write_text(f"{text}\n", encoding="utf-8")
        elif kind == "diff":
            change(folder / CONTRACT, text.splitlines())
        elif kind == "text":
            assert next(reversed(outputs.values()))[1].strip() == text.strip(), "the page shows what the command prints"
        else:
            for command in text.splitlines():
                if until is not None and command.startswith(until):
                    return Followed(folder, outputs)
                if command.startswith("export "):
                    environment |= dict(part.split("=", 1) for part in command.removeprefix("export ").split())
                    continue
                done = command_done(command, folder, environment)
                assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
                outputs[command] = (done.returncode, done.stdout)
    return Followed(folder, outputs)


def command_done(command: str, folder: Path, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """What a line of a page does: `padan` without its imports where the line is nothing but its words, else by the shell."""
    words = shlex.split(command)
    if words[0] == "padan" and not set(command) & set(SHELL_SIGNS):
        return forked_padan(words[1:], folder, environment)
    return subprocess.run(["sh", "-c", command], cwd=folder, env=environment, capture_output=True, text=True, check=False)


def change(path: Path, lines: list[str]) -> None:
    """Take away the lines that begin with `-`, write those that begin with `+` in their place."""
    text = path.read_text(encoding="utf-8")
    old: str | None = None
    for line in lines:
        if line.startswith("-"):
            old = line[1:]
            assert text.count(f"{old}\n") == 1, f"the draft has no line {old!r}"
        else:
            assert old is not None
            text = text.replace(f"{old}\n", f"{line[1:]}\n")
    path.write_text(text, encoding="utf-8")


def test_the_new_offices_records_are_in_the_published_database(tmp_path: Path) -> None:
    followed = follow(ROOT / "docs" / "menambah-dinas.md", tmp_path)
    with sqlite3.connect(tmp_path / "kerja" / "padan.sqlite") as connection:
        count = "SELECT count(*) FROM source_record WHERE source = 'provinsi_pkh_plus'"
        assert connection.execute(count).fetchone() == (5,)
        aid = "SELECT count(*) FROM source_record r JOIN person_link l ON l.record_id = r.record_id WHERE r.programme = 'pkh_plus'"
        assert connection.execute(aid).fetchone() == (5,)
        aside = "SELECT reason FROM quarantined_row WHERE delivery_id LIKE 'provinsi_pkh_plus/%' AND disposition = 'quarantined'"
        assert connection.execute(aside).fetchall() == [("required_value_missing",)]
    assert "berlaku" in followed.outputs["padan delivery list --source provinsi_pkh_plus"][1]
    assert "PERIKSA" not in followed.outputs["padan contract check kontrak/sources/provinsi_pkh_plus.yaml"][1], "every mark was settled"


def test_the_english_page_leads_to_the_same_contract(tmp_path: Path) -> None:
    """The run itself is the same as that of the Indonesian page, so this one ends before it."""
    followed = follow(ROOT / "docs" / "add-an-office.md", tmp_path, until="padan run")
    assert "good (provinsi_pkh_plus, 1 tables, 14 columns)" in followed.outputs[f"padan contract check {CONTRACT}"][1]


def test_both_pages_say_the_same_commands() -> None:
    pages = [(ROOT / "docs" / name).read_text(encoding="utf-8") for name in ("menambah-dinas.md", "add-an-office.md")]
    commands = [
        [line for kind, text in BLOCK.findall(page) if kind == "sh" for line in text.splitlines() if "PADAN_LANGUAGE" not in line]
        for page in pages
    ]
    assert commands[0] == commands[1]
