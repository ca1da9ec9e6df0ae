"""Taking a returned correction workbook: what it changes is tried out on the office's own file first, and only what helps is kept."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from intake.corrections import CorrectedRow, CorrectionReceipt, Corrections, correction_receipts, corrections_in_force, keep_corrections
from intake.deliveries_in_force import take_in
from intake.delivery_store import DeliveryStore
from intake.inbox import sha256_of
from intake.isolation import WorkerPool
from intake.messages import Message
from intake.returned_workbook import Problem, read_returned
from schemas.contracts import SourceContract

_NO_KEY = b"a trial keeps nothing, so its keys need no secret"


@dataclass(frozen=True)
class ImportOutcome:
    """What came of a returned workbook: cases answered, lines left as they were, lines that could not be taken, in their order."""

    taken: int
    already: int
    """Corrected in just this way by an earlier workbook."""
    unchanged: int
    problems: tuple[Problem, ...]


def import_corrections(
    path: Path,
    store: DeliveryStore,
    cases: pd.DataFrame,
    deliveries: pd.DataFrame,
    contracts: Mapping[str, SourceContract],
    pool: WorkerPool,
    *,
    by: str,
    at: dt.datetime,
    as_of: dt.date,
) -> ImportOutcome:
    """Read a returned workbook, keep it and the corrections that make their rows usable.

    `cases` are the open ones (`cases_of`), `deliveries` those of the last run, `pool` knows the contracts. Rows that would still be set
    aside are problems, with the reason that they would have. Raises NotACorrectionWorkbook.
    """
    returned = read_returned(path, cases, pool)
    before = correction_receipts(store)
    known = corrections_in_force(before)
    fresh = [row for row in returned.corrected.values() if not set(row.cells) <= set(known.of_file(row.sha256))]
    verdicts = _verdicts(fresh, before, deliveries, contracts, pool, as_of)
    good = [row for row in fresh if row.case_id not in verdicts]
    still_wrong = [
        Problem(sheet, line, verdicts[row.case_id]) for (sheet, line), row in returned.corrected.items() if row.case_id in verdicts
    ]
    if good:
        sha256 = store.keep(path, sha256_of(path))
        keep_corrections(store, CorrectionReceipt(at.isoformat(timespec="seconds"), by, path.name, sha256, tuple(good)))
    problems = sorted([*returned.problems, *still_wrong], key=lambda problem: (problem.sheet, problem.row))
    return ImportOutcome(len(good), len(returned.corrected) - len(fresh), returned.unchanged, tuple(problems))


def _verdicts(
    rows: Sequence[CorrectedRow],
    before: Sequence[CorrectionReceipt],
    deliveries: pd.DataFrame,
    contracts: Mapping[str, SourceContract],
    pool: WorkerPool,
    as_of: dt.date,
) -> dict[str, Message]:
    """Why corrected rows would still be set aside, by case; a case that is not among them would be settled."""
    tried = CorrectionReceipt("", "", "", "", tuple(rows))
    corrections = corrections_in_force([*before, tried])
    found: dict[str, Message] = {}
    for source in sorted({row.source for row in rows}):
        mine = [row for row in rows if row.source == source]
        wrong = _still_set_aside(mine, deliveries, contracts[source], corrections, pool, as_of)
        found |= {row.case_id: wrong[place] for row in mine if (place := _place(row)) in wrong}
    return found


def _place(row: CorrectedRow) -> tuple[str, str, int]:
    return row.sha256, row.cells[0].sheet, row.cells[0].row


def _still_set_aside(
    rows: Sequence[CorrectedRow],
    deliveries: pd.DataFrame,
    contract: SourceContract,
    corrections: Corrections,
    pool: WorkerPool,
    as_of: dt.date,
) -> dict[tuple[str, str, int], Message]:
    files = deliveries[deliveries["sha256"].isin([row.sha256 for row in rows])].drop_duplicates("sha256")
    # Each file by itself: whether its delivery stands as a whole is the next run's affair.
    alone = contract.model_copy(update={"replaces": "nothing"})
    quarantine = take_in(files, alone, pd.DataFrame(), _NO_KEY, as_of=as_of, pool=pool, corrections=corrections).quarantine
    aside = quarantine[quarantine["disposition"] == "quarantined"].merge(
        files[["delivery_id", "file", "sha256"]], on=["delivery_id", "file"]
    )
    places = zip(aside["sha256"], aside["sheet"].fillna(""), aside["row"].tolist(), strict=True)
    messages = zip(aside["message_id"], aside["message_en"], strict=True)
    return {place: Message(*texts) for place, texts in zip(places, messages, strict=True)}
