"""Names after a relative are followed through the family: "PAK RUDI" is whoever shares a household with a younger Rudi."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pandas as pd
import pytest
from matching_people import register_spec, tables

from matching import LinkSpec, link
from matching.blocking import candidate_pairs, split_pairs
from matching.columns import encode_tables
from matching.compare import BANDS, RELATIVE_SCALE, Comparer

TEXT = pd.StringDtype("pyarrow")
SPEC = LinkSpec.from_yaml("""
name: called after
left_id: id
right_id: id
columns: {name: {kind: name}, card: {kind: code}, born: {kind: date}, sex: {kind: code}, village: {kind: code}}
blocking: [{keys: [name.words, village], cap: 3, of_relative: true}]
comparisons: [{column: name, levels: [teknonym, equal]}, {column: village, levels: [equal]}]
household: card
relatives: {name: name, born: born, sex: sex, men: L, women: P}
""")
FAMILIES = pd.DataFrame(
    [
        ("SUPARMAN", "1", "1970-05-01", "L", "A"),
        ("SITI AMINAH", "1", "1973-01-01", "P", "A"),
        ("RUDI HARTONO", "1", "1995-02-02", "L", "A"),
        ("BUDI RUDI", "1", "1998-03-03", "L", "A"),
        ("MISNATI", "1", "1987-01-01", "P", "A"),  # eight years older than one Rudi, eleven than the other
        ("RUDI", "2", "1960-01-01", "L", "A"),
        ("PARTO", None, "1960-01-01", "L", "A"),
        ("SLAMET", "3", None, "L", "B"),
        ("ROEDHI", "3", "1999-01-01", "L", "B"),
        ("MUHAMMAD", "4", "1970-01-01", "L", "B"),
        ("MUHAMMAD RIZKI", "4", "2001-01-01", "L", "B"),
    ],
    columns=["name", "card", "born", "sex", "village"],
).astype(TEXT)
FAMILIES["id"] = FAMILIES["name"]


def encoded(names, villages=None):
    records = pd.DataFrame({"id": names, "name": names, "village": villages or ["A"] * len(names)}).astype(TEXT)
    with ThreadPoolExecutor(2) as threads:
        return encode_tables(records, FAMILIES, SPEC, threads)


def level(called, resident):
    comparer = Comparer(encoded([called]), SPEC)
    outcome = comparer.outcomes(np.array([0]), np.flatnonzero(FAMILIES["name"] == resident))[comparer.place_of("relative")]
    return RELATIVE_SCALE.levels[int(outcome[0]) // BANDS]


@pytest.mark.parametrize(
    ("called", "resident", "expected"),
    [
        ("PAK RUDI", "SUPARMAN", "child"),
        ("BAPAKE RUDI", "SUPARMAN", "child"),
        ("BU RUDI", "SITI AMINAH", "child"),
        ("MBAH RUDI", "SITI AMINAH", "child"),
        ("BU RUDI", "SUPARMAN", "different"),
        ("PAK RUDI", "SITI AMINAH", "different"),
        ("BU RUDI", "MISNATI", "different"),
        ("PAK RUDI", "RUDI", "own_name"),
        ("PAK RUDI", "RUDI HARTONO", "childs_own_name"),
        ("PAK TONI", "SUPARMAN", "different"),
        ("PAK RUDI", "PARTO", "missing"),
        ("PAK RUDI", "SLAMET", "child"),
        ("PAK RIZKI", "MUHAMMAD", "child"),
        ("RUDI", "SUPARMAN", "missing"),
        ("PAK RUDI HARTONO", "SUPARMAN", "missing"),
    ],
)
def test_what_a_name_behind_pak_or_bu_says_of_a_candidate(called, resident, expected):
    """Nobody is Rudi's father by being his brother, his mother or a stranger; and the name may be the person's own all the same."""
    assert level(called, resident) == expected


def led(names, villages=None):
    encoded_tables = encoded(names, villages)
    numbers, report = candidate_pairs(encoded_tables, SPEC.blocking, np.arange(len(names)), 1000)
    left, right = split_pairs(numbers, encoded_tables.right_count)
    return {(names[one], FAMILIES["name"][other]) for one, other in zip(left, right, strict=True)}, report


def test_the_name_leads_to_the_family_and_only_where_it_is_a_relatives():
    """Rudi's brothers, his mother when it says PAK, and records called by their own name must not pay for the rule."""
    assert led(["PAK RUDI", "BU RUDI", "RUDI", "PAK SUPARMAN"])[0] == {("PAK RUDI", "SUPARMAN"), ("BU RUDI", "SITI AMINAH")}


def test_a_name_that_many_bear_is_dropped_and_counted():
    """In a village full of Rudis the name says too little to be worth all their fathers."""
    many = SPEC.model_copy(update={"blocking": (SPEC.blocking[0].model_copy(update={"cap": 2}),)})
    found, report = candidate_pairs(encoded(["PAK RUDI", "PAK RUDI"], ["A", "B"]), many.blocking, np.arange(2), 1000)
    assert [FAMILIES["name"][pair % len(FAMILIES)] for pair in found] == ["SLAMET"]
    assert report[["dropped_by_cap", "records_dropped"]].to_numpy().tolist() == [[3, 1]]


COMMON = ["MUHAMMAD", "AHMAD", "SITI", "NUR", "SRI", "ABDUL"]


def called_after(register, count):
    """Parents called after a child whose first name no other child of the RT has; every other one with number, date and card beside it."""
    people = register.assign(year=register["birth_date"].astype(str).str[:4].astype(int), first=register["name"].str.split().str[0])
    pairs = people.merge(people, on="kk_number", suffixes=("", "_child"))
    told = ~pairs["first_child"].isin(COMMON) & (pairs["first_child"].str.len() >= 4)
    pairs = pairs[told & (pairs["year_child"] - pairs["year"] >= 16)]
    alone = pairs.drop_duplicates(["area_code", "rt", "rw", "first_child", "sex"], keep=False).drop_duplicates("nik").head(count)
    bare = pd.Series(np.arange(len(alone)) % 2 == 0, index=alone.index)
    ids = [f"t{number:04d}" for number in range(len(alone))]
    written = (
        alone[["nik", "birth_date", "kk_number"]]
        .apply(lambda told: told.mask(bare))
        .join(alone[["sex", "area_code", "hamlet", "rt", "rw"]])
    )
    written = written.assign(name=alone["sex"].map({"L": "PAK ", "P": "BU "}) + alone["first_child"], record_id=ids, record_key=ids)
    truth = {one: nik for one, nik, alone_here in zip(ids, alone["nik"], bare, strict=True) if alone_here}
    return written.astype(TEXT), truth


@pytest.fixture(scope="module")
def village():
    records, register, _ = tables(people=6_000, records=2_500, seed=31)
    called, truth = called_after(register, 300)
    return pd.concat([records, called], ignore_index=True), register, truth


def found_and_wrong(result, truth):
    """How many are linked rightly or would be shown to people with the right one first, and how many are linked wrongly."""
    links = result.links[result.links["status"] == "linked"].set_index("left_id")["right_id"]
    wrong = sum(links[record] != right for record, right in truth.items() if record in links.index)
    first = pd.concat([links, result.review[result.review["rank"] == 1].set_index("left_id")["right_id"]])
    return sum(first[record] == right for record, right in truth.items() if record in first.index), wrong


def test_fathers_and_mothers_are_found_by_their_childs_name(village):
    """They have no number, date or card in the list: without the family nothing leads to them, and with it no wrong one is linked."""
    records, register, truth = village
    spec = register_spec()
    blind = spec.model_copy(update={"relatives": None, "blocking": tuple(rule for rule in spec.blocking if not rule.of_relative)})
    found, wrong = found_and_wrong(link(records, register, spec), truth)
    before, _ = found_and_wrong(link(records, register, blind), truth)
    assert before <= 0.05 * len(truth), "the comparison means nothing where they are found anyway"
    assert found >= 0.6 * len(truth)
    assert wrong <= 1


def test_the_order_of_rows_changes_nothing(village):
    """The family is looked up in whatever order the register comes."""
    records, register, _ = village
    spec = register_spec()
    one = link(records, register, spec)
    other = link(records.sample(frac=1, random_state=1), register.sample(frac=1, random_state=2), spec)
    columns = ["left_id", "status", "right_id", "probability", "evidence"]
    pd.testing.assert_frame_equal(
        one.links[columns].sort_values("left_id", ignore_index=True), other.links[columns].sort_values("left_id", ignore_index=True)
    )
    assert one.model.to_json() == other.model.to_json()
