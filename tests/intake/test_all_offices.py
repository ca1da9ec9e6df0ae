"""The sample's twelve offices, each in its own format and layout: every row has one end, and every person whom a file names is found."""

from functools import cache
from pathlib import Path

import pandas as pd
import pytest
from intake_workbooks import CONTRACTS, taken_in

from schemas.cell_codes import REMARKS

SAMPLE = Path(__file__).parents[2] / "data_samples"
OFFICES = [source for source in CONTRACTS if source != "dukcapil_population"]
PLACE = ["file", "sheet", "row"]


@cache
def taken(source):
    return taken_in(SAMPLE / "inbox", source)


@cache
def truth():
    return pd.read_parquet(SAMPLE / "truth/links.parquet")


@pytest.mark.parametrize("source", CONTRACTS)
def test_every_row_of_an_office_has_one_end(source):
    result = taken(source)
    assert not result.refused
    assert len(result.records)
    assert result.conservation["holds"].all()
    assert result.conservation[["missing", "extra"]].to_numpy().sum() == 0


@pytest.mark.parametrize("source", CONTRACTS)
def test_every_header_of_an_office_is_known(source):
    """An unknown column is a piece of what the office knows, lost."""
    unknown = [
        (sheet["sheet"], column["header"]) for sheet in taken(source).sheets for column in sheet["columns"] if column["canonical"] is None
    ]
    assert unknown == []


@pytest.mark.parametrize("source", OFFICES)
def test_records_are_exactly_the_people_whom_the_file_names(source):
    """A title taken for a person is a record too many; a person taken for a title, a record too few."""
    result, named = taken(source), truth()[truth()["source"] == source]
    both = named.merge(result.records[[*PLACE, "mention", "record_id"]], on=[*PLACE, "mention"], how="outer", indicator=True)
    assert (both["_merge"] != "right_only").all(), "a record of nobody"
    lost = both.loc[both["_merge"] == "left_only", PLACE].drop_duplicates()
    set_aside = lost.merge(result.quarantine, on=PLACE, how="left")
    assert set(set_aside["disposition"].dropna()) <= {"quarantined", "exact_duplicate"}
    assert set_aside["disposition"].notna().all()


@pytest.mark.parametrize("source", CONTRACTS)
def test_a_remark_stands_beside_a_value_and_a_fault_in_place_of_one(source):
    """`padan check` tells officers which values are used: a code in the wrong class says the opposite of what happens."""
    records = taken(source).records
    noted = records["errors"].dropna().str.split(" ").explode().str.partition(":")
    wrong = set()
    for place, column, code in zip(noted.index, noted[0], noted[2], strict=True):
        if column in records and records[column].notna()[place] != (code in REMARKS):
            wrong.add((column, code))
    assert wrong == set()


def test_the_population_book_and_the_workbooks_are_one_register():
    """The villages of the book are missing from the workbooks, and nobody is in both."""
    records = taken("dukcapil_population").records
    from_book = records["file"].str.startswith("bip_")
    assert from_book.any()
    assert records["nik"].is_unique
    assert not set(records.loc[from_book, "area_code"]) & set(records.loc[~from_book, "area_code"])
    assert records.loc[from_book, ["kk_number", "area_code", "birth_date", "sex", "relation"]].notna().all(axis=None)
