"""The inbox: folders make deliveries, names mean nothing, what programs leave behind is ignored and said to be."""

import pandas as pd
import pytest
from intake_workbooks import CONTRACTS, write_csv

from intake import find_deliveries, find_ignored
from intake.inbox import newest_first


def touch(path, text="x"):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def test_deliveries_are_dated_folders_and_one_undated(tmp_path):
    for name in ("2026-09-20/a.csv", "2026-09-20-2/b.csv", "2026-06-20/c.csv", "d.csv", "2026-09-20/sub/e.csv"):
        touch(tmp_path / "dinsos_pkh" / name)
    found = find_deliveries(tmp_path, CONTRACTS)
    assert found["delivery_id"].tolist() == [
        "dinsos_pkh/undated", "dinsos_pkh/2026-06-20", "dinsos_pkh/2026-09-20", "dinsos_pkh/2026-09-20", "dinsos_pkh/2026-09-20-2",
    ]  # fmt: skip
    assert found["file"].tolist() == ["d.csv", "c.csv", "a.csv", "sub/e.csv", "b.csv"]
    assert found["ordinal"].tolist() == [0, 0, 0, 0, 2]
    assert pd.isna(found["delivered_on"][0])
    assert [group["delivery_id"][0] for group in newest_first(found)] == [
        "dinsos_pkh/2026-09-20-2", "dinsos_pkh/2026-09-20", "dinsos_pkh/2026-06-20", "dinsos_pkh/undated",
    ]  # fmt: skip


def test_what_programs_leave_behind_is_ignored_and_listed(tmp_path):
    for name in (".DS_Store", "dinsos_pkh/.hidden", "dinsos_pkh/2026-09-20/~$a.xlsx", "dinsos_pkh/2026-09-20/a.part", "dinsos_pkh/2026-09-20/b.TMP",
                 "dinsos_pkh/2026-13-45/c.csv", "unknown_office/2026-09-20/d.csv", "stray.csv", "dinsos_pkh/2026-09-20/good.csv"):  # fmt: skip
        touch(tmp_path / name)
    assert find_deliveries(tmp_path, CONTRACTS)["file"].tolist() == ["good.csv"]
    reasons = find_ignored(tmp_path, CONTRACTS).set_index("place")["reason"].to_dict()
    assert reasons == {
        ".DS_Store": "left_by_a_program",
        "dinsos_pkh/.hidden": "left_by_a_program",
        "dinsos_pkh/2026-09-20/~$a.xlsx": "left_by_a_program",
        "dinsos_pkh/2026-09-20/a.part": "left_by_a_program",
        "dinsos_pkh/2026-09-20/b.TMP": "left_by_a_program",
        "dinsos_pkh/2026-13-45": "not_a_date",
        "stray.csv": "outside_of_a_source",
        "unknown_office": "unknown_source",
    }


def test_an_empty_inbox_gives_an_empty_frame_and_none_an_error(tmp_path):
    assert find_deliveries(tmp_path, CONTRACTS).empty
    with pytest.raises(FileNotFoundError):
        find_deliveries(tmp_path / "nowhere", CONTRACTS)


def test_a_delivery_is_known_by_its_content(tmp_path):
    first = write_csv(tmp_path / "dinsos_pkh/2026-09-20/a.csv", [["x"]])
    second = write_csv(tmp_path / "dinsos_pkh/2026-09-21/b.csv", [["x"]])
    assert first.read_bytes() == second.read_bytes()
    assert find_deliveries(tmp_path, CONTRACTS)["sha256"].nunique() == 1
