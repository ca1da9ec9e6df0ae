"""`padan person`: all that is held about one person, and where it came from. The NIK is asked for, never given as an argument."""

from __future__ import annotations

import re
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from pipelines.commands.options import FOLDER, settings_of
from pipelines.exit_code import ExitCode

_BOOKKEEPING = {"row_hash", "valid_from", "valid_to"}


@click.command()
@click.option("--file", "nik_file", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Berkas berisi satu NIK.")
@click.option("--id", "person_id", help="Id orang (P…), juga untuk orang tak terdaftar.")
@click.option("--purpose", prompt="Untuk apa (purpose)", help="Untuk apa Anda melihatnya; dicatat dalam jejak audit.")
@click.option("--home", type=FOLDER)
@click.option("--database-url")
def person(nik_file: Path | None, person_id: str | None, purpose: str, home: Path | None, database_url: str | None) -> None:
    """Semua yang tersimpan tentang satu orang dan asalnya. NIK ditanyakan, atau dibaca dari --file (never an argument)."""
    from publishing.database import open_engine
    from publishing.errors import PublishingError
    from publishing.person_lookup import look_up_person

    settings = settings_of(home=home, database_url=database_url)
    assert settings.database_url is not None
    if not purpose.strip():
        raise click.UsageError("tujuan wajib diisi (a purpose is needed)")
    nik = None if person_id else _asked_nik(nik_file)
    if person_id and re.search(r"\d{16}", person_id):
        raise click.UsageError("beri id orang, bukan NIK: argumen perintah terbaca orang lain (give an id, never a NIK)")
    try:
        found = look_up_person(
            open_engine(settings.database_url),
            nik=nik,
            person_id=person_id,
            actor=settings.user,
            at=datetime.now(UTC).replace(tzinfo=None),
            purpose=purpose.strip(),
        )
    except PublishingError as error:  # its texts hold no values and speak both languages
        click.echo(str(error), err=True)
        sys.exit(ExitCode.NOT_PUBLISHED)
    if found is None:
        raise click.UsageError("tidak ada yang tersimpan tentang orang ini (nothing is held about this person)")
    for line in _told(found.sections, 0 if settings.language == "id" else 1):
        click.echo(line)


def _asked_nik(nik_file: Path | None) -> str:
    """The NIK from the file or the prompt; what is typed is not shown. The error does not repeat it."""
    given = nik_file.read_text(encoding="utf-8") if nik_file else click.prompt("NIK", hide_input=True)
    nik = re.sub(r"[\s.'-]", "", given)
    if not re.fullmatch(r"\d{16}", nik):
        raise click.UsageError("NIK harus 16 angka (a NIK has 16 digits)")
    return nik


def _told(sections: Any, language: int) -> list[str]:
    from publishing.person_lookup import SECTIONS

    lines: list[str] = []
    for name, rows in sections.items():
        lines.append(f"{SECTIONS[name][0][language]}: {len(rows) or '-'}")
        for row in rows:
            told = [f"{column}={value}" for column, value in row.items() if value is not None and column not in _BOOKKEEPING]
            lines.append("  " + "  ".join(told))
    return lines
