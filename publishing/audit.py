"""The audit without which nothing is published: four questions, asked of exactly the data that is to be published.

1. Row conservation: does every delivered row stand somewhere? (Answered by the caller, who has the independent listing.)
2. Links: has every mention exactly one status, and is everyone whom a record is linked to known to the register?
3. Referential integrity: does everything that a row points at exist, is every key there once, is every value one it may be?
4. Is the population register there at all?

The audit carries the hash of the data that it saw; `publish` compares it with the hash of the data that it was given, and refuses
if they differ, whatever job or script calls it. Findings are numbers and names of columns, never values.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from sqlalchemy import Table

from publishing.content_hash import content_hash, data_hash
from publishing.prepared import Prepared, PreparedTable, among_sorted, plain
from publishing.row_hash import Hashes, column_hashes, folded
from publishing.state import State, prepare
from schemas import tables


@dataclass(frozen=True)
class Finding:
    """The answer to one question: how many rows break it (0 = passed)."""

    check: str
    subject: str
    broken: int

    @property
    def passed(self) -> bool:
        """Whether nothing breaks it."""
        return self.broken == 0


@dataclass(frozen=True)
class Audit:
    """What was audited (by its hash) and what came out."""

    data_hash: str
    content_hash: str
    findings: tuple[Finding, ...]

    @property
    def passed(self) -> bool:
        """Whether this data may be published."""
        return all(finding.passed for finding in self.findings)

    @property
    def broken(self) -> tuple[Finding, ...]:
        """What keeps the data from being published."""
        return tuple(finding for finding in self.findings if not finding.passed)

    def by_check(self) -> dict[str, int]:
        """Broken rows of each of the four questions, for asset checks and reports."""
        totals: dict[str, int] = {}
        for finding in self.findings:
            totals[finding.check] = totals.get(finding.check, 0) + finding.broken
        return totals

    def to_json(self) -> dict[str, Any]:
        """Plain values, to travel between assets."""
        return asdict(self)

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Audit:
        """The audit that `to_json` wrote."""
        return cls(value["data_hash"], value["content_hash"], tuple(Finding(**finding) for finding in value["findings"]))


def audit_state(state: State | Prepared, conservation_holds: bool | Mapping[str, bool]) -> Audit:
    """Audit the frames of a run, or what `prepare` made of them. `conservation_holds`: for the whole run, or for each source.

    Raises StateError when the frames cannot be audited at all (a frame or column is missing, or of the wrong kind).
    """
    prepared = prepare(state)
    return Audit(data_hash(prepared), content_hash(prepared), tuple(_findings(prepared, conservation_holds)))


def _findings(prepared: Prepared, conservation_holds: bool | Mapping[str, bool]) -> Iterator[Finding]:
    by_source = conservation_holds if isinstance(conservation_holds, Mapping) else {"all sources": conservation_holds}
    if not by_source:
        yield Finding("row_conservation", "not examined", 1)
    for source, holds in sorted(by_source.items()):
        yield Finding("row_conservation", source, int(not holds))
    yield Finding("population", "residents", int(len(prepared.residents) == 0))
    yield from _link_findings(prepared)
    keys = _Keys(prepared)
    for name, column, target in _REFERENCES:
        yield Finding("references", f"{name}.{column}", _outside(_present(prepared[name], column), keys[target]))
    yield from _pair_references(prepared)
    yield from _attribute_references(prepared, keys)
    for table in tables.STATE_TABLES:
        yield from _declared(table, prepared[table.name])
    yield from _once(prepared)


class _Keys(dict[str, Hashes]):
    """The sorted fingerprints of the keys that others point at, by `table.column`; each is sorted once."""

    def __init__(self, prepared: Prepared) -> None:
        super().__init__()
        self._prepared = prepared

    def __missing__(self, target: str) -> Hashes:
        table, column = target.split(".")
        self[target] = np.sort(self._prepared[table].fingerprints(column))
        return self[target]


def _link_findings(prepared: Prepared) -> Iterator[Finding]:
    links = prepared["person_link"]
    mentions = prepared["source_record"].fingerprints("record_id")[: prepared.mentions]
    records = links.fingerprints("record_id")
    yield Finding("links", "mentions without a link", _outside(mentions, np.sort(records)))
    yield Finding("links", "links without a mention", _outside(records, np.sort(mentions)))
    yield Finding("links", "mentions with more than one link", _twice(links, ["record_id"]))
    linked = _holds(links, "status", ("linked",))
    nobody = prepared.linked_to.missing("register_nik")
    niks = prepared.linked_to.fingerprints("register_nik")[linked & ~nobody]
    yield Finding("links", "linked to nobody", int((linked & nobody).sum()))
    yield Finding("links", "linked to someone unknown to the register", _outside(niks, np.sort(prepared.residents)))
    yield Finding("links", "linked to someone who is not kept", _outside(niks, np.sort(_present(prepared["person"], "nik"))))
    settled = _holds(links, "status", ("linked", "unregistered"))
    yield Finding("links", "settled links without a person", int((settled & links.missing("person_id")).sum()))
    questions = records[_holds(links, "status", ("review",))]
    candidates = np.sort(prepared["review_case"].fingerprints("record_id"))
    yield Finding("links", "open questions without a candidate", _outside(questions, candidates))


_REFERENCES: tuple[tuple[str, str, str], ...] = (
    ("area", "parent_code", "area.area_code"),
    ("person", "family_id", "family.family_id"),
    ("family", "head_person_id", "person.person_id"),
    ("family", "house_id", "house.house_id"),
    ("family", "area_code", "area.area_code"),
    ("house", "area_code", "area.area_code"),
    ("house", "position_source", "source_record.record_id"),
    ("person", "register_record", "source_record.record_id"),
    ("person", "office_record", "source_record.record_id"),
    ("report", "record_id", "source_record.record_id"),
    ("report", "person_id", "person.person_id"),
    ("report", "house_id", "house.house_id"),
    ("attribute_source", "record_id", "source_record.record_id"),
    ("cell_repair", "record_id", "source_record.record_id"),
    ("person_link", "person_id", "person.person_id"),
    ("person_link", "record_id", "source_record.record_id"),
    ("review_case", "record_id", "source_record.record_id"),
    ("aid_received", "record_id", "source_record.record_id"),
    ("deprivation", "family_id", "family.family_id"),
    ("deprivation", "record_id", "source_record.record_id"),
    *(
        (table, f"{entity}_id", f"{entity}.{entity}_id")
        for table in ("aid_received", "eligibility", "targeting_gap")
        for entity in ("programme", "person", "family", "house")
    ),
)


def _pair_references(prepared: Prepared) -> Iterator[Finding]:
    """Records and quarantined rows name a delivery and a file of it."""
    pair = ["delivery_id", "file"]
    files = np.sort(_together(prepared["delivery"], pair))
    for table in ("source_record", "quarantined_row"):
        rows = prepared[table]
        complete = ~(rows.missing("delivery_id") | rows.missing("file"))
        yield Finding("references", f"{table}.delivery_id, file", _outside(_together(rows, pair)[complete], files))


def _attribute_references(prepared: Prepared, keys: _Keys) -> Iterator[Finding]:
    table = prepared["attribute_source"]
    given = ~table.missing("entity_id")
    for entity in ("person", "family", "house"):
        ids = table.fingerprints("entity_id")[given & _holds(table, "entity", (entity,))]
        yield Finding("references", f"attribute_source.entity_id ({entity})", _outside(ids, keys[f"{entity}.{entity}_id"]))


def _declared(table: Table, rows: PreparedTable) -> Iterator[Finding]:
    """What a table declares: values that must be there, closed sets of values, keys that stand once."""
    for column in table.columns:
        if column.name in tables.BOOKKEEPING:
            continue
        if not column.nullable:
            yield Finding("references", f"{table.name}.{column.name} is missing", rows.data[column.name].null_count)
        if column.info["values"]:
            other = ~(_holds(rows, column.name, column.info["values"]) | rows.missing(column.name))
            yield Finding("references", f"{table.name}.{column.name} has another value", int(other.sum()))
    key = [column.name for column in table.primary_key if column.name not in tables.BOOKKEEPING]
    if key:
        yield Finding("references", f"{table.name} has a key twice", _twice(rows, key))


def _once(prepared: Prepared) -> Iterator[Finding]:
    """What no declaration of a table says: one row per registered NIK, a subject for each decision, one decision per subject."""
    person = prepared["person"]
    niks = person.fingerprints("nik")[_holds(person, "register_status", ("registered",)) & ~person.missing("nik")]
    yield Finding("references", "person.nik stands twice among registered persons", len(niks) - len(np.unique(niks)))
    for name in ("aid_received", "eligibility", "targeting_gap"):
        yield Finding("references", f"{name} has no subject of its unit", _without_subject(prepared[name]))
    subject = ["programme_id", "unit", "person_id", "family_id", "house_id"]
    yield Finding("references", "eligibility is decided twice for one subject", _twice(prepared["eligibility"], subject))


def _without_subject(rows: PreparedTable) -> int:
    """Rows about a person without a person's id, and so on."""
    return sum(int((_holds(rows, "unit", (unit,)) & rows.missing(f"{unit}_id")).sum()) for unit in ("person", "family", "house"))


def _present(rows: PreparedTable, column: str) -> Hashes:
    """The fingerprints of a column's values, missing ones aside."""
    values = rows.fingerprints(column)
    return values[~rows.missing(column)] if rows.data[column].null_count else values


def _holds(rows: PreparedTable, column: str, wanted: Sequence[str]) -> npt.NDArray[np.bool_]:
    """Where a column holds one of these values."""
    values = rows.fingerprints(column)
    found = np.zeros(len(values), dtype=np.bool_)
    for one in column_hashes(pa.array(wanted, pa.large_string())):
        found |= values == one
    return found


def _together(rows: PreparedTable, columns: Sequence[str]) -> Hashes:
    """One fingerprint per row over several columns."""
    together = np.zeros(rows.data.num_rows, dtype=np.uint64)
    with np.errstate(over="ignore"):
        for column in columns:
            together = folded(together, rows.fingerprints(column))
    return together


def _twice(rows: PreparedTable, columns: Sequence[str]) -> int:
    """How many rows have the same values in these columns as another; counted by the values themselves where fingerprints agree."""
    keys = np.sort(rows.fingerprints(columns[0]) if len(columns) == 1 else _together(rows, columns))
    if not bool((keys[1:] == keys[:-1]).any()):
        return 0
    values = pa.table({column: plain(rows.data[column]) for column in columns})
    return len(values) - len(values.group_by(list(columns)).aggregate([]))


def _outside(values: Hashes, known: Hashes) -> int:
    """How many fingerprints are not among the known ones, which are sorted."""
    return len(values) - int(among_sorted(np.sort(values), known).sum())
