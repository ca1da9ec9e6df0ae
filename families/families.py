"""The families of the stored people: head, size, address, decile, and how poor they are by which source."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from families.composition import COMPOSITION_COLUMNS, family_composition
from families.lookup import Positions, first_positions, positions_of, taken_at
from families.persons import family_keys
from families.record_facts import owns_valuables, text_column
from families.surveyed import SPLIT
from families.survivorship import RecordRanking, rank_records, surviving_majority_rows, surviving_rows
from schemas.canonical import TEXT

POOR_STATUSES = ("extreme_poor", "poor", "near_poor")
LOCAL_SCORE = "local_score"

FAMILY_COLUMNS = (
    *("family_id", "kk_number", "kk_hash", "head_person_id", "size", "area_code", "hamlet", "rt", "rw", "address", "house_id"),
    *("register_status", "decile", "poverty_status", "poverty_source", "is_poor", "owns_valuables"),
    *COMPOSITION_COLUMNS,
)
_ADDRESS = ("area_code", "hamlet", "rt", "rw", "address")
_HEAD_RANK = {"KEPALA KELUARGA": 0, "SUAMI": 1, "ISTRI": 1}
_OTHER_RANK = 2
_STATUS_OF_DECILE = {1: "extreme_poor", 2: "poor", 3: "near_poor", 4: "near_poor", **dict.fromkeys(range(5, 11), "not_poor")}
"""The deciles' names in DTSEN: 1 extreme poor, 2 poor, 3-4 near poor; 5-10 are not poor."""


def build_families(
    persons: pd.DataFrame,
    population: pd.DataFrame,
    social_records: pd.DataFrame,
    record_person: pd.DataFrame,
    *,
    hash_key: bytes,
    trust: pd.DataFrame,
    as_of: dt.date,
) -> pd.DataFrame:
    """One row per family (FAMILY_COLUMNS), by card number, unregistered families without one last; house_id still empty.

    record_person: record_id, person_id, family_id. The poverty status is that of the newest decile, else that of the village survey,
    else `unknown`: the local score needs the house, and is added by `attach_local_score`.
    """
    codes, ids = pd.factorize(persons["family_id"])
    family = codes.astype(np.int64)
    count = len(ids)
    ranking = rank_records(social_records, trust, as_of)
    link = positions_of(social_records["record_id"], record_person["record_id"])
    record_family = positions_of(taken_at(record_person["family_id"], link), pd.Series(ids, dtype=TEXT))

    order = _head_order(persons)
    head = first_positions(family, order, count)
    families = pd.DataFrame({"family_id": pd.Series(ids, dtype=TEXT), "kk_number": taken_at(persons["kk_number"], head)})
    families["kk_hash"] = taken_at(family_keys(persons, family, hash_key), head)
    families["head_person_id"] = taken_at(persons["person_id"], head)
    families["size"] = pd.array(np.bincount(family[_present(persons)], minlength=count), dtype="Int64")
    registered = first_positions(np.where(persons["register_status"] == "registered", family, -1), order, count)
    families["register_status"] = pd.Series(np.where(registered >= 0, "registered", "unregistered"), dtype=TEXT)
    addresses = _addresses(persons, population, social_records, registered, record_family, ranking)
    families = pd.concat([families, addresses, _welfare(social_records, record_family, count, ranking)], axis=1)
    families = pd.concat([families, family_composition(persons, families, as_of)], axis=1)
    families["house_id"] = pd.Series(pd.NA, index=families.index, dtype=TEXT)
    families["is_poor"] = families["poverty_status"].isin(POOR_STATUSES)
    return families.sort_values("kk_number", kind="stable", na_position="last", ignore_index=True)[list(FAMILY_COLUMNS)]


def attach_houses(families: pd.DataFrame, occupancy: pd.DataFrame) -> pd.DataFrame:
    """Families with their house. `occupancy`: family_id, house_id, and if it has one an area_code that fills a blank one."""
    rows = positions_of(families["family_id"], occupancy["family_id"])
    result = families.copy()
    result["house_id"] = taken_at(occupancy["house_id"], rows).astype(TEXT).array
    if "area_code" in occupancy:
        result["area_code"] = families["area_code"].fillna(pd.Series(taken_at(occupancy["area_code"], rows).array, index=families.index))
    return result


def attach_local_score(families: pd.DataFrame, family_facts: pd.DataFrame) -> pd.DataFrame:
    """Families with the final poverty status of `family_facts` (family_id, poverty_status, poverty_source), which knows the local score."""
    rows = positions_of(families["family_id"], family_facts["family_id"])
    result = families.copy()
    result["poverty_status"] = taken_at(family_facts["poverty_status"], rows).fillna("unknown").array
    result["poverty_source"] = taken_at(family_facts["poverty_source"], rows).array
    result["is_poor"] = result["poverty_status"].isin(POOR_STATUSES)
    return result


def status_of_decile(decile: pd.Series) -> pd.Series:
    """The poverty status that a decile stands for; missing where there is none between 1 and 10."""
    return decile.map(_STATUS_OF_DECILE).astype(TEXT)


def _present(persons: pd.DataFrame) -> pd.Series:
    """Alive and living here, as far as is known."""
    return ((persons["vital_status"] != "dead") & (persons["residence"] != "moved")).astype(bool)


def _head_order(persons: pd.DataFrame) -> Positions:
    """Persons in the order in which they could be head: who is here, the stated head before a spouse before others, the oldest first."""
    rank = persons["relation"].map(_HEAD_RANK).fillna(_OTHER_RANK).to_numpy(dtype=np.int64)
    birth = persons["birth_date"].to_numpy(dtype="datetime64[ns]")
    born = np.where(np.isnat(birth), np.iinfo(np.int64).max, birth.astype(np.int64))
    unregistered = (persons["register_status"] != "registered").to_numpy(dtype=bool)
    absent = ~_present(persons).to_numpy()
    return np.lexsort((np.arange(len(persons)), born, unregistered, rank, absent)).astype(np.int64)


def _addresses(
    persons: pd.DataFrame,
    population: pd.DataFrame,
    records: pd.DataFrame,
    registered: Positions,
    record_family: Positions,
    ranking: RecordRanking,
) -> pd.DataFrame:
    """The address that the register has for the family's head, else the one that the best record with a village states.

    A family that parted from its card has left the card's address: the records that met it say where it lives.
    """
    resident = positions_of(taken_at(persons["nik"], registered), population["nik"])
    stated = surviving_rows(text_column(records, "area_code"), record_family, len(registered), ranking, "address")
    stated = np.where(stated >= 0, stated, first_positions(record_family, ranking.by_recency, len(registered)))
    parted = (taken_at(persons["moved"], registered) == SPLIT).fillna(False).to_numpy(dtype=bool)
    from_register = (resident >= 0) & ~parted
    columns = {}
    for name in _ADDRESS:
        register_value = taken_at(text_column(population, name), resident)
        columns[name] = register_value.where(from_register, taken_at(text_column(records, name), stated)).astype(TEXT)
    return pd.DataFrame(columns)


def _welfare(records: pd.DataFrame, record_family: Positions, count: int, ranking: RecordRanking) -> pd.DataFrame:
    """Decile, valuables and poverty status of each family, with the source of the status."""
    decile_rows = surviving_majority_rows(valid_deciles(records), record_family, count, ranking)
    survey_rows = surviving_majority_rows(text_column(records, "poverty_kind"), record_family, count, ranking)
    valuables = owns_valuables(records)
    decile = taken_at(valid_deciles(records), decile_rows)
    by_decile, by_survey = status_of_decile(decile), taken_at(text_column(records, "poverty_kind"), survey_rows).astype(TEXT)
    speaks = np.where(decile_rows >= 0, decile_rows, survey_rows)
    return pd.DataFrame(
        {
            "decile": decile,
            "owns_valuables": taken_at(valuables, surviving_majority_rows(valuables, record_family, count, ranking)),
            "poverty_status": by_decile.fillna(by_survey).fillna("unknown"),
            "poverty_source": taken_at(records["source"], speaks).astype(TEXT),
        }
    )


def valid_deciles(records: pd.DataFrame) -> pd.Series:
    """The deciles that records state, missing outside 1 to 10."""
    if "decile" not in records:
        return pd.Series(pd.NA, index=records.index, dtype="Int64", name="decile")
    decile = records["decile"].astype("Int64")
    return decile.where(decile.between(1, 10)).rename("decile")
