"""Both evaluators agree: the Great Expectations suites say of every frame exactly what our own predicates say."""

from __future__ import annotations

import datetime as dt
import gc
import json
import logging
import socket
import weakref

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemas.canonical import TEXT
from schemas.expectations import Expectation, evaluate, parse_expectations
from schemas.expectations_gx import to_gx_suite, validate_with_gx

AS_OF = dt.date(2026, 10, 1)
CANARY = "3510160107909991"

ONE_OF_EACH = [
    {"expect": "row_count_between", "min": 2, "max": 6},
    {"expect": "columns_present", "columns": ["nik", "sex", "hamlet"]},
    {"expect": "columns_present", "columns": ["nik", "errors"], "severity": "delivery"},
    {"expect": "column_filled", "column": "nik", "at_least": 0.7},
    {"expect": "column_filled", "column": "name", "at_least": 0.5},
    {"expect": "column_filled", "column": "pregnant", "at_least": 0.5},
    {"expect": "column_filled", "column": "decile"},
    {"expect": "column_filled", "column": "birth_date", "at_least": 0.34},
    {"expect": "column_filled", "column": "hamlet"},
    {"expect": "column_filled", "column": "nik", "at_least": 0.7, "read_from": ["nik"], "severity": "delivery"},
    {"expect": "column_filled", "column": "kk_number", "at_least": 0.6, "read_from": ["kk_number"]},
    {"expect": "column_filled", "column": "hamlet", "read_from": ["address"], "severity": "delivery"},
    {"expect": "values_unique", "column": "nik", "at_least": 0.5},
    {"expect": "values_unique", "column": "name"},
    {"expect": "values_unique", "column": "kk_number", "at_least": 0.0},
    {"expect": "values_unique", "column": "hamlet"},
    {"expect": "values_unique", "column": "amount"},
    {"expect": "values_match", "column": "nik", "regex": "[0-9]{16}"},
    {"expect": "values_match", "column": "note", "regex": "a.c|[^ ]+\\d", "at_least": 0.5},
    {"expect": "values_in_code_list", "column": "sex", "code_list": "sex", "at_least": 0.6},
    {"expect": "values_in_code_list", "column": "kk_number", "values": ["1", "2"]},
    {"expect": "values_between", "column": "decile", "min": 1, "max": 10},
    {"expect": "values_between", "column": "latitude", "min": -8.8, "at_least": 0.5},
    {"expect": "values_between", "column": "amount", "max": 5},
    {"expect": "dates_between", "column": "birth_date", "min": "as_of-115y", "max": "as_of"},
    {"expect": "dates_between", "column": "birth_date", "min": "2100-01-01", "max": "as_of+90y", "severity": "delivery"},
    {"expect": "dates_between", "column": "delivered_on", "min": "2027-01-01", "max": "as_of"},
    {"expect": "error_share_at_most", "column": "nik", "code": "length", "share": 0.3},
    {"expect": "error_share_at_most", "column": "nik", "share": 0.58},
    {"expect": "error_share_at_most", "share": 1.0},
]


def expectations() -> tuple[Expectation, ...]:
    return parse_expectations([{"why": "because", **said} for said in ONE_OF_EACH])


def rows_of(**columns: st.SearchStrategy[object]) -> st.SearchStrategy[list[tuple[object, ...]]]:
    return st.lists(st.tuples(*columns.values()), max_size=9)


def maybe(values: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    return st.none() | values


NIKS = st.sampled_from(["3510160107900001", "3510160107900002", "351016010790000", "3510160107900001\n", "\uff135\uff11016010790000", ""])
TEXTS = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=4) | st.sampled_from(["abc", "a\nc", "x٣", "x3", "abc\n"])
ERRORS = st.sampled_from(
    ["nik:length", "name:x nik:length", "nik:length_x", "xnik:length", "nik:length nik:length", "birth_date:impossible"]
)
DAYS = st.dates(dt.date(1800, 1, 1), dt.date(2200, 1, 1))


@st.composite
def frames(draw: st.DrawFn) -> pd.DataFrame:
    """Small frames of canonical types, with everything that a cell may hold, missing values in all columns, and repeats."""
    columns: dict[str, st.SearchStrategy[object]] = {
        "nik": maybe(NIKS),
        "kk_number": maybe(st.sampled_from(["1", "2", "3"])),
        "name": maybe(TEXTS),
        "note": maybe(TEXTS),
        "sex": maybe(st.sampled_from(["L", "P", "l", " L", "X"])),
        "birth_date": maybe(DAYS),
        "delivered_on": maybe(DAYS),
        "decile": maybe(st.integers(-1, 12)),
        "amount": maybe(st.integers(-(2**53), 2**53) | st.integers(4, 6)),
        "latitude": maybe(st.floats(-9, -8, allow_nan=False) | st.floats(allow_nan=False)),
        "pregnant": maybe(st.booleans()),
        "errors": maybe(ERRORS),
        "sheet": st.sampled_from(["A", "B"]),
    }
    rows = draw(rows_of(**columns))
    frame = pd.DataFrame(rows, columns=list(columns), index=pd.RangeIndex(7, 7 + len(rows)))
    typed = dict.fromkeys(("nik", "kk_number", "name", "note", "sex", "errors", "sheet"), TEXT)
    typed |= {"decile": "Int64", "amount": "Int64", "pregnant": "boolean", "latitude": "float64"}
    for name in ("birth_date", "delivered_on"):
        frame[name] = pd.to_datetime(frame[name]).astype("datetime64[ns]")
    return frame.astype(typed)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(frame=frames())
def test_great_expectations_agrees_with_our_predicates(frame):
    """Two evaluators that drift apart would refuse in the graph what `padan check` had let pass."""
    ours = evaluate(frame, expectations(), AS_OF)
    theirs = validate_with_gx(frame, expectations(), AS_OF)
    assert theirs == ours


def test_the_suite_holds_every_expectation_with_its_reason():
    """An expectation that the generator forgets is never checked in the graph."""
    suite = to_gx_suite(expectations(), "records", AS_OF)
    assert [one.meta["name"] for one in suite.expectations] == [one.name for one in expectations()]
    assert {one.notes for one in suite.expectations} == {"because"}
    assert json.loads(json.dumps(suite.to_json_dict()))["name"] == "records"


def bad_frame() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "nik": pd.Series([CANARY, CANARY, "9", None], dtype=TEXT),
            "sex": pd.Series(["CANARY NAME", "L", "P", None], dtype=TEXT),
            "decile": pd.Series([99, 1, 2, None], dtype="Int64"),
            "birth_date": pd.Series(pd.to_datetime(["2091-02-03", None, None, None])).astype("datetime64[ns]"),
            "errors": pd.Series(["nik:length", None, None, None], dtype=TEXT),
        }
    )


def test_nothing_is_printed_logged_or_sent(capfd, caplog, monkeypatch):
    """GX shows progress bars, logs what it met, and used to report usage: a run must stay quiet and send nothing."""

    def no_network(*args: object, **kwargs: object) -> None:
        raise AssertionError("a network connection was opened")

    monkeypatch.setattr(socket.socket, "connect", no_network)
    monkeypatch.setattr(socket, "getaddrinfo", no_network)
    with caplog.at_level(logging.DEBUG):
        results = validate_with_gx(bad_frame(), expectations(), AS_OF)
    printed = capfd.readouterr()
    said = printed.out + printed.err + caplog.text + repr(results)
    assert CANARY not in said
    assert "CANARY NAME" not in said
    assert "2091" not in said
    assert printed.err == printed.out == ""


def test_the_frame_is_let_go():
    """GX keeps its last context; a register of 1.8 million rows must not stay in memory for the rest of the run."""
    import schemas.expectations_gx as module

    made: list[weakref.ref[pd.DataFrame]] = []
    original = module.gx_frame

    def watched(*args: object) -> pd.DataFrame:
        frame = original(*args)
        made.append(weakref.ref(frame))
        return frame

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "gx_frame", watched)
        validate_with_gx(bad_frame(), expectations(), AS_OF)
    gc.collect()
    assert [reference() is None for reference in made] == [True]


def test_big_tables_agree_too():
    """Large integers of codes and categories with many values take other paths in pandas than small ones."""
    rng = np.random.default_rng(20261001)
    rows = 30_000
    frame = pd.DataFrame(
        {
            "nik": pd.Series(3510160107900000 + rng.integers(0, rows, rows)).astype(str).astype(TEXT),
            "sex": pd.Series(rng.choice(["L", "P", "X", None], rows)).astype(TEXT),
            "errors": pd.Series(rng.choice(["nik:length", None], rows, p=[0.3, 0.7])).astype(TEXT),
        }
    )
    assert validate_with_gx(frame, expectations(), AS_OF) == evaluate(frame, expectations(), AS_OF)


def test_names_with_slashes_and_no_expectations_at_all():
    """Asset keys such as records/dinsos_pkh name the validation; a source may have nothing to expect."""
    assert validate_with_gx(bad_frame(), [], AS_OF) == []
    assert len(validate_with_gx(bad_frame(), expectations()[:1], AS_OF, name="records/dinsos_pkh")) == 1
