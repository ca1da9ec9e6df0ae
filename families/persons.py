"""The stored people: what the register says of them, and what offices' records add."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from families.identity import FAMILY_PREFIX, PERSON_PREFIX, KnownIdentities, adopted_ids, assign_ids, keyed_hash
from families.lookup import Positions, first_positions, positions_of, taken_at
from families.membership import Membership, build_membership
from families.record_facts import PERSON_FACT_COLUMNS, record_facts, text_column
from families.survivorship import RecordRanking, rank_records, surviving_values
from schemas.canonical import TEXT, as_canonical

REGISTER_COLUMNS = (
    *("nik", "kk_number", "name", "birth_place", "birth_date", "sex", "relation", "marital_status", "religion"),
    *("education", "occupation", "father_name", "mother_name", "resident_status", "area_code", "hamlet", "rt", "rw", "address"),
    "delivery_id",
)
_ALIVE = "HIDUP"
_DEAD, _MOVED, _UNSURE = ("MATI",), ("PINDAH", "PERGI"), ("HILANG", "TIDAK VALID")
_WIDOWED = "CERAI MATI"

MOVE_COLUMNS = ("moved", "moved_by", "card_of_register", "relation_of_register")
"""Of residents who live elsewhere than on their card: joined or split, the record that says so, and what the register says."""
PERSON_COLUMNS = (
    *("person_id", "nik", "nik_hash", "name", "birth_place", "birth_date", "sex", "relation", "marital_status", "religion"),
    *("education", "occupation", "father_name", "mother_name", "vital_status", "residence", "register_status", "kk_number"),
    *("family_id", "cluster_id", *MOVE_COLUMNS, *PERSON_FACT_COLUMNS),
)


def build_persons(
    population: pd.DataFrame,
    social_records: pd.DataFrame,
    links: pd.DataFrame,
    *,
    known: KnownIdentities,
    hash_key: bytes,
    as_of: dt.date,
    trust: pd.DataFrame,
) -> pd.DataFrame:
    """One row per stored person (PERSON_COLUMNS): registered people in the order of their NIK, then those of no register.

    population: one row per resident; social_records: all mentions; links: one row per mention; trust: source, trust.
    Somebody of no register has neither NIK nor NIK hash: the number that their record states names nobody, or somebody else.
    """
    ranking = rank_records(social_records, trust, as_of)
    register = as_canonical(population.reindex(columns=list(REGISTER_COLUMNS)), REGISTER_COLUMNS)
    membership = build_membership(register, social_records, links, ranking)
    persons = _people(register, social_records, membership)
    persons["nik_hash"] = keyed_hash(persons["nik"], hash_key)
    persons["person_id"] = _person_ids(persons, social_records, membership, known, hash_key)
    persons["family_id"] = _family_ids(persons, membership, known, hash_key)
    count = len(persons)
    said = surviving_values(text_column(social_records, "resident_status"), membership.record_person, count, ranking)
    said.iloc[membership.moved_persons] = _ALIVE  # who was met in another family has not moved away, whatever their card's family says
    persons["vital_status"], persons["residence"] = _presence(persons, said)
    return _with_facts(persons, social_records, membership, ranking)[list(PERSON_COLUMNS)]


def _people(register: pd.DataFrame, records: pd.DataFrame, membership: Membership) -> pd.DataFrame:
    registered = register.take(membership.population_rows)
    unregistered = as_canonical(membership.clusters.reindex(columns=list(REGISTER_COLUMNS)), REGISTER_COLUMNS)
    people = pd.concat([registered, unregistered], ignore_index=True)
    is_registered = np.arange(len(people)) < len(registered)
    people["nik"] = people["nik"].where(is_registered)
    people["register_status"] = pd.Series(np.where(is_registered, "registered", "unregistered"), dtype=TEXT)
    people = _with_moves(people, records, membership)
    people["cluster_id"] = pd.concat([pd.Series(pd.NA, index=registered.index, dtype=TEXT), membership.clusters["cluster_id"]]).array
    # Somebody who joined a family of the register gets its card number. An unregistered family keeps the number that it states, unless
    # the register knows that number: then it is another family's.
    own = (positions_of(people["kk_number"], register["kk_number"]) < 0) | is_registered
    card = people["kk_number"].where(own)
    first = pd.Series(card.array, index=membership.family).dropna()
    first = first[~first.index.duplicated()]
    people["kk_number"] = card.fillna(pd.Series(membership.family).map(first)).astype(TEXT)
    return people


def _with_moves(people: pd.DataFrame, records: pd.DataFrame, membership: Membership) -> pd.DataFrame:
    """Those who live elsewhere than on their card get the card number and relation of where they live; the register's stand beside."""
    moves, place = membership.moves, membership.moved_persons
    for name in MOVE_COLUMNS:
        people[name] = pd.Series(pd.NA, index=people.index, dtype=TEXT)
    said = {name: taken_at(text_column(records, name), moves.record) for name in ("record_id", "kk_number", "relation")}
    for name, values in (
        ("moved", moves.kind),
        ("moved_by", said["record_id"].array),
        ("card_of_register", people["kk_number"].array.take(place)),
        ("relation_of_register", people["relation"].array.take(place)),
        ("kk_number", said["kk_number"].array),
        ("relation", said["relation"].array),
    ):
        people.loc[people.index[place], name] = values
    return people


def _person_ids(persons: pd.DataFrame, records: pd.DataFrame, membership: Membership, known: KnownIdentities, hash_key: bytes) -> pd.Series:
    """By NIK hash; else the id that the person's records had before they were in the register; else a new one."""
    settled = positions_of(persons["nik_hash"], known.persons["nik_hash"]) >= 0
    before = taken_at(known.records["person_id"].astype(TEXT), positions_of(records["record_id"], known.records["record_id"]))
    of_a_nik = known.persons.loc[known.persons["nik_hash"].notna(), "person_id"]
    free = before.where(~before.isin(of_a_nik))  # an id that goes with a NIK follows the NIK, not the record
    owner = membership.record_person
    owner = np.where((owner >= 0) & ~np.append(settled, True)[owner], owner, -1)
    adopted = adopted_ids(owner[owner >= 0], free[owner >= 0], len(persons))
    first_record = pd.Series(pd.NA, index=persons.index, dtype=TEXT)
    first_record.iloc[len(membership.population_rows) :] = membership.clusters["first_record_id"].array
    natural = persons["nik_hash"].fillna(keyed_hash(first_record, hash_key))
    has_adopted = adopted.notna()
    pairs = pd.DataFrame({"key": natural[has_adopted], "id": adopted[has_adopted]})
    named = known.persons[["nik_hash", "person_id"]].set_axis(["key", "id"], axis=1)
    return assign_ids(natural, pd.concat([named, pairs], ignore_index=True), PERSON_PREFIX, held=known.records["person_id"])


def _family_ids(persons: pd.DataFrame, membership: Membership, known: KnownIdentities, hash_key: bytes) -> pd.Series:
    return assign_ids(family_keys(persons, membership.family, hash_key), known.families, FAMILY_PREFIX)


def family_keys(persons: pd.DataFrame, family: Positions, hash_key: bytes) -> pd.Series:
    """The keyed hash of each person's family: of its card number; without one, of the lowest person_id among its members.

    family: a number per family for each person.
    """
    by_id = np.argsort(persons["person_id"].to_numpy(dtype=object), kind="stable").astype(np.int64)
    lowest = first_positions(family, by_id, int(family.max(initial=-1)) + 1)[family]
    return keyed_hash(persons["kk_number"].fillna("person:" + taken_at(persons["person_id"], lowest)), hash_key)


def _presence(persons: pd.DataFrame, said: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Vital status and residence. The dead stay dead; else a record's word (newest first) corrects the register's."""
    by_register = persons["resident_status"]
    status = said.fillna(by_register).mask(by_register.isin(_DEAD), "MATI")
    vital, residence = stated_presence(status)
    # Somebody whom no register holds and of whom no record says more was met by whoever listed them.
    vital = vital.mask(status.isna() & (persons["register_status"] == "registered"), "unknown")
    return vital, residence


def stated_presence(status: pd.Series) -> tuple[pd.Series, pd.Series]:
    """What a resident status says of vital status and residence; a missing one says alive and present."""
    vital = pd.Series("alive", index=status.index, dtype=TEXT).mask(status.isin(_DEAD), "dead").mask(status.isin(_UNSURE), "unknown")
    residence = pd.Series("present", index=status.index, dtype=TEXT)
    return vital, residence.mask(status.isin(_MOVED), "moved").mask(status.isin(_UNSURE), "unknown")


def _with_facts(persons: pd.DataFrame, records: pd.DataFrame, membership: Membership, ranking: RecordRanking) -> pd.DataFrame:
    facts = record_facts(records)
    for column in PERSON_FACT_COLUMNS:
        persons[column] = surviving_values(facts[column], membership.record_person, len(persons), ranking)
    register_says = (persons["marital_status"] == _WIDOWED).astype("boolean")
    persons["widowed"] = persons["widowed"].fillna(register_says)
    return persons
