"""`padan run`: the whole job."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from pipelines.commands.options import DAY, FOLDER, crosswalk_of, settings_of
from pipelines.exit_code import ExitCode


@click.command()
@click.option("--inbox", type=FOLDER, help="Folder masukan dinas (inbox).")
@click.option("--home", type=FOLDER, help="Folder kerja: basis data, laporan (home).")
@click.option("--database-url", help="SQLAlchemy URL; bawaan: SQLite di folder kerja.")
@click.option("--as-of", type=DAY, help="Hari perhitungan umur, YYYY-MM-DD; bawaan: tanggal serahan terbaru.")
def run(inbox: Path | None, home: Path | None, database_url: str | None, as_of: Any) -> None:
    """Jalankan seluruh pekerjaan: dari masukan sampai basis data, peta dan laporan."""
    settings = settings_of(inbox=inbox, home=home, database_url=database_url, as_of=as_of.date() if as_of else None)
    if settings.inbox is None or not settings.inbox.is_dir():
        raise click.UsageError("inbox tidak ada: beri --inbox DIR atau PADAN_INBOX (no inbox folder)")
    crosswalk_of(settings)
    from pipelines.whole_job import run_whole_job
    from publishing.errors import PublishingError

    try:
        sys.exit(run_whole_job(settings, click.echo))
    except PublishingError as error:  # its texts hold no values and speak both languages
        click.echo(str(error), err=True)
        sys.exit(ExitCode.NOT_PUBLISHED)
