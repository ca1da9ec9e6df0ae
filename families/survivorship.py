"""Which source's value survives, column by column, in one table.

Sources contradict each other: they were taken at different times, and some know a thing better than others. For each column
the table says whether the newer or the more trusted source speaks first, how long a value is believed, and why. Trust comes
from the source contracts. Among equals the record that stands first (delivery, file, sheet, row) speaks, never a hash.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from families.lookup import Positions, first_positions, taken_at
from schemas.canonical import HOUSING_COLUMNS

Order = Literal["recency", "trust"]
Register = Literal["first", "last", "deaths first", "silent"]
"""When the population register speaks: before every office, after all of them, before them only where it knows of a death, or never."""


@dataclass(frozen=True)
class SurvivorshipRule:
    """How the values of one column compete. `months`: older deliveries are not believed at all."""

    column: str
    order: Order
    why: str
    months: int | None = None
    register: Register = "silent"


_IDENTITY_COLUMNS = ("nik", "name", "birth_place", "birth_date", "sex", "religion", "father_name", "mother_name", "kk_number")
SURVIVORSHIP: tuple[SurvivorshipRule, ...] = (
    # Welfare of the family
    SurvivorshipRule("decile", "recency", "BPS ranks anew every quarter, and an older decile is withdrawn"),
    SurvivorshipRule("poverty_kind", "recency", "a later visit of the village saw a later state"),
    SurvivorshipRule("owns_valuables", "recency", "goods are bought and sold"),
    # Facts about persons
    SurvivorshipRule("disability_level", "recency", "illness and age change it, and only interviews ask for it"),
    SurvivorshipRule("severe_disability", "recency", "as disability_level"),
    SurvivorshipRule("chronic_illness", "recency", "as disability_level"),
    SurvivorshipRule("pregnant", "recency", "a pregnancy lasts nine months; an older answer says nothing about today", months=9),
    SurvivorshipRule("school_participation", "recency", "a school year lasts twelve months; an older answer is of another year", months=12),
    SurvivorshipRule("school_level", "recency", "as school_participation", months=12),
    SurvivorshipRule("works", "recency", "jobs are found and lost"),
    SurvivorshipRule("has_business", "recency", "businesses open and close"),
    SurvivorshipRule("widowed", "recency", "the register learns of a death late; the village knows it", register="last"),
    SurvivorshipRule("lives_alone", "recency", "a later visit saw a later state; where nobody asked, the family card answers"),
    SurvivorshipRule(
        "resident_status",
        "recency",
        "a newer interview knows of deaths and moves that the register has not heard of; but nobody comes back from the dead",
        register="deaths first",
    ),
    # Who somebody is. Of residents the register speaks alone, but for card and relation of those whom an interview met in another
    # family (`surveyed`); the order among offices is for people whom it does not know.
    *(
        SurvivorshipRule(column, "trust", "identity does not change: the more careful source is right, not the newer one", register="first")
        for column in _IDENTITY_COLUMNS
    ),
    *(
        SurvivorshipRule(column, "recency", "it changes in the course of a life, and the register is told by law", register="first")
        for column in ("relation", "marital_status", "education", "occupation")
    ),
    # Where somebody lives: one record gives all of it, so that parts of two addresses never mix
    SurvivorshipRule("address", "recency", "people move, and the register is told by law", register="first"),
    # The house
    SurvivorshipRule("position", "recency", "of the positions that are believed, the latest is that of the house in which they live now"),
    *(
        SurvivorshipRule(column, "recency", "houses are built, mended and fall into ruin; the latest visit saw the house of today")
        for column in HOUSING_COLUMNS
    ),
)
"""Every column for which several sources may speak, and why the one that speaks first does."""

RULES: dict[str, SurvivorshipRule] = {rule.column: rule for rule in SURVIVORSHIP}


@dataclass(frozen=True)
class RecordRanking:
    """The records in the order in which they speak: row positions, best first, under each policy."""

    by_recency: Positions
    by_trust: Positions
    delivered_on: npt.NDArray[np.datetime64]
    trust: npt.NDArray[np.int64]
    source_code: npt.NDArray[np.int64]
    places: Positions
    """The place of each record in the files' own order, which settles what is otherwise equal."""
    as_of: dt.date

    def order(self, rule: SurvivorshipRule) -> Positions:
        """The rows that may speak for a column, best first."""
        order = self.by_recency if rule.order == "recency" else self.by_trust
        if rule.months is None:
            return order
        oldest = np.datetime64((pd.Timestamp(self.as_of) - pd.DateOffset(months=rule.months)).to_datetime64())
        return order[self.delivered_on[order] >= oldest]  # an undated delivery (NaT) compares as false: it is not believed


def provenance_order(records: pd.DataFrame) -> Positions:
    """Row positions in the order source, delivery, file, sheet, row, mention: natural, and the same whatever the HMAC key is."""
    codes = [pd.factorize(records[column], sort=True)[0] for column in ("source", "delivery_id", "file", "sheet")]
    mention = pd.factorize(records["mention"], sort=True)[0]
    return np.lexsort((mention, records["row"].to_numpy(dtype=np.int64), *reversed(codes))).astype(np.int64)


def rank_records(records: pd.DataFrame, trust: pd.DataFrame, as_of: dt.date) -> RecordRanking:
    """The order in which records speak. `trust`: source, trust (0-100); a source without trust counts as 0."""
    points = records["source"].map(trust.set_index("source")["trust"]).fillna(0).to_numpy(dtype=np.int64)
    delivered_on = records["delivered_on"].to_numpy(dtype="datetime64[ns]")
    age = -np.where(np.isnat(delivered_on), np.iinfo(np.int64).min + 1, delivered_on.astype(np.int64))
    natural = np.empty(len(records), dtype=np.int64)
    natural[provenance_order(records)] = np.arange(len(records))
    return RecordRanking(
        by_recency=np.lexsort((natural, -points, age)).astype(np.int64),
        by_trust=np.lexsort((natural, age, -points)).astype(np.int64),
        delivered_on=delivered_on,
        trust=points,
        source_code=pd.factorize(records["source"], sort=True)[0].astype(np.int64),
        places=natural,
        as_of=as_of,
    )


def surviving_rows(values: pd.Series, entities: Positions, count: int, ranking: RecordRanking, column: str | None = None) -> Positions:
    """For each entity the row whose value survives; -1 where no row has one. `column` names the rule (default: the series' name)."""
    rule = RULES[column or str(values.name)]
    known = values.notna().to_numpy()
    return first_positions(np.where(known, entities, -1), ranking.order(rule), count)


def surviving_values(values: pd.Series, entities: Positions, count: int, ranking: RecordRanking) -> pd.Series:
    """For each entity the surviving value, missing where there is none."""
    return taken_at(values, surviving_rows(values, entities, count, ranking))


def surviving_majority_rows(values: pd.Series, entities: Positions, count: int, ranking: RecordRanking) -> Positions:
    """As `surviving_rows`, for a value of the family that its members' records repeat: within the source that speaks, most of them.

    A list repeats the decile on each member; one member who has just moved in brings another family's. Ties go to the record
    that stands first.
    """
    first = surviving_rows(values, entities, count, ranking)
    known = (values.notna() & (entities >= 0)).to_numpy()
    rows = np.flatnonzero(known)
    if not len(rows):
        return first
    leader = first[entities[rows]]
    same = (leader >= 0) & (ranking.source_code[rows] == ranking.source_code[leader])
    delivered = ranking.delivered_on
    same &= (delivered[rows] == delivered[leader]) | (np.isnat(delivered[rows]) & np.isnat(delivered[leader]))
    rows = rows[same]
    rank = np.empty(len(values), dtype=np.int64)
    rank[ranking.by_recency] = np.arange(len(values))
    votes = pd.DataFrame({"entity": entities[rows], "value": pd.factorize(values.iloc[rows])[0], "rank": rank[rows], "row": rows})
    groups = (
        votes.sort_values("rank")
        .groupby(["entity", "value"], sort=False)
        .agg(size=("row", "size"), rank=("rank", "first"), row=("row", "first"))
    )
    groups = groups.reset_index().sort_values(["entity", "size", "rank"], ascending=[True, False, True]).drop_duplicates("entity")
    result = first.copy()
    result[groups["entity"].to_numpy(dtype=np.int64)] = groups["row"].to_numpy(dtype=np.int64)
    return result
