"""Families in a few words, so that a test shows only what decides; and the whole way from them to a decision."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from eligibility import build_aid_received, build_family_facts, decide, targeting_gaps
from schemas.canonical import PROVENANCE_COLUMNS, TEXT, as_canonical
from schemas.programmes import ProgrammeBook, load_programmes

AS_OF = dt.date(2026, 10, 1)
BOOK = load_programmes()
DESA, KELURAHAN = "35.10.01.2001", "35.10.16.1001"
AREAS = pd.DataFrame({"area_code": [DESA, KELURAHAN], "level": "village", "kind": ["desa", "kelurahan"]}).astype(TEXT)

_BOOLEANS = ("severe_disability", "chronic_illness", "pregnant", "works", "has_business", "widowed", "lives_alone")
_PERSON_TEXTS = ("sex", "relation", "education", "occupation", "school_participation", "school_level")
_HOUSING = ("tenure", "floor", "wall", "roof", "water", "lighting", "fuel", "latrine", "closet", "disposal", "power", "house_condition")


def born(age: int, days_after_birthday: int = 0) -> str:
    """The birth date of somebody who is so old at the as-of date, so many days after the birthday."""
    return str((pd.Timestamp(AS_OF) - pd.DateOffset(years=age) - pd.Timedelta(days=days_after_birthday)).date())


def adult(**facts: Any) -> dict[str, Any]:
    """Somebody of 40 about whom everything is known and nothing entitles to anything."""
    known = {"age": 40, "sex": "L", "occupation": "BURUH HARIAN LEPAS", "works": True, "has_business": False, "severe_disability": False}
    return known | {"education": "TAMAT SD/SEDERAJAT", "pregnant": False, "school_participation": "3", "school_level": "3"} | facts


@dataclass
class Village:
    """Families with members and houses, and lists of recipients."""

    families: list[dict[str, Any]] = field(default_factory=list)
    members: list[dict[str, Any]] = field(default_factory=list)
    dwellings: dict[str, dict[str, Any]] = field(default_factory=dict)
    records: list[dict[str, Any]] = field(default_factory=list)
    book: ProgrammeBook = BOOK

    def family(self, family_id: str, *members: dict[str, Any], house: dict[str, Any] | None = None, **facts: Any) -> None:
        """A family; members are given by `age` (or birth_date) and facts, the first is the head."""
        house_id = facts.pop("house_id", f"H{family_id}")
        self.dwellings.setdefault(house_id, house or {})
        for number, member in enumerate(members):
            person = {"person_id": f"{family_id}.{number}", "family_id": family_id, "vital_status": "alive", "residence": "present"}
            if "age" in member:
                person["birth_date"] = born(member["age"], 30)
            self.members.append(person | {"register_status": "registered"} | {k: v for k, v in member.items() if k != "age"})
        decile = facts.get("decile")
        status = facts.get("poverty_status") or _status(decile)
        known = {"family_id": family_id, "house_id": house_id, "area_code": DESA, "register_status": "registered"}
        known |= {"head_person_id": f"{family_id}.0", "poverty_source": "dinsos_dtsen" if status != "unknown" else pd.NA}
        self.families.append(known | facts | {"poverty_status": status})

    def aid(self, programme: str, person: str, unit: str = "family", **facts: Any) -> str:
        """A row of a list of recipients about this person."""
        record_id = f"list:{len(self.records):03d}"
        row = {"record_id": record_id, "role": "recipients", "unit": unit, "programme": programme, "person_id": person}
        self.records.append(row | {"period": "2026-07/2026-09", "delivered_on": "2026-09-20", "row": 1} | facts)
        return record_id

    def flag(self, person: str, **flags: bool) -> None:
        """A row of a welfare list about this person."""
        row = {"record_id": f"dtsen:{len(self.records):03d}", "role": "welfare", "unit": "person", "person_id": person}
        self.records.append(row | {"delivered_on": "2026-09-15", "row": 1} | flags)

    @property
    def persons(self) -> pd.DataFrame:
        texts = ("person_id", "family_id", "vital_status", "residence", "register_status", *_PERSON_TEXTS)
        frame = pd.DataFrame(self.members).reindex(columns=[*texts, "birth_date", *_BOOLEANS])
        return frame.astype({**dict.fromkeys(texts, TEXT), **dict.fromkeys(_BOOLEANS, "boolean"), "birth_date": "datetime64[ns]"})

    @property
    def families_frame(self) -> pd.DataFrame:
        texts = ("family_id", "house_id", "area_code", "register_status", "head_person_id", "poverty_status", "poverty_source")
        frame = pd.DataFrame(self.families).reindex(columns=[*texts, "decile", "owns_valuables"])
        return frame.astype({**dict.fromkeys(texts, TEXT), "decile": "Int64", "owns_valuables": "boolean"})

    @property
    def houses(self) -> pd.DataFrame:
        frame = pd.DataFrame([{"house_id": house_id} | facts for house_id, facts in self.dwellings.items()])
        frame = frame.reindex(columns=["house_id", *_HOUSING, "floor_area_m2"])
        return frame.astype({**dict.fromkeys(("house_id", *_HOUSING), TEXT), "floor_area_m2": "float64"})

    @property
    def facts(self) -> pd.DataFrame:
        return build_family_facts(self.families_frame, self.persons, self.houses, AREAS, as_of=AS_OF, signs=self.book.signs)

    @property
    def aid_received(self) -> pd.DataFrame:
        frame = pd.DataFrame(self.records)
        columns = [*PROVENANCE_COLUMNS, "period", "amount", "pbi_national", "pbi_local"]
        records = as_canonical(frame.assign(row=1) if len(frame) else frame, columns)
        persons = self.persons.set_index("person_id")
        about = pd.DataFrame({"record_id": records["record_id"], "person_id": frame.get("person_id", pd.Series(dtype=object))}).astype(TEXT)
        about["family_id"] = about["person_id"].map(persons["family_id"]).astype(TEXT)
        return build_aid_received(records, about, self.families_frame, self.book, as_of=AS_OF)

    @property
    def decisions(self) -> pd.DataFrame:
        return decide(self.book, self.facts, self.persons, self.houses, self.aid_received, as_of=AS_OF)

    @property
    def gaps(self) -> pd.DataFrame:
        return targeting_gaps(self.book, self.decisions, self.aid_received, self.persons, self.facts)

    def decision(self, programme: str, unit_id: str) -> pd.Series:
        decisions = self.decisions
        of_unit = (decisions[["person_id", "family_id", "house_id"]] == unit_id).any(axis=1)
        found = decisions[(decisions["programme_id"] == programme) & of_unit]
        assert len(found) == 1, f"{len(found)} decisions on {programme} for {unit_id}"
        return found.iloc[0]

    def status(self, programme: str, unit_id: str) -> str:
        return str(self.decision(programme, unit_id)["status"])

    def answers(self, programme: str, unit_id: str) -> dict[str, bool | None]:
        """Criterion code -> holds."""
        return {reason["code"]: reason["holds"] for reason in json.loads(self.decision(programme, unit_id)["reasons"])}


def _status(decile: int | None) -> str:
    if decile is None:
        return "unknown"
    return {1: "extreme_poor", 2: "poor", 3: "near_poor", 4: "near_poor"}.get(decile, "not_poor")
