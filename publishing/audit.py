"""The audit without which nothing is published: four questions, asked of exactly the data that is to be published.

1. Row conservation: does every delivered row stand somewhere? (Answered by the caller, who has the independent listing.)
2. Links: has every mention exactly one status, and is everyone whom a record is linked to known to the register?
3. Referential integrity: does everything that a row points at exist, is every key there once, is every value one it may be?
4. Is the population register there at all?

The audit carries the hash of the data that it saw; `publish` computes the hash of the data that it was given, and refuses if
they differ, whatever job or script calls it. Findings are numbers and names of columns, never values.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from publishing.content_hash import content_hash, data_hash
from publishing.state import Prepared, State, prepare
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


def audit_state(state: State, conservation_holds: bool | Mapping[str, bool]) -> Audit:
    """Audit the frames of a run. `conservation_holds`: for the whole run, or for each source.

    Raises StateError when the frames cannot be audited at all (a frame or column is missing, or of the wrong kind).
    """
    prepared = prepare(state)
    return Audit(data_hash(prepared), content_hash(prepared), tuple(_findings(state, prepared, conservation_holds)))


def _findings(state: State, prepared: Prepared, conservation_holds: bool | Mapping[str, bool]) -> Iterator[Finding]:
    by_source = conservation_holds if isinstance(conservation_holds, Mapping) else {"all sources": conservation_holds}
    if not by_source:
        yield Finding("row_conservation", "not examined", 1)
    for source, holds in sorted(by_source.items()):
        yield Finding("row_conservation", source, int(not holds))
    yield Finding("population", "residents", int(len(state["population"]) == 0))
    yield from _link_findings(state, prepared)
    for table, column, entity in _REFERENCES:
        yield _reference(prepared, table, column, entity)
    yield from _pair_references(prepared)
    yield from _attribute_references(prepared)
    yield from _declared(prepared)


def _link_findings(state: State, prepared: Prepared) -> Iterator[Finding]:
    mentions = _text(state, "social_records", "record_id")
    links = prepared["person_link"].data
    register_nik = _text(state, "links", "register_nik")
    status = pa.chunked_array([links["status"].combine_chunks()])
    yield Finding("links", "mentions without a link", _outside(mentions, links["record_id"]))
    yield Finding("links", "links without a mention", _outside(links["record_id"], mentions))
    yield Finding("links", "mentions with more than one link", len(links) - len(pc.unique(links["record_id"])))
    # links may have been joined to persons: the merge keeps their order, and one row each, or the finding above is broken
    linked = pc.equal(_text(state, "links", "status"), "linked")
    niks = pc.filter(register_nik, pc.fill_null(linked, False))
    yield Finding("links", "linked to nobody", niks.null_count)
    yield Finding("links", "linked to someone unknown to the register", _outside(niks, _text(state, "population", "nik")))
    yield Finding("links", "linked to someone who is not kept", _outside(niks, prepared["person"].data["nik"]))
    settled = pc.fill_null(pc.is_in(status, value_set=pa.array(["linked", "unregistered"], pa.large_string())), False)
    yield Finding("links", "settled links without a person", pc.filter(links["person_id"], settled).null_count)
    open_records = pc.filter(links["record_id"], pc.fill_null(pc.equal(status, "review"), False))
    yield Finding("links", "open questions without a candidate", _outside(open_records, prepared["review_case"].data["record_id"]))


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


def _reference(prepared: Prepared, table: str, column: str, target: str) -> Finding:
    other, key = target.split(".")
    return Finding("references", f"{table}.{column}", _outside(prepared[table].data[column], prepared[other].data[key]))


def _pair_references(prepared: Prepared) -> Iterator[Finding]:
    """Records and quarantined rows name a delivery and a file of it."""
    files = _joined(prepared["delivery"].data)
    for table in ("source_record", "quarantined_row"):
        yield Finding("references", f"{table}.delivery_id, file", _outside(_joined(prepared[table].data), files))


def _joined(data: pa.Table) -> pa.ChunkedArray:
    return pc.binary_join_element_wise(data["delivery_id"], data["file"], pa.scalar("\x1f", pa.large_string()))


def _attribute_references(prepared: Prepared) -> Iterator[Finding]:
    data = prepared["attribute_source"].data
    for entity in ("person", "family", "house"):
        ids = pc.filter(data["entity_id"], pc.fill_null(pc.equal(data["entity"], entity), False))
        yield Finding("references", f"attribute_source.entity_id ({entity})", _outside(ids, prepared[entity].data[f"{entity}_id"]))


def _declared(prepared: Prepared) -> Iterator[Finding]:
    """What the tables declare: values that must be there, closed sets of values, keys that stand once."""
    for table in tables.STATE_TABLES:
        data = prepared[table.name].data
        for column in table.columns:
            if column.name in tables.BOOKKEEPING:
                continue
            values = data[column.name]
            if not column.nullable:
                yield Finding("references", f"{table.name}.{column.name} is missing", values.null_count)
            if column.info["values"]:
                allowed = pa.chunked_array([pa.array(column.info["values"], pa.large_string())])
                yield Finding("references", f"{table.name}.{column.name} has another value", _outside(values, allowed))
        key = [column.name for column in table.primary_key if column.name not in tables.BOOKKEEPING]
        if key:
            yield Finding("references", f"{table.name} has a key twice", len(data) - len(data.group_by(key).aggregate([])))
    niks = pc.drop_null(_registered_niks(prepared))
    yield Finding("references", "person.nik stands twice among registered persons", len(niks) - len(pc.unique(niks)))
    for name in ("aid_received", "eligibility", "targeting_gap"):
        yield Finding("references", f"{name} has no subject of its unit", _without_subject(prepared[name].data))
    decisions = prepared["eligibility"].data.select(["programme_id", "unit", "person_id", "family_id", "house_id"])
    twice = len(decisions) - len(decisions.group_by(decisions.column_names).aggregate([]))
    yield Finding("references", "eligibility is decided twice for one subject", twice)


def _without_subject(data: pa.Table) -> int:
    """Rows about a person without a person's id, and so on."""
    return sum(
        pc.filter(data[f"{unit}_id"], pc.fill_null(pc.equal(data["unit"], unit), False)).null_count
        for unit in ("person", "family", "house")
    )


def _registered_niks(prepared: Prepared) -> pa.ChunkedArray:
    person = prepared["person"].data
    return pc.filter(person["nik"], pc.fill_null(pc.equal(person["register_status"], "registered"), False))


def _text(state: State, frame: str, column: str) -> pa.ChunkedArray:
    return pa.chunked_array([pa.array(state[frame][column], from_pandas=True)]).cast(pa.large_string())


def _outside(values: pa.ChunkedArray, known: pa.ChunkedArray | Iterable[str]) -> int:
    """How many values (missing ones aside) are not among the known ones."""
    present = pc.drop_null(values)
    inside = pc.is_in(present, value_set=known.combine_chunks() if isinstance(known, pa.ChunkedArray) else known)
    return len(present) - int(pc.sum(inside).as_py() or 0)
