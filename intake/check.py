"""`padan check`: what would happen to one spreadsheet, without storing anything.

The same readers, contract and rules as the real intake; the answer names columns, rows, reasons and cells, and no cell's value.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import pandas as pd

from intake.cell_places import CellPlaces
from intake.deliveries_in_force import take_in
from intake.file_intake import IntakeSetup
from intake.file_job import GuessJob
from intake.header_mapping import indexes_of
from intake.inbox import sha256_of
from intake.isolation import Limits, WorkerPool
from intake.messages import Message, message
from intake.places import PlaceIndex
from intake.raw_sheet import RawSheet
from intake.readers import read_sheets
from intake.refusals import Refusal, Refused
from intake.table_finding import find_header
from schemas.areas import BANYUWANGI, Regency, load_areas
from schemas.canonical import TEXT
from schemas.cell_codes import ERRORS, RULES, words_of
from schemas.contracts import SourceContract, load_contracts
from schemas.crosswalk import Crosswalk
from schemas.expectations import ExpectationBase, ExpectationResult, evaluate
from schemas.expectations_canonical import all_expectations
from schemas.expectations_words import unmet_words

ADDRESSES_SHOWN = 3
_NAMED = 0.05
"""What a name adds to the share of headers that a contract understands: enough to decide between two that understand the same."""
_CHECK_KEY = b"padan check keeps nothing, so its keys need no secret"


@dataclass(frozen=True)
class Found:
    """Something that concerns several cells: how many, and the first addresses (`C17`; with its sheet where there are several)."""

    column: str
    code: str
    count: int
    cells: tuple[str, ...]
    message: Message | None = None


@dataclass(frozen=True)
class CheckReport:
    """What would happen to a file."""

    file: str
    source: str | None
    guessed: bool
    refusal: Refusal | None
    sheets: tuple[dict[str, Any], ...]
    rows_read: int
    accepted: int
    skipped: Mapping[str, int]
    quarantined: tuple[Found, ...]
    errors: tuple[Found, ...]
    repairs: tuple[Found, ...]
    conserved: bool
    expectations: tuple[ExpectationResult, ...]
    called: Mapping[str, Message] = field(default_factory=dict)
    """What officers call the people whom a row speaks of, by mention."""
    expected: Mapping[str, ExpectationBase] = field(default_factory=dict)
    """The expectations themselves, by name."""

    @property
    def refused(self) -> bool:
        """Whether the file would be refused as a whole."""
        return self.refusal is not None

    def as_text(self, language: Literal["id", "en"] | str = "id") -> str:
        """The report as lines of text in one language."""
        from intake.check_text import check_text

        return check_text(self, "en" if language == "en" else "id")


def check_file(
    path: Path,
    contract: SourceContract | None = None,
    *,
    contracts: Mapping[str, SourceContract] | None = None,
    areas: pd.DataFrame | None = None,
    regency: Regency = BANYUWANGI,
    crosswalk: Crosswalk | None = None,
    as_of: dt.date | None = None,
) -> CheckReport:
    """Check one file by a contract; without one, by the contract whose columns its header has most of."""
    guessed = contract is None
    known = {contract.id: contract} if contract is not None else (contracts if contracts is not None else load_contracts())
    places = PlaceIndex(load_areas(regency=regency) if areas is None else areas, crosswalk)
    setup = IntakeSetup(known, places, regency, _CHECK_KEY)
    with WorkerPool(setup, forked=True) as pool:
        if contract is None:
            chosen, refusal = _guessed(path, pool)
            if chosen is None:
                return _nothing(path, refusal or _refusal(path, Refused("no_contract", sources=", ".join(known))))
            contract = known[chosen]
        # By itself, so that a list which does not meet a condition of its delivery is still explained column by column.
        alone = contract.model_copy(update={"replaces": "nothing"})
        result = take_in(_as_delivery(path, contract, as_of), alone, pd.DataFrame(), _CHECK_KEY, as_of=as_of, pool=pool)
    places_of_cells = CellPlaces(result.sheets, result.quarantine)
    expectations = all_expectations(contract)
    results = () if result.refused or as_of is None else tuple(evaluate(result.records, expectations, as_of))
    quarantined = result.quarantine[result.quarantine["disposition"] == "quarantined"]
    dispositions = result.quarantine["disposition"].value_counts()
    return CheckReport(
        file=path.name,
        source=contract.id,
        guessed=guessed,
        refusal=result.refused[0] if result.refused else _unmet_gate(path, contract, expectations, results),
        sheets=tuple(_with_ends(sheet, result.records, result.quarantine) for sheet in result.sheets),
        called={part.mention: Message(part.called.id, part.called.en) for part in contract.mentions if part.called is not None},
        rows_read=int(result.conservation["read"].sum()),
        accepted=int(result.conservation["accepted"].sum()),
        skipped={str(kind): int(count) for kind, count in dispositions.items() if kind not in {"quarantined", "delivery_refused"}},
        quarantined=_reasons(quarantined, places_of_cells),
        errors=_cells(result.records, "errors", places_of_cells),
        repairs=_cells(result.records, "repairs", places_of_cells),
        conserved=bool(result.conservation["holds"].all()),
        expectations=results,
        expected={expectation.name: expectation for expectation in expectations},
    )


def _with_ends(sheet: dict[str, Any], records: pd.DataFrame, quarantine: pd.DataFrame) -> dict[str, Any]:
    """A sheet's report with what became of its rows in the end: repeated rows and row expectations are judged beyond the sheet."""
    of_records = records[records["sheet"].fillna("") == sheet["sheet"]]
    ends = quarantine.loc[quarantine["sheet"].fillna("") == sheet["sheet"], "disposition"].value_counts().to_dict()
    quarantined = int(ends.pop("quarantined", 0))
    return sheet | {"accepted": int(of_records["row"].nunique()), "quarantined": quarantined, "kinds": ends}


def _nothing(path: Path, refusal: Refusal) -> CheckReport:
    return CheckReport(path.name, None, True, refusal, (), 0, 0, {}, (), (), (), True, ())


def _refusal(path: Path, refused: Refused) -> Refusal:
    text = message(refused.code, **refused.facts)
    return Refusal("check", path.name, refused.code, text.id, text.en, refused.facts)


def _unmet_gate(
    path: Path, contract: SourceContract, expectations: Sequence[ExpectationBase], results: Sequence[ExpectationResult]
) -> Refusal | None:
    """The refusal of a list that replaces its whole source and does not meet a condition of severity `delivery`."""
    gates = [(gate, result) for gate, result in zip(expectations, results, strict=True) if gate.severity == "delivery"]
    unmet = unmet_words(gates)
    return _refusal(path, Refused("expectation_failed", **unmet)) if unmet and contract.replaces == "source" else None


def _as_delivery(path: Path, contract: SourceContract, as_of: dt.date | None) -> pd.DataFrame:
    facts = {
        "delivery_id": "check",
        "source": contract.id,
        "delivered_on": pd.NaT if as_of is None else pd.Timestamp(as_of),
        "ordinal": 0,
        "file": path.name,
        "path": str(path),
        "sha256": sha256_of(path),
        "bytes": path.stat().st_size,
    }
    texts = dict.fromkeys(("delivery_id", "source", "file", "path", "sha256"), TEXT)
    return pd.DataFrame([facts]).astype(texts | {"delivered_on": "datetime64[ns]"})


def _guessed(path: Path, pool: WorkerPool) -> tuple[str | None, Refusal | None]:
    """The id of the contract that fits the file's headers best, found in a worker process like all reading."""
    (outcome,) = pool.run_all([GuessJob(path)])
    if outcome.report is None:
        return None, _refusal(path, Refused(outcome.failure or "reader_crashed", seconds=Limits().seconds))
    if "refused" in outcome.report:
        return None, _refusal(path, Refused(outcome.report["refused"], **outcome.report["facts"]))
    return outcome.report["source"], None


def guess_source(path: Path, contracts: Sequence[SourceContract]) -> str | None:
    """The id of the contract of which a file's headers have the most columns, by share of what the headers hold; None for no fit."""
    best: tuple[float, str] | None = None
    for sheet in read_sheets(path):
        for contract in contracts:
            score = _fit(sheet, contract)
            if score > 0 and _is_named(contract, f"{path.stem} {sheet.name}"):
                score += _NAMED
            if score > 0 and (best is None or score > best[0]):
                best = (score, contract.id)
    return best[1] if best else None


def _is_named(contract: SourceContract, text: str) -> bool:
    """Whether a file or sheet name has a word of the contract's id or one of its programmes; PKH and Sembako share their headers."""
    words = {word for table in contract.tables for word in (table.programme or "").split("_") if word}
    words |= set(contract.id.split("_")[1:])
    return not words.isdisjoint(re.split(r"[\W_]+", text.casefold()))


def _fit(sheet: RawSheet, contract: SourceContract) -> float:
    """Headers understood less what is missing; a contract that lacks a required column fits only when no other does."""
    filled = sheet.filled()
    score = 0.0
    for table in contract.tables:
        indexes = indexes_of(table)
        header = find_header(sheet, filled, indexes) if sheet.height else None
        if header is None:
            continue
        found = header.maps[0]
        named = {place for each in header.maps for place in each.columns.values()}
        understood = len(named) + 0.5 * len(set(found.ignored) - named)
        share = understood / max(len(found.headers), 1)
        score = max(score, share + understood / 1000 - 0.5 * bool(found.missing) + (0.2 if not found.missing else 0))
    return score


def _reasons(quarantined: pd.DataFrame, places: CellPlaces) -> tuple[Found, ...]:
    found = []
    for (code, column), rows in quarantined.fillna({"column": ""}).groupby(["reason", "column"], sort=True):
        first = rows.iloc[0]
        text = Message(str(first["message_id"]), str(first["message_en"]))
        found.append(Found(str(column), str(code), len(rows), places.addresses(rows, str(column), ADDRESSES_SHOWN), text))
    return tuple(sorted(found, key=lambda item: (-item.count, item.code, item.column)))


def _cells(records: pd.DataFrame, kind: Literal["errors", "repairs"], places: CellPlaces) -> tuple[Found, ...]:
    """Errors or repairs by column and code, with the first cells of each."""
    noted = records[records[kind].notna()]
    counts: Counter[tuple[str, str]] = Counter()
    first_rows: dict[tuple[str, str], list[int]] = {}
    shared: set[tuple[object, ...]] = set()
    where = [kind, "sheet", "table", "row", "mention"]
    for place, (text, sheet, table, row, mention) in enumerate(noted[where].itertuples(index=False)):
        for column, code in _noted(text, kind):
            cell = (*places.cell(sheet, table, row, column, mention), column, code)
            if cell in shared:  # a cell of which two people's records were made, such as the number of a call
                continue
            shared.add(cell)
            counts[column, code] += 1
            if len(shown := first_rows.setdefault((column, code), [])) < ADDRESSES_SHOWN:
                shown.append(place)
    words = ERRORS if kind == "errors" else RULES
    return tuple(
        Found(
            column,
            code,
            count,
            places.addresses(noted.iloc[first_rows[column, code]], column, ADDRESSES_SHOWN),
            Message(*words_of(code, words)),
        )
        for (column, code), count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    )


def _noted(text: str, kind: Literal["errors", "repairs"]) -> list[tuple[str, str]]:
    if kind == "repairs":
        return [(column, rule) for column, _, rule in json.loads(text)]
    return [(part.partition(":")[0], part.partition(":")[2]) for part in text.split(" ")]
