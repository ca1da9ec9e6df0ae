"""`padan link` and `padan dedupe`: the linkage engine on any CSV or Parquet, with a specification in YAML."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    import pandas as pd

    from matching import LinkModel, LinkSpec

_TABLE = click.Path(exists=True, dir_okay=False, path_type=Path)
_OUT = click.Path(dir_okay=False, writable=True, path_type=Path)
_FORMATS = (".csv", ".parquet")


@click.command()
@click.argument("left", type=_TABLE)
@click.argument("right", type=_TABLE)
@click.option("--spec", "spec_file", type=_TABLE, required=True, help="Spesifikasi YAML: kolom, aturan blok, perbandingan.")
@click.option("--out", type=_OUT, required=True, help="Hasil, .csv atau .parquet: satu baris per baris LEFT.")
@click.option("--review", type=_OUT, help="Calon yang perlu dilihat orang, .csv atau .parquet.")
@click.option("--model", type=_OUT, help="Bobot (JSON): dipakai bila berkasnya ada, kalau tidak dipelajari dan ditulis ke sini.")
def link(left: Path, right: Path, spec_file: Path, out: Path, review: Path | None, model: Path | None) -> None:
    """Cocokkan dua tabel: baris LEFT yang mana sama dengan baris RIGHT (link any two tables)."""
    import matching

    for path in filter(None, (out, review)):
        _check_format(path)
    spec = _spec(spec_file)
    result = matching.link(_table(left, spec, "left"), _table(right, spec, "right"), spec, _model(model))
    _write(result.links, out)
    if review is not None:
        _write(result.review, review)
    if model is not None and not model.exists():
        model.write_text(result.model.to_json() + "\n", encoding="utf-8")
    counts, precision, recall = result.report.counts, result.report.precision, result.report.recall
    click.echo(", ".join(f"{name} {counts[name]}" for name in ("linked", "review", "unregistered")) + f": {out}")
    click.echo(
        f"estimated precision {precision.share:.4f} ({precision.low:.4f} to {precision.high:.4f}), "
        f"recall {recall.share:.4f} ({recall.low:.4f} to {recall.high:.4f}); weights from {result.model.learned_from}"
    )


@click.command()
@click.argument("table", type=_TABLE)
@click.option("--spec", "spec_file", type=_TABLE, required=True, help="Spesifikasi YAML: kolom, aturan blok, perbandingan.")
@click.option("--out", type=_OUT, required=True, help="Hasil, .csv atau .parquet: id setiap baris dan id kelompoknya.")
@click.option("--pairs", type=_OUT, help="Pasangan yang ditemukan dengan peluangnya, .csv atau .parquet.")
@click.option("--model", type=_OUT, help="Bobot (JSON): dipakai bila berkasnya ada, kalau tidak dipelajari dan ditulis ke sini.")
def dedupe(table: Path, spec_file: Path, out: Path, pairs: Path | None, model: Path | None) -> None:
    """Temukan baris-baris satu tabel yang orangnya sama (rows of one table that are the same person)."""
    import matching

    for path in filter(None, (out, pairs)):
        _check_format(path)
    spec = _spec(spec_file)
    result = matching.dedupe(_table(table, spec, "left"), spec, _model(model))
    _write(result.clusters, out)
    if pairs is not None:
        _write(result.pairs, pairs)
    if model is not None and not model.exists():
        model.write_text(result.model.to_json() + "\n", encoding="utf-8")
    click.echo(f"rows {len(result.clusters)}, persons {result.clusters['cluster_id'].nunique()}: {out}")


def _spec(path: Path) -> LinkSpec:
    from matching.spec_messages import SpecError, read_spec

    try:
        return read_spec(path)
    except SpecError as error:
        raise click.UsageError(str(error)) from None


def _table(path: Path, spec: LinkSpec, side: str) -> pd.DataFrame:
    """A table of text columns (CSV) or as it is (Parquet), with all columns that the spec names and an id on every row."""
    from matching.spec_messages import missing_columns
    from pipelines.frames import parquet_table

    _check_format(path)
    try:
        frame: pd.DataFrame = parquet_table(path).to_pandas() if path.suffix == ".parquet" else _csv(path)
    except (ValueError, OSError):  # their texts quote cells
        raise click.UsageError(f"{path}: not readable as {path.suffix.removeprefix('.')}") from None
    if missing := missing_columns(list(frame.columns), spec, side):
        raise click.UsageError(
            f"{path}: no column {', '.join(missing)}, which the specification names; there are {', '.join(map(str, frame))}"
        )
    ids = frame[spec.left_id if side == "left" else spec.right_id]
    if ids.isna().any() or ids.duplicated().any():
        problem = f"{int(ids.isna().sum())} empty, {int(ids.dropna().duplicated().sum())} repeated"
        raise click.UsageError(f"{path}: column {ids.name} must name each row once, but has values that are {problem}")
    return frame


def _csv(path: Path) -> pd.DataFrame:
    import pandas as pd

    with path.open(encoding="utf-8-sig") as stream:
        header = stream.readline()
    separator = max(",;\t|", key=header.count)
    return pd.read_csv(path, sep=separator, dtype="string[pyarrow]", encoding="utf-8-sig", keep_default_na=False, na_values=[""])


def _model(path: Path | None) -> LinkModel | None:
    from matching import LinkModel

    if path is None or not path.exists():
        return None
    try:
        return LinkModel.from_json(path.read_text(encoding="utf-8"))
    except (ValueError, KeyError, TypeError) as error:
        raise click.UsageError(f"{path}: {error}") from None


def _check_format(path: Path) -> None:
    if path.suffix not in _FORMATS:
        raise click.UsageError(f"{path}: tables are {' or '.join(_FORMATS)}")


def _write(frame: pd.DataFrame, path: Path) -> None:
    """The whole file or none."""
    unfinished = path.with_name(f".{path.name}.part")
    if path.suffix == ".parquet":
        frame.to_parquet(unfinished, index=False)
    else:
        frame.to_csv(unfinished, index=False)
    unfinished.replace(path)
