"""What changed between two publications, in an officer's terms: who is newly poor, who left, moved or died, which programme began or ended.

It is read from the versions that the history tables keep, so it can be asked for any two publications, at any time. Ids of families that
merged or parted come from the identity registry: two cards that proved to be one family are not a family that left.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import Connection, Engine, text

from publishing.database import snapshot
from publishing.errors import NoSuchPublication, without_values
from schemas.canonical import TEXT

COLUMNS = ("kind", "entity", "entity_id", "name", "area_code", "before", "after")

KINDS: dict[str, tuple[str, str]] = {
    "newly_poor": ("keluarga baru miskin", "families newly poor"),
    "no_longer_poor": ("keluarga tidak lagi miskin", "families no longer poor"),
    "family_new": ("keluarga baru dalam data", "families new in the data"),
    "family_left": ("keluarga keluar dari data", "families that left the data"),
    "family_moved": ("keluarga pindah alamat", "families at another address"),
    "person_new": ("orang baru dalam data", "persons new in the data"),
    "person_left": ("orang keluar dari data", "persons that left the data"),
    "person_died": ("orang meninggal", "persons who died"),
    "person_moved_away": ("orang pindah", "persons who moved away"),
    "changed_family": ("orang berganti keluarga", "persons in another family"),
    "programme_gained": ("program mulai diterima", "programmes that began"),
    "programme_lost": ("program berhenti diterima", "programmes that ended"),
    "merge": ("id digabung", "ids merged"),
    "absorb": ("orang atau keluarga tak terdaftar yang ternyata terdaftar", "unregistered ones who proved to be registered"),
    "split": ("id dipecah", "ids split"),
    "alias": ("id atau nomor baru untuk yang sama", "a new id or number for the same"),
}
"""Every kind of change, in both languages, in the order of the report."""

_BEFORE = "valid_from <= :first AND valid_to > :first AND valid_to <= :last"
_AFTER = "valid_from > :first AND valid_from <= :last AND (valid_to IS NULL OR valid_to > :last)"
_SUBJECTS = {
    "person": "person_id AS id, name, family_id, vital_status, residence",
    "family": "family_id AS id, head_person_id, area_code, hamlet, rt, rw, address, is_poor, poverty_status",
    "eligibility": "coalesce(person_id, family_id, house_id) || ' ' || programme_id AS id, unit, "
    "coalesce(person_id, family_id, house_id) AS subject, programme_id, status",
}


@dataclass(frozen=True)
class ChangeReport:
    """The changes from publication `first` to `last`: COLUMNS, one row each."""

    first: int
    last: int
    changes: pd.DataFrame
    area_names: Mapping[str, str] = field(default_factory=dict)
    """The names of villages by their codes."""

    def counts(self) -> dict[str, int]:
        """How many changes of each kind, in the order of KINDS; kinds without any are 0."""
        found = self.changes["kind"].value_counts()
        return {kind: int(found.get(kind, 0)) for kind in KINDS}


@without_values
def change_report(engine: Engine, first: int, last: int) -> ChangeReport:
    """What changed from publication `first` to publication `last`. Raises NoSuchPublication, also where first is not before last."""
    with snapshot(engine) as connection:
        known = set(connection.execute(text("SELECT number FROM publication")).scalars())
        for number in (first, last):
            if number not in known:
                raise NoSuchPublication(f"tidak ada publikasi nomor {number} / there is no publication number {number}")
        if first >= last:
            raise NoSuchPublication("publikasi pertama harus lebih lama / the first publication must be the older one")
        both = {name: _versions(connection, name, first, last) for name in _SUBJECTS}
        events = _identity_events(connection, first, last)
        names = _names(connection, last)
        areas = {str(code): str(name) for code, name in connection.execute(text("SELECT area_code, name FROM area"))}
    replaced = set(events.loc[events["kind"].isin(["merge", "absorb", "alias"]), "before"].dropna())
    parts = [
        *_family_changes(both["family"], replaced, set(events.loc[events["kind"] == "alias", "entity_id"])),
        *_person_changes(both["person"], replaced),
        *_programme_changes(both["eligibility"]),
        events,
    ]
    changes = pd.concat([part.reindex(columns=list(COLUMNS)).astype(TEXT) for part in parts], ignore_index=True)
    changes["name"] = changes["name"].fillna(changes["entity_id"].map(names["name"]))
    changes["area_code"] = changes["area_code"].fillna(changes["entity_id"].map(names["area_code"]))
    order = {kind: place for place, kind in enumerate(KINDS)}
    changes = changes.sort_values(
        ["kind", "area_code", "entity_id", "after"],
        key=lambda column: column.map(order) if column.name == "kind" else column,
        kind="stable",
    )
    return ChangeReport(first, last, changes.reset_index(drop=True), areas)


def _versions(connection: Connection, name: str, first: int, last: int) -> pd.DataFrame:
    """The subjects whose version changed, with their columns before (`_0`) and after (`_1`); `side`: left_only, right_only or both."""
    between = {"first": first, "last": last}
    frames = [
        pd.read_sql_query(text(f"SELECT {_SUBJECTS[name]} FROM {name} WHERE {where}"), connection, params=between)  # noqa: S608 - our names
        for where in (_BEFORE, _AFTER)
    ]
    return frames[0].merge(frames[1], on="id", how="outer", suffixes=("_0", "_1"), indicator="side")


def _identity_events(connection: Connection, first: int, last: int) -> pd.DataFrame:
    query = (
        "SELECT kind, entity, entity_id, other_id AS before, entity_id AS after FROM identity_event "
        "WHERE kind <> 'create' AND publication > :first AND publication <= :last"
    )
    return pd.read_sql_query(text(query), connection, params={"first": first, "last": last}).astype(TEXT)


def _names(connection: Connection, last: int) -> pd.DataFrame:
    """The name and area of each person, and of each family those of its head, as publication `last` or the newest before it shows them."""
    query = (
        "SELECT p.person_id AS id, p.name, f.area_code, p.valid_from FROM person AS p "
        "LEFT JOIN family AS f ON f.family_id = p.family_id AND f.valid_to IS NULL WHERE p.valid_from <= :last "
        "UNION ALL SELECT f.family_id, p.name, f.area_code, f.valid_from FROM family AS f "
        "LEFT JOIN person AS p ON p.person_id = f.head_person_id AND p.valid_to IS NULL WHERE f.valid_from <= :last"
    )
    rows = pd.read_sql_query(text(query), connection, params={"last": last}).sort_values("valid_from", kind="stable")
    return rows.drop_duplicates("id", keep="last").set_index("id").astype({"name": TEXT, "area_code": TEXT})


def _rows(
    kind: str, entity: str, frame: pd.DataFrame, where: pd.Series, before: str | None = None, after: str | None = None
) -> pd.DataFrame:
    chosen = frame[where.fillna(False).astype(bool)]
    values: dict[str, Any] = {"kind": kind, "entity": entity, "entity_id": chosen["id"]}
    for name, column in (("before", before), ("after", after)):
        values[name] = chosen[column] if column else pd.NA
    return pd.DataFrame(values)


def _family_changes(families: pd.DataFrame, replaced: set[str], aliases: set[str]) -> list[pd.DataFrame]:
    was, now = families["side"] != "right_only", families["side"] != "left_only"
    poor_before = was & families["is_poor_0"].astype("boolean").fillna(False).astype(bool)
    poor_now = now & families["is_poor_1"].astype("boolean").fillna(False).astype(bool)
    same = ~families["id"].isin(replaced | aliases)
    moved = _differs(families, "area_code") | _differs(families, "hamlet") | _differs(families, "rt") | _differs(families, "rw")
    moved |= _differs(families, "address")
    return [
        _rows("newly_poor", "family", families, poor_now & ~poor_before & same, "poverty_status_0", "poverty_status_1"),
        _rows("no_longer_poor", "family", families, was & now & poor_before & ~poor_now, "poverty_status_0", "poverty_status_1"),
        _rows("family_new", "family", families, now & ~was & same, None, "area_code_1"),
        _rows("family_left", "family", families, was & ~now & same, "area_code_0", None),
        _rows("family_moved", "family", families, was & now & moved, "area_code_0", "area_code_1"),
    ]


def _person_changes(persons: pd.DataFrame, replaced: set[str]) -> list[pd.DataFrame]:
    was, now = persons["side"] != "right_only", persons["side"] != "left_only"
    both = was & now
    died = both & (persons["vital_status_1"] == "dead") & (persons["vital_status_0"] != "dead")
    away = both & (persons["residence_1"] == "moved") & (persons["residence_0"] != "moved")
    return [
        _rows("person_new", "person", persons, now & ~was, None, "family_id_1"),
        _rows("person_left", "person", persons, was & ~now & ~persons["id"].isin(replaced), "family_id_0", None),
        _rows("person_died", "person", persons, died),
        _rows("person_moved_away", "person", persons, away),
        _rows("changed_family", "person", persons, both & _differs(persons, "family_id"), "family_id_0", "family_id_1"),
    ]


def _programme_changes(decisions: pd.DataFrame) -> list[pd.DataFrame]:
    received, receives = decisions["status_0"] == "receiving", decisions["status_1"] == "receiving"
    plain = decisions.assign(
        id=decisions["subject_1"].fillna(decisions["subject_0"]),
        unit=decisions["unit_1"].fillna(decisions["unit_0"]),
        programme=decisions["programme_id_1"].fillna(decisions["programme_id_0"]),
    )
    parts = [
        _rows("programme_gained", "", plain, receives & ~received, None, "programme"),
        _rows("programme_lost", "", plain, received & ~receives, "programme", None),
    ]
    return [part.assign(entity=plain["unit"].reindex(part.index)) for part in parts]


def _differs(frame: pd.DataFrame, column: str) -> pd.Series:
    """Where a value is another one; missing on both sides is no difference."""
    before, after = frame[f"{column}_0"].astype(TEXT), frame[f"{column}_1"].astype(TEXT)
    return pd.Series(np.asarray(before.fillna("") != after.fillna("")), index=frame.index)
