"""Every delivery ever received in one table, as a data officer wants to see it: how much, by whom, and whether it speaks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import pandas as pd

from intake.delivery_store import WHOLE_DELIVERY, Book, Receipt, withdrawn_deliveries
from intake.inbox import delivery_day

DeliveryState = Literal["in_force", "refused", "superseded", "withdrawn", "waiting"]


@dataclass(frozen=True)
class DeliverySummary:
    """One delivery: its files that count, when and by whom the last of them was received, its state, who withdrew it."""

    delivery_id: str
    files: int
    bytes: int
    received_at: str
    received_by: str
    state: DeliveryState
    withdrawn: Receipt | None = None


@dataclass(frozen=True)
class LastRun:
    """What the last run made of the deliveries that it saw: all of them, those whose rows are in force, those it refused."""

    seen: frozenset[str]
    in_force: frozenset[str]
    refused: frozenset[str]


NO_RUN = LastRun(frozenset(), frozenset(), frozenset())


def deliveries_overview(book: Book, last_run: LastRun) -> list[DeliverySummary]:
    """All deliveries, by source, oldest first. `waiting` is what no run has seen yet."""
    withdrawn = withdrawn_deliveries(book)
    received: dict[str, list[Receipt]] = {}
    for (delivery_id, file), receipts in book.items():
        if file != WHOLE_DELIVERY:
            received.setdefault(delivery_id, []).append(receipts[-1])
    summaries = []
    for delivery_id, receipts in received.items():
        there = [receipt for receipt in receipts if receipt.kind == "received"]
        newest = max(receipts, key=lambda receipt: receipt.at)
        summaries.append(
            DeliverySummary(
                delivery_id,
                len(there),
                sum(receipt.bytes or 0 for receipt in there),
                newest.at,
                newest.by,
                "withdrawn" if delivery_id in withdrawn else _state(delivery_id, last_run),
                withdrawn.get(delivery_id),
            )
        )
    return sorted(summaries, key=_order)


def _order(summary: DeliverySummary) -> tuple[str, str, int]:
    day, ordinal = delivery_day(summary.delivery_id)
    return summary.delivery_id.partition("/")[0], "" if day is None else day.isoformat(), ordinal


def _state(delivery_id: str, last_run: LastRun) -> DeliveryState:
    if delivery_id in last_run.in_force:
        return "in_force"
    if delivery_id in last_run.refused:
        return "refused"
    return "superseded" if delivery_id in last_run.seen else "waiting"


def last_run_of(seen: pd.Series, records: pd.Series, quarantine: pd.DataFrame) -> LastRun:
    """From the columns delivery_id of the frames deliveries and records, and delivery_id and disposition of quarantine.

    A delivery whose rows were read is in force, also when each of them repeats another delivery's or was set aside.
    """
    refused = quarantine["disposition"] == "delivery_refused"
    read = quarantine.loc[~refused, "delivery_id"]
    return LastRun(frozenset(seen), frozenset(records) | frozenset(read), frozenset(quarantine.loc[refused, "delivery_id"]))
