"""Residents who live with another family than their card says, because an interview found them there.

The register's family card says who lives together, and it learns late that somebody moved in with others, or that a couple set up a house
of their own. A list that asks each member for card number, relation and presence (DTSEN) can know better. A card number alone
proves nothing: lists show old cards, mistyped ones and other people's. So nobody is moved unless all of this holds:

- the record is linked for sure (by NIK, by a person's decision, or at 0.99 and more), and gives card number and relation;
- its delivery is newer than the register's, and no newer record says otherwise; where either day is unknown, nobody is moved; whom the
  register holds for dead, nobody moves;
- *joined*: the record says that the person is new in the family, or the same delivery lists them under their own card as moved away;
  and another resident of the new card is met there, under that card, in the same delivery;
- *split*: two or more residents of one card are listed under one number that the register does not know, with one of them as head who
  is not the head of the card; the rest of the card is met under the card's own number, without them, in another neighbourhood.

The village survey asks only one person for each house and no relation: it moves nobody.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from families.lookup import Positions, positions_of, taken_at
from families.record_facts import text_column
from families.survivorship import RecordRanking
from schemas.canonical import TEXT

JOINED, SPLIT = "joined", "split"
NEW_MEMBER = "ANGGOTA BARU"
SURE_PROBABILITY = 0.99
"""A person is moved by what is certain only; links of less are right often enough to count records, not to change where people live."""
_HEAD = "KEPALA KELUARGA"
_GONE = ("MATI", "PINDAH", "PERGI", "HILANG", "TIDAK VALID")
_MOVED = ("PINDAH", "PERGI")
_DEAD = "MATI"


@dataclass(frozen=True)
class Evidence:
    """What the register and the records say, as far as it decides with whom somebody lives.

    population: the register, with its `delivery_id`; records: the offices' mentions; links: method and probability of each record's
    link, as far as known, in the order of the records; resident: row position in the population of each record's resident, -1 for none;
    register_family: a number per resident; card_numbers: the card number of each of these families; ranking: of the records.
    """

    population: pd.DataFrame
    records: pd.DataFrame
    links: pd.DataFrame
    resident: Positions
    register_family: Positions
    card_numbers: pd.Series
    ranking: RecordRanking


@dataclass(frozen=True)
class Moves:
    """Who lives elsewhere than on their card: one entry per moved resident.

    resident: row position in the population; record: row position of the record that says so; kind: JOINED or SPLIT; family: the number
    of the register's family that was joined, or one of the new families, numbered on from `family_count`.
    """

    resident: Positions
    record: Positions
    kind: npt.NDArray[np.object_]
    family: Positions

    def applied(self, register_family: Positions) -> Positions:
        """The family of each resident with these moves."""
        family = register_family.copy()
        family[self.resident] = self.family
        return family


def surveyed_moves(evidence: Evidence) -> Moves:
    """The moves that records prove."""
    said = _statements(evidence)
    joined = _joined(said)
    split = _split(said, int(evidence.register_family.max(initial=-1)) + 1)
    moves = pd.concat([joined, split[~split["resident"].isin(joined["resident"])]], ignore_index=True)
    moves = moves.sort_values("resident", kind="stable")
    return Moves(
        moves["resident"].to_numpy(dtype=np.int64),
        moves["record"].to_numpy(dtype=np.int64),
        moves["kind"].to_numpy(dtype=object),
        moves["target"].to_numpy(dtype=np.int64),
    )


def _statements(evidence: Evidence) -> pd.DataFrame:
    """What sure and new records say of where residents live, the newest first: one row per record."""
    population, records, links, ranking = evidence.population, evidence.records, evidence.links, evidence.ranking
    resident, register_family = evidence.resident, evidence.register_family
    stated, relation = text_column(records, "kk_number"), text_column(records, "relation")
    sure = links["method"].isin(["nik", "decision"]).fillna(False).to_numpy(dtype=bool) if "method" in links else np.zeros(len(links), bool)
    if "probability" in links:
        sure |= (links["probability"] >= SURE_PROBABILITY).fillna(False).to_numpy(dtype=bool)
    newer = ranking.delivered_on > _register_days(population)[resident]  # an unknown day (NaT) compares as false
    rows = ranking.by_recency
    speaks = (resident >= 0) & sure & newer & stated.notna().to_numpy() & relation.notna().to_numpy()
    rows = rows[speaks[rows]]
    who = resident[rows]
    status = taken_at(text_column(records, "resident_status"), rows)
    return pd.DataFrame(
        {
            "record": rows,
            "resident": who,
            "card": register_family[who],
            "stated": taken_at(stated, rows),
            "target": positions_of(taken_at(stated, rows), evidence.card_numbers),
            "heads": (taken_at(relation, rows) == _HEAD).fillna(False).to_numpy(dtype=bool),
            "is_head": (taken_at(population["relation"], who) == _HEAD).fillna(False).to_numpy(dtype=bool),
            "dead": (taken_at(text_column(population, "resident_status"), who) == _DEAD).fillna(False).to_numpy(dtype=bool),
            "met": ~status.isin(_GONE).fillna(False).to_numpy(dtype=bool),
            "left": status.isin(_MOVED).fillna(False).to_numpy(dtype=bool),
            "new": (status == NEW_MEMBER).fillna(False).to_numpy(dtype=bool),
            "delivery": taken_at(records["delivery_id"], rows),
            "delivered_on": ranking.delivered_on[rows],
            "place": _places(records, rows),
        }
    )


def _register_days(population: pd.DataFrame) -> npt.NDArray[np.datetime64]:
    """The day of the delivery that each resident's row comes from, NaT where it bears none; one more for -1."""
    days = np.full(len(population) + 1, np.datetime64("NaT"), dtype="datetime64[ns]")
    if "delivery_id" in population:
        codes, distinct = pd.factorize(population["delivery_id"])
        day = pd.Series(distinct, dtype=TEXT).str.extract(r"/(\d{4}-\d{2}-\d{2})", expand=False)
        of_delivery = np.append(pd.to_datetime(day).to_numpy(dtype="datetime64[ns]"), np.datetime64("NaT"))
        days[:-1] = of_delivery[codes]
    return days


def _places(records: pd.DataFrame, rows: Positions) -> pd.Series:
    """Village and neighbourhood as one text; missing where a record does not say all of it."""
    return _text(records, "area_code", rows) + "/" + _text(records, "rt", rows) + "/" + _text(records, "rw", rows)


def _text(records: pd.DataFrame, name: str, rows: Positions) -> pd.Series:
    return taken_at(text_column(records, name), rows).astype(TEXT)


def _newest(said: pd.DataFrame) -> pd.DataFrame:
    """The newest delivery's word about each resident who was met."""
    newest = said.groupby("resident")["delivered_on"].transform("max")
    met: pd.DataFrame = said[said["met"] & (said["delivered_on"] == newest)]
    return met


def _joined(said: pd.DataFrame) -> pd.DataFrame:
    newest = _newest(said)
    others = newest[(newest["target"] == newest["card"]) & (newest["target"] >= 0)]
    met_there = set(zip(others["delivery"], others["target"], strict=True))
    left = said[said["left"] & (said["target"] == said["card"])]
    left_there = set(zip(left["delivery"], left["resident"], strict=True))
    elsewhere = newest[(newest["target"] >= 0) & (newest["target"] != newest["card"]) & ~newest["heads"] & ~newest["dead"]]
    known = [place in met_there for place in zip(elsewhere["delivery"], elsewhere["target"], strict=True)]
    parted = [who in left_there for who in zip(elsewhere["delivery"], elsewhere["resident"], strict=True)]
    proved = elsewhere[np.array(known, dtype=bool) & (elsewhere["new"].to_numpy() | np.array(parted, dtype=bool))]
    # Whom two families name as their new member is not moved.
    proved = proved[proved.groupby("resident")["target"].transform("nunique") == 1].drop_duplicates("resident")
    joined: pd.DataFrame = proved[["resident", "record", "target"]].assign(kind=JOINED)
    return joined


def _split(said: pd.DataFrame, family_count: int) -> pd.DataFrame:
    newest = _newest(said)
    unknown = newest[(newest["target"] < 0) & ~newest["dead"]].drop_duplicates(["resident", "stated"])
    group = unknown.groupby(["delivery", "card", "stated"], sort=False)
    members = group["resident"].transform("size")
    one_head = group["heads"].transform("sum") == 1
    without_head = ~group["is_head"].transform("any")
    stays = newest[newest["target"] == newest["card"]].drop_duplicates(["delivery", "card"])[["delivery", "card", "place"]]
    kept = unknown[(members >= 2) & one_head & without_head]
    kept = kept.merge(stays, on=["delivery", "card"], suffixes=("", "_of_rest"))
    apart = kept["heads"] & (kept["place"] != kept["place_of_rest"]).fillna(False).to_numpy(dtype=bool)
    kept["apart"] = apart
    kept = kept[kept.groupby(["delivery", "card", "stated"])["apart"].transform("any")]
    # Two cards that state one new number would be a new household of two families: that is for people to look at.
    kept = kept[(kept.groupby("stated")["card"].transform("nunique") == 1) & ~kept["resident"].duplicated(keep=False)]
    number, _ = pd.factorize(kept["stated"], sort=True)
    split: pd.DataFrame = kept[["resident", "record"]].assign(target=family_count + number, kind=SPLIT)
    return split
