"""The quality report: one page on what came in, what became of it, and how far it can be trusted.

For data officers. It holds counts, places, codes and shapes; where an office's own words are shown (file names, headers, messages), a
number of identity length in them is starred.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import pandas as pd

from publishing.language import Language
from publishing.link_drift import drift_sentences
from publishing.pages import render_page
from publishing.quality_report_input import QualityReport
from publishing.quality_report_parts import (
    BarPart,
    delivery_rows,
    error_matrix,
    expectation_rows,
    link_rows,
    quarantine_groups,
    row_bars,
    source_rows,
    village_rows,
)
from schemas.expectations_words import column_title
from schemas.redaction import redact_text

__all__ = ["BarPart", "QualityReport", "render_quality_report"]


@dataclass(frozen=True)
class Remark:
    """A line of the summary or of the list of things to do: how grave it is, what, and what more."""

    mood: str
    what: str
    more: str


def render_quality_report(report: QualityReport, *, language: str = "id") -> str:
    """The report as one HTML text that needs no network."""
    words = Language.of(language)
    titles = dict(zip(report.sources["source"], report.sources[f"title_{words.code}"], strict=True))
    conservation = report.conservation
    read = int(conservation["read"].sum()) if len(conservation) else 0
    unknown_codes = report.field_errors[report.field_errors["code"].astype(str).str.startswith("unknown_code")]
    return render_page(
        "quality_report.html.j2",
        words,
        report=report,
        titles=titles,
        clean=redact_text,
        column_title=partial(column_title, language=words.code),
        made_of=words.text(
            "quality.made_of",
            deliveries=words.integer(report.deliveries["delivery_id"].nunique()),
            files=words.integer(len(report.deliveries)),
            rows=words.integer(read),
        ),
        verdict=_verdict(report, titles, words),
        todo=_todo(report, titles, words),
        sources=source_rows(report, words),
        deliveries=delivery_rows(report, words),
        refused=_records(report.deliveries[report.deliveries["status"] == "refused"]),
        bars=row_bars(report, titles, words),
        conservation=_records(conservation),
        quarantine=quarantine_groups(report, titles, words),
        repairs=_records(report.repairs),
        field_errors=_records(report.field_errors),
        unknown_columns=_records(report.unknown_columns),
        unknown_codes=_records(unknown_codes),
        expectations=expectation_rows(report, titles, words),
        matrix=error_matrix(report, titles, words),
        villages=village_rows(report, words),
        links=link_rows(report, titles, words),
        review_reasons=_records(report.review_reasons),
        decisions=report.decisions,
        precision=report.precision,
        recall=report.recall,
    )


def _verdict(report: QualityReport, titles: dict[str, str], words: Language) -> Sequence[Remark]:
    conservation, sources, links = report.conservation, report.sources, report.links
    holds = bool(conservation["holds"].all()) if len(conservation) else True
    read = int(conservation["read"].sum()) if len(conservation) else 0
    lost = 0 if holds else int((conservation["missing"] + conservation["extra"]).sum())
    incomplete = sources.loc[sources["state"] != "accepted", "source"].tolist()
    remarks = [
        Remark("good", words.text("quality.verdict.rows_good"), words.text("quality.verdict.rows_good_more", rows=words.integer(read)))
        if holds
        else Remark("bad", words.text("quality.verdict.rows_bad", rows=words.integer(lost)), words.text("quality.verdict.rows_bad_more")),
        Remark(
            "warn",
            words.text("quality.verdict.sources_bad", number=words.integer(len(incomplete))),
            words.text("quality.verdict.sources_bad_more", names=", ".join(titles[source] for source in incomplete)),
        )
        if incomplete
        else Remark(
            "good",
            words.text("quality.verdict.sources_good"),
            words.text("quality.verdict.sources_good_more", number=words.integer(len(sources))),
        ),
        _publication_remark(report, words),
    ]
    if len(links) and links["mentions"].sum():
        linked = links[["nik", "evidence", "decision"]].sum().sum()
        remarks.append(
            Remark(
                "good",
                words.text("quality.verdict.linked", share=words.percent(linked / links["mentions"].sum())),
                words.text(
                    "quality.verdict.linked_more",
                    review=words.integer(links["review"].sum()),
                    unregistered=words.integer(links["unregistered"].sum()),
                ),
            )
        )
    if report.drift:
        moved = "; ".join(drift_sentences(report.drift, words, titles))
        remarks.append(Remark("warn", words.text("drift.verdict"), f"{moved}. {words.text('drift.advice')}"))
    return remarks


def _publication_remark(report: QualityReport, words: Language) -> Remark:
    if report.publication is None:
        return Remark("bad", words.text("quality.verdict.not_published"), words.text("quality.verdict.not_published_more"))
    which, mood = ("published", "good") if report.published else ("unchanged", "plain")
    number = words.integer(report.publication)
    return Remark(mood, words.text(f"quality.verdict.{which}"), words.text(f"quality.verdict.{which}_more", number=number))


def _todo(report: QualityReport, titles: dict[str, str], words: Language) -> Sequence[Remark]:
    remarks = [
        Remark(
            "bad",
            words.text("quality.todo.refused", file=redact_text(str(row["file"])), source=titles.get(row["source"], row["source"])),
            redact_text(str(row[f"message_{words.code}"])),
        )
        for row in _records(report.deliveries[report.deliveries["status"] == "refused"])
    ]
    for row in _records(report.sources[report.sources["state"] == "missing"]):
        programme = str(row["programme"] or "").upper()
        cost = words.text(f"quality.cost.{row['role']}", programme=programme)
        remarks.append(Remark("bad", words.text("quality.todo.missing", source=titles[row["source"]]), cost))
    for source, number in report.quarantined["source"].value_counts().sort_index().items():
        what = words.text("quality.todo.quarantined", number=words.integer(number), source=titles.get(str(source), str(source)))
        remarks.append(Remark("warn", what, words.text("quality.todo.quarantined_more")))
    gates = report.expectations[
        report.expectations["severity"].isin(["delivery", "publication"]) & ~report.expectations["success"].astype(bool)
    ]
    in_review = report.links["review"].sum() if len(report.links) else 0
    for number, key in ((len(gates), "gates"), (int(in_review), "review"), (len(report.unknown_columns), "columns")):
        if number:
            remarks.append(
                Remark("warn", words.text(f"quality.todo.{key}", number=words.integer(number)), words.text(f"quality.todo.{key}_more"))
            )
    return remarks


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows as dictionaries, missing values as None."""
    plain = frame.astype(object).where(frame.notna(), None)
    return [{str(name): _plain(value) for name, value in row.items()} for row in plain.to_dict(orient="records")]


def _plain(value: Any) -> Any:
    return value.date() if isinstance(value, pd.Timestamp) else value
