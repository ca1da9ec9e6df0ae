"""A first run without office lists, or with empty ones, must end in empty frames, not in an error."""

from __future__ import annotations

import datetime as dt

import pandas as pd

import eligibility
import families
from eligibility.aid import AID_COLUMNS
from eligibility.deprivations import DEPRIVATION_COLUMNS
from eligibility.engine import ELIGIBILITY_COLUMNS
from eligibility.gaps import GAP_COLUMNS
from schemas.areas import load_areas
from schemas.canonical import BY_NAME, PROVENANCE_COLUMNS, TEXT, empty_frame
from schemas.programmes import load_programmes

DAY = dt.date(2026, 10, 1)
HOUSING = ("tenure", "floor_area_m2", "floor", "wall", "roof", "water", "lighting", "power", "fuel", "latrine", "closet", "disposal")


def test_nothing_in_nothing_out() -> None:
    book = load_programmes()
    records = empty_frame([*PROVENANCE_COLUMNS, *BY_NAME])
    population = empty_frame(["record_id", *families.persons.REGISTER_COLUMNS])
    links = pd.DataFrame({name: pd.Series(dtype=TEXT) for name in ("record_id", "source", "status", "register_nik", "cluster_id")})
    trust = pd.DataFrame({"source": pd.Series(dtype=TEXT), "trust": pd.Series(dtype="int64")})
    houses = empty_frame(["house_id", *HOUSING, "house_condition"]).assign(position_source=pd.Series(dtype=TEXT))
    layouts = pd.DataFrame({name: pd.Series(dtype=TEXT) for name in ("delivery_id", "file", "sheet", "table", "column", "letter")})

    known = families.KnownIdentities.none()
    persons = families.build_persons(population, records, links, known=known, hash_key=b"k", as_of=DAY, trust=trust)
    about = families.record_persons(links, persons)
    found = families.build_families(persons, population, records, about, hash_key=b"k", trust=trust, as_of=DAY)
    occupancy = pd.DataFrame({"family_id": found["family_id"], "house_key": found["family_id"]})
    assert families.assign_house_ids(occupancy, known, b"k").empty
    found = families.attach_houses(found, occupancy.rename(columns={"house_key": "house_id"}))
    house_sources = families.build_house_sources(houses, found, records, about, trust=trust, as_of=DAY)
    facts = eligibility.build_family_facts(found, persons, houses, load_areas(), as_of=DAY, signs=book.signs)
    found = families.attach_local_score(found, facts)
    sources = families.build_attribute_sources(found, records, about, layouts=layouts, house_sources=house_sources)
    deprivations = eligibility.build_deprivations(facts, book.signs, house_sources)
    aid = eligibility.build_aid_received(records, about, found, book, as_of=DAY)
    decisions = eligibility.decide(book, facts, persons, houses, aid, as_of=DAY)
    gaps = eligibility.targeting_gaps(book, decisions, aid, persons, facts)

    expected = {
        "persons": (persons, families.persons.PERSON_COLUMNS),
        "families": (found, families.families.FAMILY_COLUMNS),
        "attribute_sources": (sources, families.attribute_sources.ATTRIBUTE_SOURCE_COLUMNS),
        "deprivations": (deprivations, DEPRIVATION_COLUMNS),
        "aid": (aid, AID_COLUMNS),
        "decisions": (decisions, ELIGIBILITY_COLUMNS),
        "gaps": (gaps, GAP_COLUMNS),
    }
    for name, (frame, columns) in expected.items():
        assert frame.empty, name
        assert tuple(frame.columns) == columns, name
