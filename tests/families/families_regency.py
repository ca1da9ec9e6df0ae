"""A register and offices' records in a few words, so that a test shows only what it is about."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from families import KnownIdentities, build_families, build_persons, record_persons
from schemas.canonical import PROVENANCE_COLUMNS, TEXT, as_canonical

AS_OF = dt.date(2026, 10, 1)
KEY = b"a key of the tests"
TRUST = pd.DataFrame({"source": ["dinsos_dtsen", "dinsos_pkh", "village_survey"], "trust": [70, 60, 80]})
REGISTER = [
    "nik",
    "kk_number",
    "name",
    "birth_date",
    "sex",
    "relation",
    "marital_status",
    "resident_status",
    "area_code",
    "rt",
    "rw",
    "hamlet",
]


@dataclass
class Regency:
    """Residents and records, added one by one, and what the library makes of them."""

    residents: list[dict[str, Any]] = field(default_factory=list)
    records: list[dict[str, Any]] = field(default_factory=list)
    links: list[dict[str, Any]] = field(default_factory=list)

    def resident(self, nik: str, kk: str | None = "K1", **facts: Any) -> None:
        row = {"nik": nik, "kk_number": kk, "resident_status": "HIDUP", "area_code": "35.10.01.2001", "relation": "ANAK"}
        self.residents.append(row | {"birth_date": "1980-01-01"} | facts)

    def record(self, person: str, source: str = "dinsos_dtsen", on: str = "2026-09-15", **facts: Any) -> str:
        """A record about `person`: a NIK of the register, or a cluster when it starts with c."""
        link = {name: facts.pop(name, pd.NA) for name in ("method", "probability")}
        row = len(self.records) + 1
        record_id = f"{source}:{row:04d}:1"
        place = {
            "record_id": record_id,
            "source": source,
            "delivery_id": f"{source}/{on}",
            "delivered_on": on,
            "row": row,
            "mention": "person",
        }
        self.records.append(place | {"file": "file.xlsx", "sheet": "S", "table": 1} | facts)
        unregistered = person.startswith("c")
        self.links.append(
            {
                "record_id": record_id,
                "source": source,
                "status": "unregistered" if unregistered else "linked",
                "register_nik": pd.NA if unregistered else person,
                "cluster_id": person if unregistered else pd.NA,
                **link,
            }
        )
        return record_id

    @property
    def population_frame(self) -> pd.DataFrame:
        frame = pd.DataFrame(self.residents)
        return as_canonical(frame, sorted({*REGISTER, *frame.columns}))

    @property
    def records_frame(self) -> pd.DataFrame:
        frame = pd.DataFrame(self.records, columns=None if self.records else list(PROVENANCE_COLUMNS))
        return as_canonical(frame, [*PROVENANCE_COLUMNS, *sorted(set(frame.columns) - set(PROVENANCE_COLUMNS))])

    @property
    def links_frame(self) -> pd.DataFrame:
        columns = ["record_id", "source", "status", "register_nik", "cluster_id", "method", "probability"]
        return pd.DataFrame(self.links, columns=columns).astype({**dict.fromkeys(columns, TEXT), "probability": "Float64"})

    def persons(self, known: KnownIdentities | None = None, seed: int | None = None) -> pd.DataFrame:
        population, records, links = self._shuffled(seed)
        known = known or KnownIdentities.none()
        return build_persons(population, records, links, known=known, hash_key=KEY, as_of=AS_OF, trust=TRUST)

    def record_persons(self, persons: pd.DataFrame) -> pd.DataFrame:
        return record_persons(self.links_frame, persons)

    def families(self, persons: pd.DataFrame | None = None, seed: int | None = None) -> pd.DataFrame:
        persons = self.persons(seed=seed) if persons is None else persons
        population, records, links = self._shuffled(seed)
        return build_families(persons, population, records, record_persons(links, persons), hash_key=KEY, trust=TRUST, as_of=AS_OF)

    def _shuffled(self, seed: int | None) -> Iterable[pd.DataFrame]:
        frames = (self.population_frame, self.records_frame, self.links_frame)
        if seed is None:
            return frames
        return tuple(frame.sample(frac=1, random_state=seed, ignore_index=True) for frame in frames)


def only(frame: pd.DataFrame, column: str, value: str) -> pd.Series:
    """The one row of the frame that has this value."""
    rows = frame[frame[column] == value]
    assert len(rows) == 1, f"{len(rows)} rows with {column} = {value}"
    return rows.iloc[0]
