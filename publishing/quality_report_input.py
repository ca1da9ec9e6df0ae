"""What the quality report is made of: plain frames of counts, places and messages. None of them holds a value of a person's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pandas as pd


def columns(*names: str) -> pd.DataFrame:
    """An empty frame with these columns."""
    return pd.DataFrame({name: pd.Series(dtype="object") for name in names})


@dataclass(frozen=True)
class Estimate:
    """A share with the ends of its 95 % interval."""

    share: float
    low: float
    high: float


@dataclass(frozen=True)
class QualityReport:
    """One run as a data officer should see it. Frames that a run does not have stay empty; the report says so.

    sources: source, title_id, title_en, office, role, programme, delivered_on (of what is in force), state (accepted | older_in_force |
    partly | missing).
    deliveries: source, delivery_id, delivered_on, file, bytes, status (accepted | refused | superseded), message_id, message_en.
    conservation: source and the columns of intake's proof (delivery_id, file, sheet, read, accepted, quarantined …, holds).
    quarantined: source, delivery_id, file, sheet, row, letter, column, reason, shape, message_id, message_en.
    repairs: source, column, rule, count. field_errors: source, column, code, count.
    unknown_columns: source, delivery_id, file, sheet, letter, header, proposal.
    expectations: source, name, kind, column, severity, evaluated, unexpected, observed, success, and in both languages what was
    expected (said_id, said_en) and why (why_id, why_en).
    error_classes: source, area_code, error_class, count. areas: area_code, level, name, parent_code.
    links: source, mentions, with_nik, nik_in_register, nik, evidence, decision, review, unregistered, mean_probability.
    review_reasons: reason, count.
    decisions: how many of people's decisions are in force, bound to today's records and residents, unsure, or without one of them.
    drift: what has moved in the estimates since the last run (stratum, figure, before, now).
    precision, recall: the run's own estimates for its automatic links; None where it made none.
    not_counted: error classes for which this run lacks the data.
    """

    regency: str
    as_of: date
    publication: int | None
    published: bool
    content_hash: str | None
    sources: pd.DataFrame
    deliveries: pd.DataFrame
    conservation: pd.DataFrame
    areas: pd.DataFrame
    quarantined: pd.DataFrame = field(
        default_factory=lambda: columns(
            "source", "delivery_id", "file", "sheet", "row", "letter", "column", "reason", "shape", "message_id", "message_en"
        )
    )
    repairs: pd.DataFrame = field(default_factory=lambda: columns("source", "column", "rule", "count"))
    field_errors: pd.DataFrame = field(default_factory=lambda: columns("source", "column", "code", "count"))
    unknown_columns: pd.DataFrame = field(
        default_factory=lambda: columns("source", "delivery_id", "file", "sheet", "letter", "header", "proposal")
    )
    expectations: pd.DataFrame = field(
        default_factory=lambda: columns(
            "source",
            "name",
            "kind",
            "column",
            "severity",
            "evaluated",
            "unexpected",
            "observed",
            "success",
            "said_id",
            "said_en",
            "why_id",
            "why_en",
        )
    )
    error_classes: pd.DataFrame = field(default_factory=lambda: columns("source", "area_code", "error_class", "count"))
    links: pd.DataFrame = field(
        default_factory=lambda: columns(
            "source", "mentions", "with_nik", "nik_in_register", "nik", "evidence", "decision", "review", "unregistered", "mean_probability"
        )
    )
    review_reasons: pd.DataFrame = field(default_factory=lambda: columns("reason", "count"))
    decisions: Mapping[str, int] = field(default_factory=dict)
    drift: Sequence[Mapping[str, Any]] = ()
    precision: Estimate | None = None
    recall: Estimate | None = None
    not_counted: tuple[str, ...] = ()


@dataclass(frozen=True)
class RunFrames:
    """The frames of a run from which `quality_report_of` counts; those by source are keyed by the source's id.

    records, quarantine, conservation: what intake wrote for each source. links, population, review_cases: what linkage wrote.
    record_persons: record_id, family_id. coordinate_flags: what geocoding did not believe. targeting_gaps, aid_received: what eligibility
    wrote. unknown_columns: as in QualityReport.
    """

    deliveries: pd.DataFrame
    records: Mapping[str, pd.DataFrame]
    quarantine: Mapping[str, pd.DataFrame]
    conservation: Mapping[str, pd.DataFrame]
    areas: pd.DataFrame
    links: pd.DataFrame | None = None
    population: pd.DataFrame | None = None
    review_cases: pd.DataFrame | None = None
    record_persons: pd.DataFrame | None = None
    coordinate_flags: pd.DataFrame | None = None
    targeting_gaps: pd.DataFrame | None = None
    unknown_columns: pd.DataFrame | None = None
