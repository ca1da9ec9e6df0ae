"""`padan contract`: describing a new office's list."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import click

from pipelines.commands.options import crosswalk_of, settings_of
from pipelines.exit_code import ExitCode

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def contract() -> None:
    """Kontrak sumber: rancang, periksa, skema (source contracts: new, check, columns, schema)."""


@contract.command("new")
@click.argument("file", type=_FILE)
@click.option("--source", help="Id sumber, huruf kecil dan garis bawah; bawaan: dari nama berkas.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Berkas YAML; bawaan: PADAN_CONTRACTS/sources/ID.yaml.")
def contract_new(file: Path, source: str | None, out: Path | None) -> None:
    """Rancang kontrak dari sebuah lembar kerja; yang tidak pasti ditandai PERIKSA."""
    from intake import intake_setup
    from intake.file_job import DraftJob
    from intake.isolation import Limits, WorkerPool
    from intake.messages import message
    from schemas.areas import load_areas
    from schemas.contracts import load_contract, load_contracts

    settings = settings_of()
    indonesian = settings.language == "id"
    name = source or _id_from(file)
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
        raise click.UsageError("--source: hanya huruf kecil, angka dan garis bawah (small letters, digits, underscores)")
    target = out or (settings.contracts / "sources" if settings.contracts else Path()) / f"{name}.yaml"
    if target.exists():
        raise click.UsageError(f"{target} sudah ada (exists already)")
    areas = load_areas(settings.areas, regency=settings.regency)
    setup = intake_setup(load_contracts(), areas, b"", regency=settings.regency, crosswalk=crosswalk_of(settings))
    with WorkerPool(setup, forked=True) as pool:
        (outcome,) = pool.run_all([DraftJob(file.resolve(), name, settings.language)])
    if outcome.report is None or "refused" in outcome.report:
        code, facts = (outcome.failure or "reader_crashed", {"seconds": Limits().seconds})
        if outcome.report is not None:
            code, facts = outcome.report["refused"], outcome.report["facts"]
        text = message(code, **facts)
        click.echo(text.id if indonesian else text.en, err=True)
        sys.exit(ExitCode.REFUSED)
    if outcome.report["yaml"] is None:
        click.echo("tidak ada judul kolom yang dikenali" if indonesian else "no header was recognised", err=True)
        sys.exit(ExitCode.REFUSED)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(outcome.report["yaml"], encoding="utf-8")
    load_contract(target)
    marks = outcome.report["yaml"].count("# PERIKSA:" if indonesian else "# CHECK:")
    click.echo(
        f"{target}: {marks} tempat bertanda PERIKSA; sesudah itu: padan contract check {target}"
        if indonesian
        else f"{target}: {marks} places marked CHECK; after that: padan contract check {target}"
    )


def _id_from(file: Path) -> str:
    plain = re.sub(r"[^a-z0-9]+", "_", file.stem.casefold()).strip("_")
    return plain if plain[:1].isalpha() else f"daftar_{plain}".strip("_")


@contract.command("check")
@click.argument("file", type=_FILE)
def contract_check(file: Path) -> None:
    """Periksa satu kontrak; keluar dengan 1 bila ada kesalahan."""
    from schemas.contracts import ContractError, load_contract

    language = settings_of().language
    try:
        found = load_contract(file)
    except ContractError as error:
        click.echo(error.text(language), err=True)
        sys.exit(ExitCode.REFUSED)
    columns = sum(len(table.all_columns) for table in found.mentions)
    marks = len(re.findall(r"# (?:PERIKSA|CHECK):", file.read_text(encoding="utf-8")))
    if language == "id":
        left = f"; {marks} tempat masih bertanda PERIKSA" if marks else ""
        click.echo(f"{file.name}: baik ({found.id}, {len(found.tables)} tabel, {columns} kolom){left}")
    else:
        left = f"; {marks} places are still marked CHECK" if marks else ""
        click.echo(f"{file.name}: good ({found.id}, {len(found.tables)} tables, {columns} columns){left}")


@contract.command("columns")
def contract_columns() -> None:
    """Daftar kolom kanonik yang boleh dipakai dalam kontrak."""
    from schemas.canonical import BY_NAME, INPUT_ONLY_COLUMNS, INPUT_ONLY_TITLES

    indonesian = settings_of().language == "id"
    for name, column in BY_NAME.items():
        allowed = f" [{column.code_list}]" if column.code_list else ""
        click.echo(f"{name:<24} {column.title_id if indonesian else column.description}{allowed}")
    for name, description in INPUT_ONLY_COLUMNS.items():
        click.echo(f"{name:<24} {INPUT_ONLY_TITLES[name] if indonesian else description}")


@contract.command("schema")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Berkas tujuan; tanpa ini ke layar.")
def contract_schema(out: Path | None) -> None:
    """JSON Schema kontrak, untuk penyunting YAML."""
    from schemas.contract_schema import schema_text

    if out is None:
        click.echo(schema_text(), nl=False)
    else:
        out.write_text(schema_text(), encoding="utf-8")
