"""What tables say as numbers: what was not recognised would not be linked again, what is taken for new costs a whole run."""

import numpy as np
import pandas as pd
import pytest

from matching.contents import row_numbers, table_fingerprint, text_numbers
from matching.ordering import content_order
from matching.tables import Source

TEXT = pd.StringDtype("pyarrow")
WORDS = [
    "7",
    "07",
    "3510010101010001",
    "SITI",
    "SITI AMINAH",
    "SITI  AMINAH",
    "ÁÉ",
    "A" * 8,
    "A" * 9,
    "A" * 16,
    "A" * 8 + "\0",
    "\0",
    "\0\0",
]


def texts(values, dtype=TEXT):
    return pd.Series(values, dtype=dtype)


def test_texts_that_differ_have_different_numbers():
    """Leading zeros, spaces and what follows the eighth byte all count."""
    numbers = text_numbers(texts(WORDS))
    assert len(set(numbers.tolist())) == len(WORDS)


def test_a_text_has_its_number_whichever_others_there_are():
    """A column that was all digits until today's delivery must not make all records new ones."""
    whole = text_numbers(texts([*WORDS, pd.NA, ""]))
    alone = [int(text_numbers(texts([word]))[0]) for word in [*WORDS, pd.NA, ""]]
    assert whole.tolist() == alone
    assert whole[-1] == whole[-2]  # an empty cell says as much as a missing one
    sliced = text_numbers(texts(["X", *WORDS, pd.NA])[1:])
    assert sliced.tolist() == alone[:-1]
    assert text_numbers(pd.Series(WORDS, dtype="string[python]")).tolist() == alone[:-2]


def people():
    return pd.DataFrame(
        {
            "nik": texts(["1", "2", "3", "4"]),
            "name": texts(["SITI", pd.NA, "", "BUDI"]),
            "birth_date": pd.to_datetime(["2001-02-03", None, "1950-01-01", "1999-12-31"]),
            "latitude": [-8.25, np.nan, -8.5, -8.0],
            "once": pd.array([True, False, pd.NA, True], dtype="boolean"),
            "rt": [1, 2, 3, 4],
        }
    )


CHANGES = {
    "name": "SITI A", "birth_date": pd.Timestamp("2001-02-04"), "latitude": -8.26, "once": False, "rt": 9, "nik": "0",
}  # fmt: skip


@pytest.mark.parametrize("column", CHANGES)
def test_any_cell_is_told(column):
    """A change that leaves the fingerprint is a change that nobody sees."""
    before, after = people(), people()
    after.loc[0, column] = CHANGES[column]
    columns = tuple(before.columns)
    changed = row_numbers(Source(before, "left"), columns) != row_numbers(Source(after, "left"), columns)
    assert changed.tolist() == [True, False, False, False]
    assert table_fingerprint(Source(before, "right"), columns, None) != table_fingerprint(Source(after, "right"), columns, None)


def test_the_fingerprint_comes_from_the_content_alone(tmp_path):
    """Chunks, row groups, the width of offsets and the order of rows are no other register; without a column it is one."""
    frame = people()[["nik", "name", "birth_date"]]
    columns = tuple(frame.columns)
    whole = table_fingerprint(Source(frame, "right"), columns, None)
    in_parts = pd.concat([frame.iloc[:1], frame.iloc[1:]])
    assert table_fingerprint(Source(in_parts, "right"), columns, None) == whole
    shuffled = Source(frame.iloc[[2, 0, 3, 1]].reset_index(drop=True), "right")
    assert table_fingerprint(shuffled, columns, content_order(shuffled, "nik", ())) == whole
    frame.to_parquet(tmp_path / "register.parquet", row_group_size=2)
    assert table_fingerprint(Source(tmp_path / "register.parquet", "right"), columns, None) == whole
    assert table_fingerprint(Source(frame, "right"), columns[:2], None) != whole
    assert table_fingerprint(Source(frame.assign(name=frame["name"].fillna("")), "right"), columns, None) != whole


@pytest.mark.parametrize("kind", ["frame", "file"])
def test_chosen_rows_of_a_table(tmp_path, kind):
    """Rows from a file must be the rows of the frame; none of them still have their columns."""
    frame = people()
    table = frame
    if kind == "file":
        table = tmp_path / "people.parquet"
        frame.to_parquet(table)
    source = Source(table, "left")
    some = source.only(("name", "birth_date", "nobody"), np.array([3, 0]))
    assert [*some.columns] == ["name", "birth_date"]
    assert some["name"].tolist() == ["BUDI", "SITI"]
    assert some["birth_date"].tolist() == [pd.Timestamp("1999-12-31"), pd.Timestamp("2001-02-03")]
    nobody = source.only(("name", "birth_date"), np.empty(0, dtype=np.int64))
    assert [*nobody.columns] == ["name", "birth_date"]
    assert len(nobody) == 0


@pytest.mark.parametrize(
    ("rows", "order"),
    [
        ([("a", 1, "x"), ("a", 2, "c"), ("b", 0, "d")], None),
        ([("a", 2, "x"), ("a", 1, "c"), ("b", 0, "d")], [1, 0, 2]),
        ([("a", 1, "x"), ("a", 1, "c"), ("b", 0, "d")], [1, 0, 2]),
        ([("b", 0, "x"), ("a", 1, "y"), (pd.NA, 9, "z")], [2, 1, 0]),
    ],
    ids=["in order", "by row", "by id", "missing first"],
)
def test_rows_that_stand_in_order_are_seen_to(rows, order):
    """What spares the sorting must not leave out what it is sorted by."""
    frame = pd.DataFrame(rows, columns=["source", "row", "id"]).astype({"source": TEXT, "id": TEXT})
    found = content_order(Source(frame, "left"), "id", ("source", "row"))
    assert order == (None if found is None else found.tolist())


@pytest.mark.parametrize("ids", [["x", "x", "y"], ["x", pd.NA, "y"]], ids=["twice", "missing"])
def test_ids_are_looked_at_though_rows_stand_in_order(ids):
    """Two records of one id would share a link."""
    frame = pd.DataFrame({"row": [1, 2, 3], "id": texts(ids)})
    with pytest.raises(ValueError, match="id"):
        content_order(Source(frame, "left"), "id", ("row",))
