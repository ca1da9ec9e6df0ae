"""Intake: the offices' files become typed records, and every row that is not a record is set aside with a reason.

One multi-asset per source contract, from one factory: `raw/<source>` (lossless), `records/<source>` (typed), `quarantine/<source>`
(all other rows) and `conservation/<source>` (the proof that no row was lost).
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import dagster as dg
import pandas as pd

import intake
from assets.boundary import redacted
from assets.description import OWNER, counts_of, frame_metadata
from assets.reading import Reading
from assets.standing import Event, StandingSource
from assets.workspace import Workspace
from intake.parsed_files import OF_THE_MOMENT
from schemas.canonical import TEXT
from schemas.cell_layouts import read_layout
from schemas.contracts import SourceContract
from schemas.expectation_days import DayLimit, day_limits
from schemas.expectations import ExpectationBase, ExpectationResult
from schemas.expectations_canonical import all_expectations

CONSERVATION_CHECK = "row_conservation"
SUMMARY_CHECK = "expectations"
JUDGED = ("breaks_expectation", "expectation_failed")
"""Reasons of quarantine and refusal that an expectation gave."""
HEADER_COLUMNS = ["source", "delivery_id", "file", "sheet", "table", "letter", "header", "canonical", "proposal"]


@dg.asset(
    group_name="intake",
    owners=[OWNER],
    kinds={"pandas"},
    description="Berkas yang diserahkan dinas. Every file received and not withdrawn, by source and delivery, with its fingerprint.",
)
@redacted
def deliveries(context: dg.AssetExecutionContext, workspace: Workspace) -> dg.Output[pd.DataFrame]:
    """Take the inbox into the store of deliveries and list what may speak; the clock is read for the receipts alone."""
    if workspace.inbox is None:
        raise dg.Failure("no inbox: give `padan run --inbox DIR` or set PADAN_INBOX", allow_retries=False)
    found = intake.receive(Path(workspace.inbox), workspace.delivery_store, workspace.contracts, by=workspace.user, at=datetime.now(UTC))
    context.log.info(f"{found['delivery_id'].nunique()} deliveries, {len(found)} files")
    return dg.Output(
        found, metadata=frame_metadata(found, numbers={"deliveries": found["delivery_id"].nunique(), "bytes": int(found["bytes"].sum())})
    )


def intake_assets(contract: SourceContract) -> dg.AssetsDefinition:
    """The assets of one source, made from its contract."""
    expectations = all_expectations(contract)
    gates = [expectation for expectation in expectations if expectation.severity in ("delivery", "publication")]
    records_key = dg.AssetKey(["records", contract.id])
    quarantine_key = dg.AssetKey(["quarantine", contract.id])

    def out(kind: str, what: str) -> dg.AssetOut:
        return dg.AssetOut(
            key=dg.AssetKey([kind, contract.id]),
            description=f"{contract.title.id} ({contract.office}). {what}",
            owners=[OWNER],
            kinds={"pandas", "parquet"},
            metadata={"contract": contract.id, "trust": contract.trust, "cadence": contract.cadence},
        )

    @dg.multi_asset(
        name=f"intake_{contract.id}",
        group_name="intake",
        # The register first: while it is put together and written, the workers go on with the files of the others.
        op_tags={"dagster/priority": "1"} if contract.is_population else None,
        outs={
            "raw": out("raw", "Every row of every sheet as text, with file, sheet and row: nothing is lost here."),
            "records": out("records", "Typed records; certain faults repaired, uncertain values missing with their error code."),
            "quarantine": out("quarantine", "All rows that are not records, each with the reason: what to mend, or what was skipped."),
            "conservation": out("conservation", "Per file: the rows that an independent reader counts, and where each went."),
            "headers": out("headers", "Per sheet: each column as its header is written, and what it was taken for."),
        },
        check_specs=[
            dg.AssetCheckSpec(
                CONSERVATION_CHECK,
                asset=quarantine_key,
                blocking=True,
                description="Rows read = accepted + quarantined + skipped + duplicates, as sets, against an independent listing.",
            ),
            *(dg.AssetCheckSpec(gate.name, asset=records_key, description=gate.why.both) for gate in gates),
            dg.AssetCheckSpec(SUMMARY_CHECK, asset=records_key, description="All other expectations of this source, as one line."),
        ],
    )
    @redacted
    def take_in_source(
        context: dg.AssetExecutionContext, deliveries: pd.DataFrame, workspace: Workspace, reading: Reading
    ) -> Iterator[dg.Output[pd.DataFrame] | dg.AssetCheckResult]:
        as_of = workspace.day_of_account(deliveries)
        standing = StandingSource(workspace, contract.id, deliveries)
        if (earlier := standing.events(as_of)) is not None:
            context.log.info("nothing that decides this source has changed: what an earlier run made of it stands")
            yield from earlier
            return
        asked = [source for source in sources_of(context) if StandingSource(workspace, source, deliveries).events(as_of) is None]
        result = intake.take_in(
            deliveries[deliveries["source"] == contract.id],
            contract,
            workspace.areas,
            workspace.hash_key,
            as_of=as_of,
            reading=reading.of(deliveries, asked),
            corrections=workspace.corrections,
        )
        for refusal in result.refused:
            context.log.warning(f"{refusal.delivery_id}/{refusal.file}: refused ({refusal.code}). {refusal.message_en}")
        events = events_of(result, contract, expectations, as_of)
        if any(refusal.code in OF_THE_MOMENT for refusal in result.refused):
            yield from events
        else:
            yield from standing.made(events, days_of(result, expectations, as_of))

    return take_in_source


def events_of(
    result: intake.IntakeResult, contract: SourceContract, expectations: tuple[ExpectationBase, ...], as_of: date
) -> Iterator[Event]:
    """The frames of a source and how its checks went."""
    records_key, quarantine_key = (dg.AssetKey([kind, contract.id]) for kind in ("records", "quarantine"))
    yield dg.Output(result.raw, "raw", metadata=frame_metadata(result.raw))
    yield dg.Output(
        result.records,
        "records",
        metadata=frame_metadata(
            result.records,
            lineage=cell_lineage(contract.id, result.quarantine),
            numbers={
                "repaired_rows": int(result.records["repairs"].notna().sum()),
                "rows_with_errors": int(result.records["errors"].notna().sum()),
            },
        ),
    )
    quarantine = result.quarantine
    yield dg.Output(quarantine, "quarantine", metadata=frame_metadata(quarantine, numbers=counts_of(quarantine["disposition"])))
    yield dg.Output(result.conservation, "conservation", metadata=frame_metadata(result.conservation))
    headers = understood_headers(contract.id, result.sheets)
    yield dg.Output(headers, "headers", metadata=frame_metadata(headers, numbers={"unknown": int(headers["canonical"].isna().sum())}))
    yield conservation_result(quarantine_key, result.conservation)
    yield from expectation_results(records_key, result.records, expectations, as_of)


def days_of(result: intake.IntakeResult, expectations: tuple[ExpectationBase, ...], as_of: date) -> tuple[DayLimit, ...]:
    """On which other as-of days the source would give the same. Where an expectation has set rows or a delivery aside, on none."""
    if result.quarantine["reason"].isin(JUDGED).any():
        return (DayLimit("as_of", True, as_of.isoformat(), (as_of + timedelta(days=1)).isoformat()),)
    return day_limits(result.records, expectations, as_of)


def sources_of(context: dg.AssetExecutionContext) -> list[str]:
    """The sources that this run takes in."""
    steps = context.dagster_run.step_keys_to_execute or context.job_def.graph.node_dict
    return [step.removeprefix("intake_") for step in steps if step.startswith("intake_")]


def understood_headers(source: str, sheets: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """Each column of each table: source, delivery_id, file, sheet, table, letter, header, canonical (missing: unknown), proposal."""
    rows = [
        (
            source,
            sheet["delivery_id"],
            sheet["file"],
            sheet["sheet"],
            column["table"],
            column["letter"],
            column["header"],
            column["canonical"],
            dict(sheet["proposals"]).get(column["header"]),
        )
        for sheet in sheets
        for column in sheet["columns"]
    ]
    return pd.DataFrame(rows, columns=HEADER_COLUMNS).astype({name: "int32" if name == "table" else TEXT for name in HEADER_COLUMNS})


def cell_lineage(source: str, quarantine: pd.DataFrame) -> dg.TableColumnLineage:
    """Which cells of the raw rows each canonical column was read from, by the layouts that the header rows carry."""
    raw_key = dg.AssetKey(["raw", source])
    cells: dict[str, set[str]] = {}
    for layout in quarantine["layout"].dropna().unique():
        for _, column, letters in read_layout(layout):
            cells.setdefault(column.rpartition(":")[2], set()).update(f"c{_column_index(letter):03d}" for letter in letters.split("+"))
    return dg.TableColumnLineage(
        deps_by_column={
            column: [dg.TableColumnDep(asset_key=raw_key, column_name=name) for name in sorted(names)]
            for column, names in sorted(cells.items())
        }
    )


def _column_index(letters: str) -> int:
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - ord("A") + 1
    return index - 1


def conservation_result(key: dg.AssetKey, conservation: pd.DataFrame) -> dg.AssetCheckResult:
    """The blocking check: every row is accounted for in every file."""
    broken = conservation[~conservation["holds"].astype(bool)]
    return dg.AssetCheckResult(
        asset_key=key,
        check_name=CONSERVATION_CHECK,
        passed=broken.empty,
        metadata={
            "files": len(conservation),
            "rows_read": int(conservation["read"].sum()),
            "rows_missing": int(conservation["missing"].sum()),
            "rows_extra": int(conservation["extra"].sum()),
        },
    )


def expectation_results(
    key: dg.AssetKey, records: pd.DataFrame, expectations: tuple[ExpectationBase, ...], as_of: date
) -> Iterator[dg.AssetCheckResult]:
    """One Great Expectations validation of the table; one result per gate, one for all the rest."""
    from schemas.expectations_gx import validate_with_gx

    results = validate_with_gx(records, expectations, as_of, name=key.to_user_string())
    gates = [result for result in results if result.severity in ("delivery", "publication")]
    others = [result for result in results if result.severity not in ("delivery", "publication")]
    for result in gates:
        yield dg.AssetCheckResult(
            asset_key=key, check_name=result.name, passed=result.success, metadata=_numbers(result), severity=dg.AssetCheckSeverity.WARN
        )
    failed = [result for result in others if not result.success]
    yield dg.AssetCheckResult(
        asset_key=key,
        check_name=SUMMARY_CHECK,
        passed=not failed,
        severity=dg.AssetCheckSeverity.WARN,
        description="; ".join(f"{result.name}: {result.unexpected} of {result.evaluated}" for result in failed) or None,
        metadata={"expectations": len(others), "failed": len(failed)},
    )


def _numbers(result: ExpectationResult) -> dict[str, int | float]:
    return {"evaluated": result.evaluated, "unexpected": result.unexpected, "share": float(result.share)}
