"""Decisions on two records whose persons are in no register: asked, answered, kept, bound again, contradicted."""

from __future__ import annotations

import pandas as pd
import pytest
from review_material import AREAS, LINES, frames, hashed, look, no_decisions

from publishing.review_binding import bind_decisions, record_hashes
from publishing.review_cases import review_queue
from publishing.review_contradictions import contradictions
from publishing.review_export import export_queue
from publishing.review_pairs import are_references, pairs_to_judge, references_of, referred
from publishing.review_reading import read_returned
from publishing.review_workbook import ANSWERS
from schemas.canonical import TEXT

ROWS = [f"list:{name}:1" for name in list(LINES)[:3]]


def material(*pairs: tuple[str, str, float]) -> dict[str, pd.DataFrame]:
    told = pd.DataFrame(
        [(one, other, likely, '{"comparisons":[]}') for one, other, likely in pairs],
        columns=["record_id", "other_record_id", "probability", "evidence"],
    )
    everything = frames()
    review = everything["review_cases"]
    return everything | {
        "unregistered_pairs": told.astype(dict.fromkeys(("record_id", "other_record_id", "evidence"), TEXT)),
        "review_cases": review[~review["record_id"].isin(ROWS)],
    }


def reference(name: str) -> str:
    records = frames()["social_records"]
    row = records[records["record_key"] == name]
    return str(references_of(row, record_hashes(row, hashed)).iloc[0])


def decisions(*triples: tuple[str, str, str]) -> pd.DataFrame:
    records = frames()["social_records"].set_index("record_key", drop=False)
    rows = [
        {
            "decision_id": number,
            "source": "list",
            "record_key": one,
            "mention": "person",
            "record_hash": record_hashes(records.loc[[one]], hashed).iloc[0],
            "candidate_hash": other if other.startswith("NIK") else reference(other),
            "decision": said,
            "decided_by": "siti",
        }
        for number, (one, other, said) in enumerate(triples, start=1)
    ]
    frame = pd.DataFrame(rows)
    return frame.astype({name: TEXT for name in frame if name != "decision_id"})


def test_a_reference_says_what_it_needs_and_no_more() -> None:
    """It is stored for ever: no name, no number of a person's."""
    text = reference("r2")
    told = referred(pd.Series([text], dtype=TEXT)).iloc[0]
    assert (told["source"], told["mention"], told["record_key"]) == ("list", "person", "r2")
    assert LINES["r2"][0] not in text
    assert are_references(pd.Series([text, "ab" * 32, pd.NA], dtype=TEXT)).tolist() == [True, False, False]


def test_a_pair_is_asked_the_same_way_round() -> None:
    """Lists change their order; a pair asked as B and A would be a second question."""
    records = frames()["social_records"]
    there = material((ROWS[0], ROWS[1], 0.4), (ROWS[0], ROWS[2], 0.6))["unregistered_pairs"]
    back = material((ROWS[1], ROWS[0], 0.4), (ROWS[2], ROWS[0], 0.6))["unregistered_pairs"]
    asked = pairs_to_judge(there, records)
    assert asked[["record_id", "other_record_id", "rank"]].to_numpy().tolist() == [[ROWS[0], ROWS[2], 1], [ROWS[0], ROWS[1], 2]]
    pd.testing.assert_frame_equal(asked, pairs_to_judge(back, records))


@pytest.mark.parametrize(("answer", "stored"), [("sama", "same"), ("beda", "different")])
def test_an_answer_in_the_workbook_joins_or_parts_two_records(tmp_path, answer: str, stored: str) -> None:
    """From the question through a real workbook to what the engine is told."""
    import openpyxl

    queue = review_queue(material((ROWS[0], ROWS[1], 0.4)), no_decisions(), hashed, {})
    assert stored in ANSWERS
    assert queue.cases.set_index("record_id").loc[ROWS[0], "reason"] == "unregistered_twice"
    paths = export_queue(queue, AREAS, tmp_path, look(), hashed).paths
    path = next(path for path in paths if "tak terdaftar, Daftar" in _texts(path))
    workbook = openpyxl.load_workbook(path)
    sheet = workbook["Kasus"]
    column = next(cell.column for row in sheet.iter_rows() for cell in row if "tak terdaftar, Daftar" in str(cell.value or ""))
    head = next(cell.row for row in sheet.iter_rows() for cell in row if "tak terdaftar, Daftar" in str(cell.value or ""))
    label = next(cell.row for row in sheet.iter_rows(min_row=head) for cell in row if cell.value == "Jawaban")
    sheet.cell(label, column).value = answer
    workbook.save(path)
    returned = read_returned([path], hashed, look().language)
    assert returned.problems == []
    ledger = returned.answers.assign(decision_id=range(1, len(returned.answers) + 1))
    bound = bind_decisions(ledger, frames()["social_records"], pd.Series(dtype=TEXT), hashed)
    assert bound.together.to_numpy().tolist() == [[ROWS[0], ROWS[1], stored]]
    assert bound.counts["bound"] == 1


def _texts(path) -> str:
    import openpyxl

    return "\n".join(str(cell.value) for row in openpyxl.load_workbook(path)["Kasus"].iter_rows() for cell in row if cell.value)


def test_it_holds_when_keys_and_ids_change() -> None:
    """Both rows get new keys and ids with the next delivery; what they say of who they are is the same, and r4 says what r3 says."""
    records = frames()["social_records"]
    held = decisions(("r2", "r3", "same"))
    moved = records.assign(record_id="new:" + records["record_id"], record_key="n" + records["record_key"])
    bound = bind_decisions(held, moved, pd.Series(dtype=TEXT), hashed)
    assert bound.together.to_numpy().tolist() == [["new:list:r2:1", f"new:list:{name}:1", "same"] for name in ("r3", "r4")]
    gone = bind_decisions(held, records[~records["record_key"].isin(["r3", "r4"])], pd.Series(dtype=TEXT), hashed)
    assert gone.together.empty
    assert gone.counts["record_not_found"] == 1


def test_residents_that_are_not_where_they_probably_are_are_found_all_the_same() -> None:
    """The memory of the last run saves time, never a decision."""
    nik, other = "3510014201750003", "3510014201750011"
    seen: list[int] = []

    def counting(values: pd.Series) -> pd.Series:
        seen.append(len(values))
        return hashed(values)

    held = decisions(("r2", "NIK", "same")).assign(candidate_hash=hashed(pd.Series([nik], dtype=TEXT)).iloc[0])
    niks = pd.Series([other, nik], dtype=TEXT)
    for likely, most in (([nik], 1), ([other], 2), ([], 2)):
        seen.clear()
        bound = bind_decisions(held, frames()["social_records"], niks, counting, pd.Series(likely, dtype=TEXT))
        assert bound.decisions["right_id"].tolist() == [nik]
        assert max(seen) == most


@pytest.mark.parametrize(
    ("said", "kinds"),
    [
        ([("r1", "r2", "same"), ("r1", "r3", "same")], []),
        ([("r1", "r2", "same"), ("r2", "r1", "different")], ["same_and_different"]),
        ([("r1", "r2", "same"), ("r2", "r3", "same"), ("r1", "r3", "different")], ["different_through_others"]),
        ([("r1", "r2", "same"), ("r1", "NIK-A", "same"), ("r2", "NIK-B", "same")], ["two_through_others"]),
        ([("r1", "r2", "same"), ("r1", "NIK-A", "same"), ("r2", "NIK-A", "same")], []),
        ([("r1", "r2", "different"), ("r1", "r3", "same")], []),
    ],
    ids=["one and two others", "one pair, both ways round", "a chain and its ends", "a chain and two residents", "a chain and one", "free"],
)
def test_contradictions_through_records(said, kinds) -> None:
    """A is B and B is C: then A is C, and nobody may be two residents."""
    given = decisions(*said).assign(record_hash=pd.Series(pd.NA, index=range(len(said)), dtype=TEXT))
    assert [one.kind for one in contradictions(given)] == kinds
