"""The command `padan`. What it ends with: see `pipelines.exit_code`."""

from __future__ import annotations

import os
import sys
from datetime import date
from pathlib import Path
from typing import Any, Literal

import click

from pipelines.exit_code import ExitCode
from pipelines.settings import Settings
from schemas.redaction import install_redaction

FOLDER = click.Path(file_okay=False, path_type=Path)
DAY = click.DateTime(["%Y-%m-%d"])


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(package_name="padan")
def cli() -> None:
    """Padan: satu basis data keluarga miskin dari lembar kerja dinas (one poor-family database from the offices' spreadsheets)."""
    install_redaction()


def _settings(**given: Any) -> Settings:
    """Flags over environment over `.env`; as environment variables too, for Dagster's other processes."""
    settings = Settings(**{name: value for name, value in given.items() if value is not None}).resolved()
    os.environ.update(settings.as_environment())
    return settings


@cli.command()
@click.option("--inbox", type=FOLDER, help="Folder masukan dinas (inbox).")
@click.option("--home", type=FOLDER, help="Folder kerja: basis data, laporan (home).")
@click.option("--database-url", help="SQLAlchemy URL; bawaan: SQLite di folder kerja.")
@click.option("--as-of", type=DAY, help="Hari perhitungan umur, YYYY-MM-DD; bawaan: tanggal serahan terbaru.")
def run(inbox: Path | None, home: Path | None, database_url: str | None, as_of: Any) -> None:
    """Jalankan seluruh pekerjaan: dari masukan sampai basis data, peta dan laporan."""
    settings = _settings(inbox=inbox, home=home, database_url=database_url, as_of=as_of.date() if as_of else None)
    if settings.inbox is None or not settings.inbox.is_dir():
        raise click.UsageError("inbox tidak ada: beri --inbox DIR atau PADAN_INBOX (no inbox folder)")
    from pipelines.whole_job import run_whole_job
    from publishing.errors import PublishingError

    try:
        sys.exit(run_whole_job(settings, click.echo))
    except PublishingError as error:  # its texts hold no values and speak both languages
        click.echo(str(error), err=True)
        sys.exit(ExitCode.NOT_PUBLISHED)


@cli.command()
@click.argument("directory", type=FOLDER)
@click.option("--people", type=click.IntRange(min=1), required=True, help="Jumlah penduduk.")
@click.option("--records", type=click.IntRange(min=1), help="Jumlah baris dinas; bawaan: sepertiga penduduk.")
@click.option("--villages", help="Kode desa dipisah koma, mis. 35.10.01.2001,35.10.05.2003.")
@click.option("--as-of", type=DAY, default="2026-10-01", show_default=True)
@click.option("--format", "file_format", type=click.Choice(["xlsx", "csv"]), default="xlsx", show_default=True)
@click.option("--seed", type=int, required=True)
def simulate(
    directory: Path, people: int, records: int | None, villages: str | None, as_of: Any, file_format: Literal["xlsx", "csv"], seed: int
) -> None:
    """Tulis kabupaten tiruan dengan kebenaran yang diketahui (DIR/inbox, DIR/reference, DIR/truth)."""
    import simulation

    codes = [code.strip() for code in villages.split(",")] if villages else None
    try:
        summary = simulation.simulate(
            directory, people=people, records=records, villages=codes, as_of=as_of.date(), file_format=file_format, seed=seed
        )
    except (ValueError, FileExistsError) as error:
        raise click.UsageError(str(error)) from None
    _write_approximate_boundaries(directory / "reference")
    rows = ", ".join(f"{source} {count}" for source, count in summary.records.items())
    click.echo(
        f"{summary.people} penduduk, {summary.families} keluarga, {summary.houses} rumah di {summary.villages} desa; "
        f"{summary.files} berkas: dukcapil_population {summary.register_rows}, {rows}; {summary.unregistered_people} orang tidak terdaftar"
    )


def _write_approximate_boundaries(reference: Path) -> None:
    """Approximate boundaries of the reference villages, as a GeoJSON that `PADAN_BOUNDARIES` reads."""
    import pandas as pd

    from geocoding.boundaries import load_boundaries
    from schemas.areas import BANYUWANGI, load_areas

    villages = pd.read_csv(reference / "villages.csv", dtype=str)["area_code"]
    boundaries = load_boundaries(None, load_areas(), BANYUWANGI)
    shapes = boundaries.villages[boundaries.villages["area_code"].isin(villages)].assign(approximate=True, note=boundaries.label_en)
    (reference / "approximate_boundaries.geojson").write_text(shapes.to_json(drop_id=True) + "\n", encoding="utf-8")


@cli.command()
@click.option("--truth", type=FOLDER, required=True, help="Folder kebenaran dari `padan simulate`.")
@click.option("--home", type=FOLDER)
def evaluate(truth: Path, home: Path | None) -> None:
    """Ukur tautan lari terakhir terhadap kebenaran: presisi, recall, F1, per sumber dan jenis kerusakan."""
    from pipelines.evaluation import evaluate_home

    try:
        table = evaluate_home(_settings(home=home).home, truth)
    except FileNotFoundError as error:
        raise click.UsageError(str(error)) from None
    click.echo(table.to_string(index=False, float_format=lambda value: f"{value:.4f}"))


@cli.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--source", help="Id kontrak sumber; tanpa ini ditebak dari judul kolom.")
@click.option("--as-of", type=DAY, help="Hari perhitungan, YYYY-MM-DD; bawaan: hari ini.")
def check(file: Path, source: str | None, as_of: Any) -> None:
    """Periksa satu lembar kerja tanpa menyimpan apa pun; keluar dengan 1 bila akan ditolak."""
    import intake
    from schemas.areas import load_areas
    from schemas.contracts import load_contracts

    settings = _settings()
    contracts = load_contracts(settings.contracts)
    if source is not None and source not in contracts:
        raise click.UsageError(f"sumber {source} tidak ada; yang ada: {', '.join(contracts)}")
    report = intake.check_file(
        file,
        contracts[source] if source else None,
        contracts=contracts,
        areas=load_areas(settings.areas, regency=settings.regency),
        as_of=as_of.date() if as_of else date.today(),  # noqa: DTZ011 - an officer's own day
    )
    click.echo(report.as_text(settings.language))
    sys.exit(ExitCode.REFUSED if report.refused else ExitCode.DONE)


@cli.group()
def database() -> None:
    """Basis data: buat, perbarui, periksa (create, upgrade, check)."""


@database.command("upgrade")
@click.option("--database-url")
@click.option("--home", type=FOLDER)
def database_upgrade(database_url: str | None, home: Path | None) -> None:
    """Perbarui skema basis data ke versi program ini."""
    from assets.workspace import prepare_home
    from publishing import database as store

    settings = _settings(database_url=database_url, home=home)
    prepare_home(settings.home)
    assert settings.database_url is not None
    engine = store.open_engine(settings.database_url)
    store.upgrade(engine)
    click.echo(f"skema {store.revision(engine)}")


@database.command("check")
@click.option("--database-url")
@click.option("--home", type=FOLDER)
def database_check(database_url: str | None, home: Path | None) -> None:
    """Periksa versi skema dan keutuhan basis data."""
    from publishing import database as store

    settings = _settings(database_url=database_url, home=home)
    assert settings.database_url is not None
    problems = store.check(store.open_engine(settings.database_url))
    click.echo("\n".join(problems) if problems else "basis data utuh dan mutakhir")
    sys.exit(ExitCode.NOT_PUBLISHED if problems else ExitCode.DONE)


def main() -> None:
    """Entry point: usage errors end with 3, so that 1 and 2 keep their meaning."""
    try:
        cli.main(standalone_mode=False)
    except click.exceptions.Abort:
        sys.exit(ExitCode.WRONG_USAGE)
    except click.ClickException as error:
        error.show()
        sys.exit(ExitCode.WRONG_USAGE)


if __name__ == "__main__":
    main()
