"""Deliveries that arrive, or are read, in another order of days: the same people, families, values and, in one run, the same ids."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations

import pandas as pd
import pytest
from families_regency import Regency, only
from test_stable_ids import known_from

from families import KnownIdentities

DAYS = ("2026-07-01", "2026-08-15", "2026-09-15")
ORDERS = list(permutations(DAYS))
IDS = ["person_id", "family_id", "head_person_id", "kk_hash"]
"""And the key of a family without a card, which is made of its first member's id."""


def regency_with(days: Sequence[str]) -> Regency:
    """Three quarters that contradict each other, in this order. A record's id is its own, whenever it comes."""
    regency = Regency()
    for number in range(8):
        regency.resident(f"N{number}", f"K{number // 2}", name=f"NAME {number}")
    for day in days:
        place = DAYS.index(day)
        for number in range(place, 8, 3):
            regency.record(f"N{number}", on=day, decile=1 + (number + place) % 5)
        regency.record("N0", on=day, decile=4 - place)
        regency.record("c1", on=day, name="SITI", kk_number="K77", address=f"JL. {place}")
        regency.record(f"c{2 + place}", on=day, name=f"UNKNOWN {place}")
        _number_rows_within(day, regency)
    return regency


def _number_rows_within(day: str, regency: Regency) -> None:
    """A record's id and row go with its delivery, not with the order of arrival."""
    delivered = [pair for pair in zip(regency.records, regency.links, strict=True) if pair[0]["delivered_on"] == day]
    for row, (record, link) in enumerate(delivered, 1):
        record["row"] = row
        record["record_id"] = link["record_id"] = f"{record['source']}:{day}:{row}"


@pytest.mark.parametrize("days", ORDERS[1:], ids=" ".join)
def test_deliveries_read_in_another_order_of_days_give_the_same_ids_and_frames(days: Sequence[str]) -> None:
    """Prevents ids from going by whom an earlier file named first, and the newest word from being the one that was read last."""
    usual, other = regency_with(DAYS), regency_with(days)
    persons = usual.persons()
    assert only(usual.families(), "kk_number", "K0")["decile"] == 2, "the newest says so"
    pd.testing.assert_frame_equal(persons, other.persons())
    pd.testing.assert_frame_equal(usual.families(), other.families())


def published_day_by_day(days: Sequence[str]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Persons and families when each day's delivery was published before the next one came."""
    known = KnownIdentities.none()
    for count in range(1, len(days) + 1):
        regency = regency_with(days[:count])
        persons = regency.persons(known)
        families = regency.families(persons)
        known = known_from(regency, persons, families)
    return persons, families


def without_ids(frame: pd.DataFrame) -> pd.DataFrame:
    said = frame.drop(columns=[name for name in IDS if name in frame])
    return said.sort_values([name for name in ("nik", "cluster_id", "kk_number", "area_code", "size") if name in said], ignore_index=True)


@pytest.mark.parametrize("days", ORDERS[1:], ids=" ".join)
def test_deliveries_published_in_another_order_of_days_say_the_same(days: Sequence[str]) -> None:
    """Prevents a late delivery of an older day from leaving another state than if it had come in time.

    Ids are counters: two offices may give other ones, but not bring other people together by them.
    """
    persons, families = published_day_by_day(DAYS)
    other_persons, other_families = published_day_by_day(days)
    pd.testing.assert_frame_equal(without_ids(persons), without_ids(other_persons))
    pd.testing.assert_frame_equal(without_ids(families), without_ids(other_families))
    pairs = persons.merge(other_persons, on=["nik", "cluster_id"], suffixes=("", "_other"))
    assert len(pairs) == len(persons) == persons["person_id"].nunique()
    together = pairs[["family_id", "family_id_other"]].drop_duplicates()
    assert len(together) == persons["family_id"].nunique() == other_persons["family_id"].nunique()
