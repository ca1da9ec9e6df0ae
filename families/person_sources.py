"""Where the values of persons come from: what each office's record said of them, which value was used, and which lost.

Most values of most people come from one place, so one place is named once: `register_record` (what the register says of residents) and
`office_record` (the record of an office that most of the person's other values come from). A value is listed on its own only where that
is not the whole story: records say something else, or the value comes from another record. At the size of a regency that is a tenth
of the rows that one row per value would take.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from families.lookup import Positions, first_positions, positions_of, taken_at
from families.persons import stated_presence
from families.record_facts import PERSON_FACT_COLUMNS, record_facts, text_column
from families.survivorship import RULES, RecordRanking, rank_records
from schemas.canonical import TEXT

PERSON_SOURCE_COLUMNS = ("entity_id", "attribute", "value", "source", "record_id", "stated_in", "used", "reason")
_REGISTER = "dukcapil_population"
IDENTITY = (
    *("nik", "kk_number", "name", "birth_place", "birth_date", "sex", "relation", "marital_status", "religion", "education"),
    *("occupation", "father_name", "mother_name"),
)
_FREELY_WRITTEN = ("name", "birth_place", "father_name", "mother_name")
"""Two spellings that differ in case or spaces alone are one value."""
_PRESENCE = ("vital_status", "residence")
_FACTS = tuple(name for name in PERSON_FACT_COLUMNS if name != "lives_alone")
"""Who lives alone is a fact of the family (its size) wherever it is published."""


@dataclass(frozen=True)
class PersonSources:
    """`listed`: PERSON_SOURCE_COLUMNS, by attribute; `office_record`: a record_id for each of the persons, missing where none spoke."""

    listed: pd.DataFrame
    office_record: pd.Series


@dataclass(frozen=True)
class _Stated:
    """What all records say of one attribute, and how they compete for it."""

    attribute: str
    said: pd.Series
    column: str
    """The column of the lists that answers it."""
    answers: pd.Series
    """What stands in that column; missing where the value was read off other columns."""
    rule: str

    @property
    def register_too(self) -> bool:
        """Whether the register may have given the value where no record did, so that each record that did must be named."""
        return RULES[self.rule].register in {"last", "deaths first"}


def build_person_sources(
    persons: pd.DataFrame, social_records: pd.DataFrame, record_person: pd.DataFrame, *, trust: pd.DataFrame, as_of: dt.date
) -> PersonSources:
    """The values of persons that need a word about where they come from, and the record that the others come from.

    persons: of `build_persons`; record_person: record_id, person_id. Listed are values that differ from the person's (one row for equal
    values of one delivery, also those too old to be believed), beside them the value that was used, if a record gave it, and used values
    that come from another record than `office_record`. What the register gave has no row: `register_record` says where it stands.
    """
    count = len(persons)
    link = positions_of(social_records["record_id"], record_person["record_id"])
    owner = positions_of(taken_at(record_person["person_id"], link), persons["person_id"])
    ranking = rank_records(social_records, trust, as_of)
    registered = (persons["register_status"] == "registered").to_numpy(dtype=bool)
    found = [(stated, *_choice(stated, persons, owner, ranking, registered)) for stated in _all_stated(social_records)]
    votes = np.zeros(len(social_records), dtype=np.int64)
    for _, _, used in found:
        np.add.at(votes, used[used >= 0], 1)
    natural = np.lexsort((ranking.places, -votes)).astype(np.int64)
    office = first_positions(np.where(votes > 0, owner, -1), natural, count)
    delivery = pd.factorize(social_records["delivery_id"])[0].astype(np.int64)
    parts = [*_moves(persons, social_records)]
    parts += [_listed(stated, losing, used, office, owner, delivery, social_records, persons) for stated, losing, used in found]
    empty = pd.DataFrame({name: pd.Series([], dtype=bool if name == "used" else TEXT) for name in PERSON_SOURCE_COLUMNS})
    listed = pd.concat([part for part in parts if len(part)] or [empty], ignore_index=True)[list(PERSON_SOURCE_COLUMNS)]
    return PersonSources(listed, taken_at(social_records["record_id"], office).astype(TEXT))


def _all_stated(records: pd.DataFrame) -> Iterator[_Stated]:
    for name in IDENTITY:
        if name in records:
            yield _Stated(name, records[name], name, records[name], name)
    if "resident_status" in records:
        status = records["resident_status"]
        for name, said in zip(_PRESENCE, stated_presence(status), strict=True):
            yield _Stated(name, said.where(status.notna()), "resident_status", status, "resident_status")
    facts = record_facts(records)
    for name in _FACTS:
        if facts[name].notna().any():
            yield _Stated(name, facts[name], name, text_column(records, name), name)


def _moves(persons: pd.DataFrame, records: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """Card and relation of residents who live elsewhere than on their card: the interview's, and the register's that lost; and why."""
    moved = persons[persons["moved"].notna()]
    source = taken_at(records["source"], positions_of(moved["moved_by"], records["record_id"])).array
    for name, before in (("kk_number", "card_of_register"), ("relation", "relation_of_register")):
        about = {"entity_id": moved["person_id"], "attribute": name, "stated_in": name, "reason": moved["moved"]}
        yield pd.DataFrame({**about, "value": moved[name], "source": source, "record_id": moved["moved_by"], "used": True})
        lost = pd.DataFrame({**about, "value": moved[before], "source": _REGISTER, "record_id": pd.NA, "stated_in": pd.NA, "used": False})
        yield lost[lost["value"].notna()].astype({"record_id": TEXT, "stated_in": TEXT})


def _as_text(values: pd.Series) -> pd.Series:
    if pd.api.types.is_datetime64_any_dtype(values.dtype):
        days: pd.Series = values.dt.strftime("%Y-%m-%d").astype(TEXT)
        return days
    words: pd.Series = values.astype(TEXT)
    if pd.api.types.is_bool_dtype(values.dtype):
        words = words.str.lower()
    return words


def _plain(values: pd.Series) -> pd.Series:
    plain: pd.Series = values.str.upper().str.replace(r"\s+", " ", regex=True).str.strip()
    return plain


def _choice(
    stated: _Stated, persons: pd.DataFrame, owner: Positions, ranking: RecordRanking, registered: npt.NDArray[np.bool_]
) -> tuple[Positions, Positions]:
    """The rows that say something else than the person's value, best first; and for each person the row whose value was used, or -1."""
    rule = RULES[stated.rule]
    speaks = (stated.said.notna().to_numpy() & (owner >= 0)).astype(bool)
    order = ranking.by_recency if rule.order == "recency" else ranking.by_trust
    rows = order[speaks[order]]
    held, said = persons[stated.attribute], stated.said
    agrees = np.zeros(len(owner), dtype=bool)
    agrees[rows] = (taken_at(said, rows) == taken_at(held, owner[rows])).fillna(False).to_numpy(dtype=bool)
    if stated.attribute in _FREELY_WRITTEN:
        # Most names are equal to the letter; only the others are worth writing in one case.
        others = rows[~agrees[rows]]
        plain = _plain(taken_at(said, others)) == _plain(taken_at(held, owner[others]))
        agrees[others] = plain.fillna(False).to_numpy(dtype=bool)
    used = first_positions(np.where(speaks, owner, -1), ranking.order(rule), len(persons))
    if rule.register == "first":
        used = np.where(registered, -1, used)
    used = np.where((used >= 0) & agrees[used], used, -1)
    return rows[~agrees[rows]], used


def _listed(
    stated: _Stated,
    losing: Positions,
    used: Positions,
    office: Positions,
    owner: Positions,
    delivery: npt.NDArray[np.int64],
    records: pd.DataFrame,
    persons: pd.DataFrame,
) -> pd.DataFrame:
    values = taken_at(stated.said, losing)
    code = pd.factorize(_plain(values) if stated.attribute in _FREELY_WRITTEN else values)[0].astype(np.int64)
    key = (owner[losing] * (int(delivery.max(initial=0)) + 1) + delivery[losing]) * (int(code.max(initial=0)) + 1) + code
    losing = losing[np.sort(np.unique(key, return_index=True)[1])]
    disputed = np.zeros(len(persons), dtype=bool)
    disputed[owner[losing]] = True
    winning = used[(used >= 0) & (disputed | (used != office) | stated.register_too)]
    rows = np.concatenate([winning, losing])
    return pd.DataFrame(
        {
            "entity_id": persons["person_id"].array.take(owner[rows]),
            "attribute": pd.Series(stated.attribute, index=range(len(rows)), dtype=TEXT),
            "value": _as_text(taken_at(stated.said, rows)).array,
            "source": records["source"].array.take(rows),
            "record_id": records["record_id"].array.take(rows),
            "stated_in": pd.Series(stated.column, index=range(len(rows)), dtype=TEXT).where(taken_at(stated.answers, rows).notna()).array,
            "used": np.arange(len(rows)) < len(winning),
            "reason": pd.Series(pd.NA, index=range(len(rows)), dtype=TEXT),
        }
    )
