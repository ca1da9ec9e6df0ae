"""A run that differs from the last one says so; one that does not is quiet."""

import copy

from matching_people import register_spec, tables

from matching import drift, link


def test_what_moved_is_named():
    """An office that stops writing NIKs would otherwise show only as a longer queue."""
    left, right, _ = tables()
    left = left.assign(source="a")
    last = link(left, right, register_spec()).report.to_dict()
    assert drift(last, last) == ()
    worse = copy.deepcopy(last)
    worse["recall"] |= {"share": 0.80, "low": 0.78, "high": 0.82}
    worse["strata"] = [row | {"linked": row["linked"] // 2} if row["value"] == "a" else row for row in worse["strata"]]
    moved = drift(worse, last)
    assert [(one.stratum, one.figure) for one in moved] == [("all", "recall"), ("source=a", "linked")]
    assert str(moved[0]).startswith("all: recall went from 0.9")
    assert [one.stratum for one in drift(last, worse)] == ["all", "source=a"]


def test_a_new_source_is_no_drift():
    """There is nothing to hold it against."""
    left, right, _ = tables()
    last = link(left.assign(source="a"), right, register_spec()).report.to_dict()
    now = link(left.assign(source="b"), right, register_spec()).report.to_dict()
    assert not [one for one in drift(now, last) if one.stratum.startswith("source")]
