"""Where values of persons come from. Mistakes prevented: a losing value that is thrown away, a winner that is not the one in force."""

from __future__ import annotations

import pandas as pd
import pytest
from families_regency import AS_OF, TRUST, Regency, only

from families import build_attribute_sources, build_person_sources
from families.person_sources import IDENTITY, PersonSources
from families.record_facts import PERSON_FACT_COLUMNS
from families.survivorship import RULES
from schemas import tables
from schemas.canonical import HOUSING_COLUMNS
from schemas.tables_people import FROM_RECORDS, FROM_RECORDS_ELSE_REGISTER, FROM_REGISTER


def sources_of(regency: Regency, seed: int | None = None) -> PersonSources:
    persons = regency.persons(seed=seed)
    _, records, _ = regency._shuffled(seed)
    return build_person_sources(persons, records, regency.record_persons(persons), trust=TRUST, as_of=AS_OF)


def listed(found: PersonSources) -> list[tuple[str, str, str, bool]]:
    columns = found.listed[["attribute", "value", "record_id", "used"]]
    return sorted(columns.itertuples(index=False, name=None))


@pytest.mark.parametrize("seed", [None, 3], ids=["in order", "shuffled"])
def test_of_residents_the_register_wins_and_the_others_are_kept(regency: Regency, seed: int | None) -> None:
    regency.resident("N1", name="SITI AMINAH", sex="P", birth_date="1980-05-17")
    same = regency.record("N1", name="siti  aminah", sex="P", birth_date="1980-05-17", nik="N1")
    other = regency.record("N1", "dinsos_pkh", name="SITI A", sex="P", birth_date="1981-05-17", nik="N9")
    regency.record("N1", "dinsos_pkh", name="SITI A")
    assert listed(sources_of(regency, seed)) == [
        ("birth_date", "1981-05-17", other, False),
        ("name", "SITI A", other, False),
        ("nik", "N9", other, False),
    ], f"{same} says what the register says, and a delivery that repeats itself is one statement"


def test_facts_come_from_the_record_that_gives_most_and_others_are_named(regency: Regency) -> None:
    regency.resident("N1")
    main = regency.record("N1", "dinsos_dtsen", "2026-09-15", works=False, chronic_illness="1", pregnant=False)
    older = regency.record("N1", "village_survey", "2026-08-01", works=True, widowed=True, chronic_illness="1")
    found = sources_of(regency)
    assert found.office_record.tolist() == [main]
    assert listed(found) == [
        ("widowed", "true", older, True),  # the register might have said it, so the record that did is named
        ("works", "false", main, True),
        ("works", "true", older, False),
    ]


def test_an_answer_too_old_to_be_believed_is_shown_as_losing(regency: Regency) -> None:
    regency.resident("N1")
    old = regency.record("N1", on="2025-01-01", pregnant=True)
    assert only(regency.persons(), "nik", "N1")["pregnant"] is pd.NA
    found = sources_of(regency)
    assert listed(found) == [("pregnant", "true", old, False)]
    assert found.office_record.isna().all(), "nothing of what is held comes from it"


def test_of_people_in_no_register_the_more_trusted_record_wins(regency: Regency) -> None:
    trusted = regency.record("c1", "village_survey", "2026-01-01", name="SITI AMINAH", birth_date="1980-05-17")
    newer = regency.record("c1", "dinsos_pkh", "2026-09-20", name="SITI A", birth_date="1980-05-17")
    found = sources_of(regency)
    assert found.office_record.tolist() == [trusted]
    assert listed(found) == [("name", "SITI A", newer, False), ("name", "SITI AMINAH", trusted, True)]


@pytest.mark.parametrize(
    ("register", "said", "expected"),
    [
        pytest.param("HIDUP", "MATI", [("vital_status", "dead", True)], id="the survey's word wins"),
        pytest.param("MATI", "PINDAH", [("residence", "moved", True), ("vital_status", "alive", False)], id="the dead stay dead"),
        pytest.param("HIDUP", None, [], id="nobody says more"),
    ],
)
def test_deaths_and_moves(regency: Regency, register: str, said: str | None, expected: list[tuple[str, str, bool]]) -> None:
    regency.resident("N1", resident_status=register)
    regency.record("N1", "village_survey", resident_status=said)
    shown = sources_of(regency).listed[["attribute", "value", "used"]].itertuples(index=False, name=None)
    told = [row for row in shown if row not in {("residence", "present", True), ("vital_status", "alive", True)}]
    person = only(regency.persons(), "nik", "N1")
    if register == "MATI":
        assert (person["vital_status"], person["residence"]) == ("dead", "present")
        expected = [("residence", "moved", False), ("vital_status", "alive", False)]
    assert sorted(told) == expected


def test_every_used_value_is_the_one_in_force(regency: Regency) -> None:
    """For many records that contradict each other: what is marked as used is what the person has."""
    for number in range(40):
        regency.resident(f"N{number:02}", kk=f"K{number // 3}", name=f"SITI {number}")
        for source in ("dinsos_dtsen", "dinsos_pkh", "village_survey"):
            on = f"2026-0{1 + (number * 7 + len(source)) % 9}-01"
            person = f"N{number:02}" if number % 4 else f"c{number}"
            regency.record(person, source, on, name=f"SITI {number % 5}", works=(number + len(source)) % 3 > 0, school_participation="2")
    persons = regency.persons().set_index("person_id")
    found = sources_of(regency)
    used = found.listed[found.listed["used"]]
    assert len(used) > 20
    for row in used.itertuples():
        assert str(persons.loc[row.entity_id, row.attribute]).lower() == row.value.lower()
    assert not found.listed[found.listed["used"]].duplicated(["entity_id", "attribute"]).any()
    losing = found.listed[~found.listed["used"]]
    assert all(str(persons.loc[row.entity_id, row.attribute]).lower() != row.value.lower() for row in losing.itertuples())


def test_the_rows_lead_to_their_cells_and_nobody_is_no_trouble(regency: Regency) -> None:
    regency.resident("N1", name="SITI AMINAH", area_code="35.10.01.2001", rt="001")
    regency.record("N1", name="SITI A", area_code="35.10.01.2002", rt="001")
    families, persons = regency.families(), regency.persons()
    layouts = pd.DataFrame(
        [("dinsos_dtsen/2026-09-15", "file.xlsx", "S", 1, "name", "C"), ("dinsos_dtsen/2026-09-15", "file.xlsx", "S", 1, "village", "H")],
        columns=["delivery_id", "file", "sheet", "table", "column", "letter"],
    )
    about = regency.record_persons(persons)
    of_persons = sources_of(regency).listed
    found = build_attribute_sources(families, regency.records_frame, about, layouts=layouts, person_sources=of_persons)
    assert found[["entity", "attribute", "value", "cell", "used"]].apply(tuple, axis=1).tolist() == [
        ("family", "area_code", "35.10.01.2002", "H1", False),
        ("person", "name", "SITI A", "C1", False),
    ]
    further = pd.DataFrame([("dinsos_dtsen/2026-09-15", "file.xlsx", "S", 1, "caller:name", "D")], columns=layouts.columns)
    by_caller = regency.records_frame.assign(mention="caller")
    found = build_attribute_sources(families, by_caller, about, layouts=pd.concat([layouts, further]), person_sources=of_persons)
    assert dict(zip(found["attribute"], found["cell"], strict=True))["name"] == "D1", "the second person of a row has columns of its own"
    nobody = build_person_sources(persons.iloc[:0], regency.records_frame.iloc[:0], about.iloc[:0], trust=TRUST, as_of=AS_OF)
    assert (len(nobody.listed), len(nobody.office_record)) == (0, 0)


def test_every_column_that_sources_compete_for_has_a_rule() -> None:
    """Prevents a column whose winner nobody declared."""
    sources = {column.name: column.info["source"] for column in tables.person.columns}
    by_source = {
        words: {name for name, source in sources.items() if source == words}
        for words in (FROM_REGISTER, FROM_RECORDS, FROM_RECORDS_ELSE_REGISTER)
    }
    assert by_source[FROM_REGISTER] == set(IDENTITY)
    assert by_source[FROM_RECORDS] | {"widowed", "lives_alone"} == set(PERSON_FACT_COLUMNS)
    assert by_source[FROM_RECORDS_ELSE_REGISTER] == {"widowed", "vital_status", "residence"}
    competing = {
        *IDENTITY,
        *PERSON_FACT_COLUMNS,
        *HOUSING_COLUMNS,
        "resident_status",
        "decile",
        "poverty_kind",
        "owns_valuables",
        "address",
    }
    assert set(RULES) == competing | {"position"}
    assert {name for name, rule in RULES.items() if rule.register == "first"} == {*IDENTITY, "address"}
