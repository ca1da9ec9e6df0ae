"""Who is stored, and who belongs to which family.

Stored are the members of every family of the register that an office's record speaks of, and everybody who is in no register.
A person of no register joins the register's family whose card number their record carries, when the village or a parent's name
agrees; a number alone may be another family's. Otherwise those who state the same number form an unregistered family.
Residents whom an interview met elsewhere than on their card belong to the family with which they live (`surveyed`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from families.lookup import Positions, first_positions, positions_of, taken_at
from families.record_facts import text_column
from families.surveyed import Evidence, Moves, surveyed_moves
from families.survivorship import RecordRanking, provenance_order, surviving_rows, surviving_values

LINKED, UNREGISTERED = "linked", "unregistered"

_STATED_BY_TRUST = ("name", "birth_place", "birth_date", "sex", "religion", "father_name", "mother_name", "kk_number")
_STATED_BY_RECENCY = ("relation", "marital_status", "education", "occupation")


@dataclass(frozen=True)
class Membership:
    """The stored people as row positions, registered people first, and the family of each.

    population_rows: positions in the population, in its order of NIK; clusters: one row per person of no register, with what their
    records state; family: for both, one after the other, a number per family; record_person: for each record of `social_records`
    the stored person that it is about, -1 for none; moves: the residents who live elsewhere than on their card, as rows of the
    population.
    """

    population_rows: Positions
    clusters: pd.DataFrame
    family: npt.NDArray[np.int64]
    record_person: Positions
    moves: Moves

    @property
    def moved_persons(self) -> Positions:
        """Which of the stored persons each move is about."""
        return positions_of(pd.Series(self.moves.resident), pd.Series(self.population_rows))


def build_membership(population: pd.DataFrame, records: pd.DataFrame, links: pd.DataFrame, ranking: RecordRanking) -> Membership:
    """Who is stored and with whom they live. Raises ValueError when a link names a resident whom the population does not have."""
    link_rows = positions_of(records["record_id"], links["record_id"])
    status = taken_at(links["status"], link_rows)
    resident = _linked_residents(population, taken_at(links["register_nik"], link_rows).where(status == LINKED))
    clusters, record_cluster = _clusters(records, taken_at(links["cluster_id"], link_rows).where(status == UNREGISTERED), ranking)

    register_family, card_numbers = _register_families(population)
    link_of_record = links[[name for name in ("method", "probability") if name in links]].take(np.maximum(link_rows, 0))
    moves = surveyed_moves(Evidence(population, records, link_of_record, resident, register_family, card_numbers, ranking))
    register_family = moves.applied(register_family)
    joined = _joined_families(clusters, population, card_numbers, register_family)
    family_count = int(register_family.max()) + 1 if len(register_family) else 0
    stored = np.zeros(family_count + 1, dtype=bool)  # the last place is for -1
    stored[np.concatenate([register_family[resident[resident >= 0]], joined])] = True
    stored[-1] = False
    population_rows = np.flatnonzero(stored[register_family]) if family_count else np.empty(0, dtype=np.int64)
    population_rows = population_rows[np.argsort(population["nik"].iloc[population_rows].to_numpy(dtype=object), kind="stable")]

    own = family_count + _own_families(clusters)
    family = np.concatenate([register_family[population_rows], np.where(joined >= 0, joined, own)])
    place = np.full(len(population) + 1, -1, dtype=np.int64)
    place[population_rows] = np.arange(len(population_rows))
    record_person = np.where(record_cluster >= 0, len(population_rows) + record_cluster, place[resident])
    return Membership(population_rows, clusters, family.astype(np.int64), record_person.astype(np.int64), moves)


def record_persons(links: pd.DataFrame, persons: pd.DataFrame) -> pd.DataFrame:
    """Whom each record is about: record_id, person_id, family_id. Records in review are about nobody yet and have no row."""
    by_nik = positions_of(links["register_nik"].where(links["status"] == LINKED), persons["nik"])
    by_cluster = positions_of(links["cluster_id"].where(links["status"] == UNREGISTERED), persons["cluster_id"])
    rows = np.where(by_nik >= 0, by_nik, by_cluster)
    known = rows >= 0
    return pd.DataFrame(
        {
            "record_id": links["record_id"].array[known],
            "person_id": persons["person_id"].array.take(rows[known]),
            "family_id": persons["family_id"].array.take(rows[known]),
        }
    )


def _linked_residents(population: pd.DataFrame, register_nik: pd.Series) -> Positions:
    resident = positions_of(register_nik, population["nik"])
    lost = int(((resident < 0) & register_nik.notna().to_numpy()).sum())
    if lost:
        raise ValueError(f"{lost} links name a resident whom the population does not have")
    return resident


def _clusters(records: pd.DataFrame, cluster_id: pd.Series, ranking: RecordRanking) -> tuple[pd.DataFrame, Positions]:
    """One row per person of no register, in the order of their first record, with what survives of their records' statements."""
    rows = provenance_order(records)
    rows = rows[cluster_id.notna().to_numpy()[rows]]
    ids = cluster_id.iloc[rows].drop_duplicates(ignore_index=True)
    record_cluster = positions_of(cluster_id, ids)
    count = len(ids)
    first = first_positions(record_cluster, rows, count)
    stated = {name: surviving_values(text_column(records, name), record_cluster, count, ranking) for name in _STATED_BY_TRUST}
    stated |= {name: surviving_values(text_column(records, name), record_cluster, count, ranking) for name in _STATED_BY_RECENCY}
    home = surviving_rows(text_column(records, "area_code"), record_cluster, count, ranking, "address")
    home = np.where(home >= 0, home, first)
    where = {name: taken_at(text_column(records, name), home) for name in ("area_code", "hamlet", "rt", "rw", "address")}
    clusters = pd.DataFrame({"cluster_id": ids, "first_record_id": taken_at(records["record_id"], first), **stated, **where})
    return clusters, record_cluster


def _register_families(population: pd.DataFrame) -> tuple[npt.NDArray[np.int64], pd.Series]:
    """A number per family of the register and its card numbers; somebody without a card number is a family of their own."""
    codes, numbers = pd.factorize(population["kk_number"])
    single = codes < 0
    family = codes.astype(np.int64)
    family[single] = len(numbers) + np.arange(int(single.sum()))
    return family, pd.Series(numbers, dtype=population["kk_number"].dtype)


def _joined_families(
    clusters: pd.DataFrame, population: pd.DataFrame, card_numbers: pd.Series, register_family: npt.NDArray[np.int64]
) -> Positions:
    """The register's family that each person of no register joins; -1 for none."""
    named = positions_of(clusters["kk_number"], card_numbers)
    rows = np.flatnonzero(named >= 0)
    if not len(rows):
        return named
    member_rows = np.flatnonzero(np.isin(register_family, named[rows]))
    members = pd.DataFrame(
        {
            "family": register_family[member_rows],
            "area_code": population["area_code"].array.take(member_rows),
            "name": _plain(population["name"].iloc[member_rows]).array,
        }
    )
    candidates = clusters.iloc[rows].assign(family=named[rows], place=np.arange(len(rows)))
    agrees = np.zeros(len(rows), dtype=bool)
    for stated, held in (("area_code", "area_code"), ("mother_name", "name"), ("father_name", "name")):
        left = candidates[["place", "family"]].assign(value=_plain(candidates[stated]) if held == "name" else candidates[stated])
        right = members[["family", held]].rename(columns={held: "value"}).drop_duplicates()
        agrees[left.dropna().merge(right.dropna(), on=["family", "value"])["place"].to_numpy(dtype=np.int64)] = True
    joined = np.full(len(clusters), -1, dtype=np.int64)
    joined[rows[agrees]] = named[rows[agrees]]
    return joined


def _plain(names: pd.Series) -> pd.Series:
    """Names in one case with single spaces: enough to see whether a record names a member of the family as parent."""
    return names.str.upper().str.replace(r"\s+", " ", regex=True).str.strip()


def _own_families(clusters: pd.DataFrame) -> npt.NDArray[np.int64]:
    """A number per unregistered family: by the stated card number, alone where none is stated."""
    codes, numbers = pd.factorize(clusters["kk_number"])
    single = codes < 0
    own = codes.astype(np.int64)
    own[single] = len(numbers) + np.arange(int(single.sum()))
    return own
