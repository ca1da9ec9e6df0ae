"""`padan check`: what would happen to one spreadsheet."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import Any

import click

from pipelines.commands.options import DAY, crosswalk_of, settings_of
from pipelines.exit_code import ExitCode


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--source", help="Id kontrak sumber; tanpa ini ditebak dari judul kolom.")
@click.option("--as-of", type=DAY, help="Hari perhitungan, YYYY-MM-DD; bawaan: hari ini.")
def check(file: Path, source: str | None, as_of: Any) -> None:
    """Periksa satu lembar kerja tanpa menyimpan apa pun; keluar dengan 1 bila akan ditolak."""
    import intake
    from schemas.areas import load_areas
    from schemas.contracts import load_contracts

    settings = settings_of()
    contracts = load_contracts(settings.contracts)
    if source is not None and source not in contracts:
        raise click.UsageError(f"sumber {source} tidak ada; yang ada: {', '.join(contracts)}")
    report = intake.check_file(
        file,
        contracts[source] if source else None,
        contracts=contracts,
        areas=load_areas(settings.areas, regency=settings.regency),
        regency=settings.regency,
        crosswalk=crosswalk_of(settings),
        as_of=as_of.date() if as_of else date.today(),  # noqa: DTZ011 - an officer's own day
    )
    click.echo(report.as_text(settings.language))
    sys.exit(ExitCode.REFUSED if report.refused else ExitCode.DONE)
