"""`padan simulate` and `padan evaluate`: a regency whose truth is known, and how well the last run found it."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import click

from pipelines.commands.options import DAY, FOLDER, settings_of


@click.command()
@click.argument("directory", type=FOLDER)
@click.option("--people", type=click.IntRange(min=1), required=True, help="Jumlah penduduk.")
@click.option("--records", type=click.IntRange(min=1), help="Jumlah baris dinas; bawaan: sepertiga penduduk.")
@click.option("--villages", help="Kode desa dipisah koma, mis. 35.10.01.2001,35.10.05.2003.")
@click.option("--population-book", help="Kode desa yang registernya berupa buku induk penduduk (BIP), dipisah koma.")
@click.option("--as-of", type=DAY, default="2026-10-01", show_default=True)
@click.option("--format", "file_format", type=click.Choice(["xlsx", "csv"]), default="xlsx", show_default=True)
@click.option("--seed", type=int, required=True)
def simulate(
    directory: Path,
    people: int,
    records: int | None,
    villages: str | None,
    population_book: str | None,
    as_of: Any,
    file_format: Literal["xlsx", "csv"],
    seed: int,
) -> None:
    """Tulis kabupaten tiruan dengan kebenaran yang diketahui (DIR/inbox, DIR/reference, DIR/truth)."""
    import simulation

    try:
        summary = simulation.simulate(
            directory,
            people=people,
            records=records,
            villages=_codes(villages) or None,
            as_of=as_of.date(),
            file_format=file_format,
            seed=seed,
            population_book=_codes(population_book),
        )
    except (ValueError, FileExistsError) as error:
        raise click.UsageError(str(error)) from None
    _write_approximate_boundaries(directory / "reference")
    rows = ", ".join(f"{source} {count}" for source, count in summary.records.items())
    click.echo(
        f"{summary.people} penduduk, {summary.families} keluarga, {summary.houses} rumah di {summary.villages} desa; "
        f"{summary.files} berkas: dukcapil_population {summary.register_rows}, {rows}; {summary.unregistered_people} orang tidak terdaftar"
    )


def _codes(text: str | None) -> list[str]:
    return [code.strip() for code in text.split(",")] if text else []


def _write_approximate_boundaries(reference: Path) -> None:
    """Approximate boundaries of the reference villages, as a GeoJSON that `PADAN_BOUNDARIES` reads."""
    import pandas as pd

    from geocoding.boundaries import load_boundaries
    from schemas.areas import BANYUWANGI, load_areas

    villages = pd.read_csv(reference / "villages.csv", dtype=str)["area_code"]
    boundaries = load_boundaries(None, load_areas(), BANYUWANGI)
    shapes = boundaries.villages[boundaries.villages["area_code"].isin(villages)].assign(approximate=True, note=boundaries.label_en)
    (reference / "approximate_boundaries.geojson").write_text(shapes.to_json(drop_id=True) + "\n", encoding="utf-8")


@click.command()
@click.option("--truth", type=FOLDER, required=True, help="Folder kebenaran dari `padan simulate`.")
@click.option("--home", type=FOLDER)
def evaluate(truth: Path, home: Path | None) -> None:
    """Ukur tautan lari terakhir terhadap kebenaran: presisi, recall, F1, per sumber dan jenis kerusakan."""
    from pipelines.evaluation import evaluate_home

    try:
        table = evaluate_home(settings_of(home=home).home, truth)
    except FileNotFoundError as error:
        raise click.UsageError(str(error)) from None
    click.echo(table.to_string(index=False, float_format=lambda value: f"{value:.4f}"))
