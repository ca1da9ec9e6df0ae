"""`padan quarantine`: rows that were set aside go to their offices, and come back corrected."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click
import pandas as pd

from pipelines.commands.options import FOLDER, crosswalk_of, settings_of
from pipelines.exit_code import ExitCode
from pipelines.frames import read_frame

if TYPE_CHECKING:
    from intake import DeliveryStore

_SENT_TWICE = "duplicate_file"
_TEXTS = {
    "id": {
        "nothing": "tidak ada kasus terbuka",
        "written": "{path}: {cases} baris, {refused} berkas ditolak",
        "waiting": "{count} baris sudah diperbaiki dan menunggu `padan run`",
        "taken": "{count} baris diperbaiki; dipakai mulai `padan run` berikutnya",
        "already": "{count} baris sudah pernah diperbaiki dengan isi yang sama",
        "unchanged": "{count} baris tidak diubah, kasusnya tetap terbuka",
        "problems": "{count} baris tidak dapat diterima:",
        "problem": "  {sheet}, baris {row}: {message}",
    },
    "en": {
        "nothing": "there are no open cases",
        "written": "{path}: {cases} rows, {refused} refused files",
        "waiting": "{count} rows are corrected and wait for `padan run`",
        "taken": "{count} rows corrected; used from the next `padan run` on",
        "already": "{count} rows were corrected in the same way before",
        "unchanged": "{count} rows were not changed; their cases stay open",
        "problems": "{count} rows can't be taken:",
        "problem": "  {sheet}, row {row}: {message}",
    },
}


@click.group()
def quarantine() -> None:
    """Baris karantina: ekspor ke dinas, impor perbaikannya (quarantined rows: export, import)."""


@quarantine.command("export")
@click.option("--home", type=FOLDER)
@click.option("--out", type=FOLDER, help="Folder tujuan; bawaan: quarantine di folder kerja.")
@click.option("--source", help="Hanya sumber ini.")
def quarantine_export(home: Path | None, out: Path | None, source: str | None) -> None:
    """Tulis satu workbook per sumber berisi baris yang perlu diperbaiki dinas."""
    from intake.delivery_store import DeliveryStore, private_folder
    from publishing.quarantine_workbooks import write_quarantine_workbook
    from schemas.contracts import load_contracts

    settings = settings_of(home=home)
    words = _TEXTS[settings.language]
    folder = out or settings.home / "quarantine"
    store = DeliveryStore.of_home(settings.home)
    written = waiting = 0
    for name, contract in load_contracts(settings.contracts).items():
        if source not in {None, name} or not (settings.home / "frames" / "quarantine" / f"{name}.parquet").is_file():
            continue
        aside = read_frame(settings.home, f"quarantine/{name}")
        refused = aside[(aside["disposition"] == "delivery_refused") & (aside["reason"] != _SENT_TWICE)]
        cases = _unanswered_cases(settings.home, name, aside)
        corrected = cases["case_id"].isin(_corrected_cases(store))
        waiting += int(corrected.sum())
        cases = cases[~corrected]
        if cases.empty and refused.empty:
            continue
        private_folder(folder)
        path = folder / f"{name}.xlsx"
        write_quarantine_workbook(
            path,
            office=contract.office,
            title=getattr(contract.title, settings.language),
            cases=cases,
            refused=refused,
            headers=read_frame(settings.home, f"headers/{name}"),
            language=settings.language,
        )
        written += 1
        click.echo(words["written"].format(path=path, cases=len(cases), refused=len(refused)))
    if waiting:
        click.echo(words["waiting"].format(count=waiting))
    if not written:
        click.echo(words["nothing"])


def _unanswered_cases(home: Path, source: str, aside: pd.DataFrame) -> pd.DataFrame:
    """The cases of a source that no newer delivery has answered."""
    from intake.quarantine_cases import answered_by_newer, cases_of

    deliveries = read_frame(home, "deliveries")
    cases = cases_of(aside, deliveries)
    records = read_frame(home, f"records/{source}")
    if cases.empty or "nik" not in records:
        return cases
    return cases[~answered_by_newer(cases, aside, records, deliveries)]


def _corrected_cases(store: DeliveryStore) -> set[str]:
    from intake.corrections import correction_receipts

    return {row.case_id for receipt in correction_receipts(store) for row in receipt.rows}


@quarantine.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--home", type=FOLDER)
def quarantine_import(file: Path, home: Path | None) -> None:
    """Ambil perbaikan dari workbook yang dikembalikan dinas; keluar dengan 1 bila ada baris yang tidak dapat diterima."""
    from intake import DeliveryStore, intake_setup
    from intake.correction_import import import_corrections
    from intake.isolation import WorkerPool
    from intake.returned_workbook import NotACorrectionWorkbook
    from schemas.areas import load_areas
    from schemas.contracts import load_contracts

    settings = settings_of(home=home)
    words = _TEXTS[settings.language]
    contracts = load_contracts(settings.contracts)
    deliveries = read_frame(settings.home, "deliveries")
    sources = [name for name in contracts if (settings.home / "frames" / "quarantine" / f"{name}.parquet").is_file()]
    cases = [_unanswered_cases(settings.home, name, read_frame(settings.home, f"quarantine/{name}")) for name in sources]
    if not cases:
        raise click.UsageError(words["nothing"])
    areas = load_areas(settings.areas, regency=settings.regency)
    newest = deliveries["delivered_on"].max()
    as_of = settings.as_of or (datetime.now(UTC).date() if pd.isna(newest) else pd.Timestamp(newest).date())
    setup = intake_setup(contracts, areas, b"a trial keeps nothing", regency=settings.regency, crosswalk=crosswalk_of(settings))
    with WorkerPool(setup) as pool:
        try:
            outcome = import_corrections(
                file,
                DeliveryStore.of_home(settings.home),
                pd.concat(cases, ignore_index=True),
                deliveries,
                contracts,
                pool,
                by=settings.user,
                at=datetime.now(UTC),
                as_of=as_of,
            )
        except NotACorrectionWorkbook as error:
            raise click.UsageError(getattr(error.text, settings.language)) from None
    click.echo(words["taken"].format(count=outcome.taken))
    counts = {"already": outcome.already, "unchanged": outcome.unchanged, "problems": len(outcome.problems)}
    for key, count in counts.items():
        if count:
            click.echo(words[key].format(count=count))
    for problem in outcome.problems:
        message = getattr(problem.message, settings.language)
        click.echo(words["problem"].format(sheet=problem.sheet, row=problem.row, message=message))
    sys.exit(ExitCode.REFUSED if outcome.problems else ExitCode.DONE)
