"""Which deliveries speak, as `padan delivery list` says it after a run."""

from __future__ import annotations

import datetime as dt

import pytest
from intake_workbooks import CONTRACTS, pkh_rows, taken_in, write_csv

from intake import DeliveryStore, receive
from intake.delivery_overview import deliveries_overview, last_run_of

OLD, NEW = "dinsos_pkh/2026-08-20", "dinsos_pkh/2026-09-20"


@pytest.mark.parametrize(
    ("replaces", "states"), [("nothing", {OLD: "in_force", NEW: "in_force"}), ("source", {OLD: "superseded", NEW: "in_force"})]
)
def test_a_delivery_that_only_repeats_rows_is_in_force(tmp_path, replaces, states):
    """It was called superseded, though nothing replaced it: each of its rows is counted as a repetition of the other delivery's."""
    write_csv(tmp_path / "inbox" / OLD / "a.csv", pkh_rows(3))
    write_csv(tmp_path / "inbox" / NEW / "b.csv", [*pkh_rows(3), []])
    contract = CONTRACTS["dinsos_pkh"].model_copy(update={"replaces": replaces})
    result = taken_in(tmp_path / "inbox", contract=contract)
    assert len(result.records) == 3
    store = DeliveryStore.of_home(tmp_path / "home")
    lying = receive(tmp_path / "inbox", store, {"dinsos_pkh": contract}, by="sari", at=dt.datetime(2026, 9, 21, tzinfo=dt.UTC))
    last_run = last_run_of(lying["delivery_id"], result.records["delivery_id"], result.quarantine)
    assert {summary.delivery_id: summary.state for summary in deliveries_overview(store.book(), last_run)} == states
