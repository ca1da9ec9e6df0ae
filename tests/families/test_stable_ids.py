"""Ids that jump from run to run would give one family's aid history to another."""

from __future__ import annotations

import hashlib
import hmac

import pandas as pd
import pytest
from families_regency import KEY, Regency, only
from hypothesis import given
from hypothesis import strategies as st

from families import KnownIdentities, assign_house_ids, assign_ids, keyed_hash
from schemas.canonical import TEXT

NO_IDS = KnownIdentities.none().families


def text(*values: object) -> pd.Series:
    return pd.Series(list(values), dtype=TEXT)


def test_keyed_hash_is_hmac_sha256_and_keeps_missing() -> None:
    hashed = keyed_hash(text("3510", pd.NA, "3510"), b"k")
    assert hashed[0] == hashed[2] == hmac.new(b"k", b"3510", hashlib.sha256).hexdigest()
    assert hashed[1] is pd.NA


@given(st.lists(st.text("0123456789abcdef", min_size=1, max_size=6), unique=True), st.randoms())
def test_ids_do_not_depend_on_the_order_of_rows(keys: list[str], random: object) -> None:
    shuffled = list(keys)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    first = dict(zip(keys, assign_ids(text(*keys), NO_IDS, "F"), strict=True))
    second = dict(zip(shuffled, assign_ids(text(*shuffled), NO_IDS, "F"), strict=True))
    assert first == second
    assert len(set(first.values())) == len(keys)


@given(st.lists(st.text("abcdef", min_size=1, max_size=4), unique=True, min_size=1), st.data())
def test_known_keys_keep_their_id_and_new_ones_never_take_a_held_one(keys: list[str], data: st.DataObject) -> None:
    old = data.draw(st.lists(st.sampled_from(keys), unique=True))
    known = pd.DataFrame({"key": text(*old), "id": text(*(f"F{7 + 3 * place:08d}" for place in range(len(old))))})
    held = text("F00000500")
    ids = dict(zip(keys, assign_ids(text(*keys), known, "F", held=held), strict=True))
    assert {key: ids[key] for key in old} == dict(zip(known["key"], known["id"], strict=True))
    assert all(ids[key] > "F00000500" for key in keys if key not in old)
    assert len(set(ids.values())) == len(keys)


def test_a_missing_key_is_refused_rather_than_given_an_id() -> None:
    with pytest.raises(ValueError, match="1 rows have no natural key"):
        assign_ids(text("a", pd.NA), NO_IDS, "P")


def fill(regency: Regency) -> None:
    for number in range(20):
        regency.resident(f"N{number:02d}", f"K{number // 3}", name=f"NAME {number}")
    for number in range(0, 20, 3):
        regency.record(f"N{number:02d}", decile=1 + number % 5)
    regency.record("c1", kk_number="K77", name="A", area_code="35.10.01.2001")
    regency.record("c2", name="B")
    regency.record("c3", kk_number="K77", name="C")


@pytest.mark.parametrize("seed", range(5), ids=lambda seed: f"shuffle {seed}")
def test_shuffled_files_give_the_same_frames_byte_for_byte(regency: Regency, seed: int) -> None:
    fill(regency)
    pd.testing.assert_frame_equal(regency.persons(), regency.persons(seed=seed))
    pd.testing.assert_frame_equal(regency.families(), regency.families(seed=seed))


def known_from(regency: Regency, persons: pd.DataFrame, families: pd.DataFrame) -> KnownIdentities:
    return KnownIdentities(
        persons=persons.loc[persons["nik_hash"].notna(), ["nik_hash", "person_id"]],
        records=regency.record_persons(persons)[["record_id", "person_id"]],
        families=families[["kk_hash", "family_id"]],
        houses=KnownIdentities.none().houses,
    )


def test_everybody_keeps_their_ids_when_others_come_and_go(regency: Regency) -> None:
    fill(regency)
    before, families_before = regency.persons(), regency.families()
    known = known_from(regency, before, families_before)
    regency.resident("M99", "K99")
    regency.record("M99")
    regency.record("c9", name="NEW")
    after = regency.persons(known)
    families_after = regency.families(after)
    for old, new, key in ((before, after, "nik"), (before, after, "cluster_id"), (families_before, families_after, "kk_hash")):
        id_column = "family_id" if key == "kk_hash" else "person_id"
        kept = old[[key, id_column]].dropna().merge(new[[key, id_column]], on=key, suffixes=("_old", "_new"))
        assert len(kept) == old[key].notna().sum()
        assert (kept[f"{id_column}_old"] == kept[f"{id_column}_new"]).all()
    assert only(after, "nik", "M99")["person_id"] > before["person_id"].max()
    assert not set(after.loc[after["cluster_id"] == "c9", "person_id"]) & set(before["person_id"])


def test_somebody_who_enters_the_register_keeps_the_id_of_their_records(regency: Regency) -> None:
    regency.resident("N1", "K1")
    regency.record("c1", name="SITI")
    before = regency.persons()
    known = known_from(regency, before, regency.families())
    regency.links[0] |= {"status": "linked", "register_nik": "N1", "cluster_id": pd.NA}
    after = regency.persons(known)
    assert only(after, "nik", "N1")["person_id"] == only(before, "cluster_id", "c1")["person_id"]


def test_an_id_that_goes_with_a_nik_does_not_follow_a_record_to_somebody_else(regency: Regency) -> None:
    regency.resident("N1", "K1")
    regency.resident("N2", "K2")
    regency.record("N1")
    before = regency.persons()
    known = known_from(regency, before, regency.families())
    regency.links[0] |= {"register_nik": "N2"}
    after = regency.persons(known)
    assert only(after, "nik", "N2")["person_id"] != only(before, "nik", "N1")["person_id"]


def test_a_cluster_that_falls_apart_gives_its_id_to_one_part_only(regency: Regency) -> None:
    for cluster in ("c1", "c1", "c1"):
        regency.record(cluster, name="SITI")
    before = regency.persons()
    known = known_from(regency, before, regency.families())
    regency.links[2] |= {"cluster_id": "c2"}
    after = regency.persons(known)
    assert only(after, "cluster_id", "c1")["person_id"] == before["person_id"].iloc[0], "two records of three stay together"
    assert only(after, "cluster_id", "c2")["person_id"] != before["person_id"].iloc[0]


def test_ids_say_nothing_about_the_nik(regency: Regency) -> None:
    fill(regency)
    persons = regency.persons()
    assert persons["person_id"].str.fullmatch(r"P\d{8}").all()
    registered = persons[persons["nik"].notna()]
    assert not registered["person_id"].is_monotonic_increasing, "counters in the order of the NIK would show who was registered first"


def test_a_house_keeps_its_id_when_a_family_moves_in() -> None:
    known = KnownIdentities(
        **{**KnownIdentities.none().__dict__, "houses": pd.DataFrame({"family_id": text("F2"), "house_id": text("H00000005")})}
    )
    occupancy = pd.DataFrame({"family_id": text("F1", "F2", "F3"), "house_key": text("F1", "F1", "F3")})
    ids = assign_house_ids(occupancy, known, KEY)
    assert ids.to_dict() == {"F1": "H00000005", "F3": "H00000006"}
