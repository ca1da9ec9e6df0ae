"""The parts of the quality report, each from its frame to what the template writes: rows, bars and cells of a matrix."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from publishing.error_classes import CLASSES
from publishing.language import Language
from publishing.quality_report_input import QualityReport
from schemas.expectations_words import column_title
from schemas.redaction import redact_text

PLACES_SHOWN = 200
"""Addresses listed for one reason; the workbook of the quarantine has all of them."""
_SKIPPED = (
    *("title", "header", "repeated_header", "total", "signature"),
    *("ignored_sheet", "block_line", "ignored_table", "hidden_sheet"),
)


@dataclass(frozen=True)
class BarPart:
    """A part of a stacked bar: its kind (which is its colour), its words, where it begins and how wide it is (0-100), its number."""

    kind: str
    words: str
    start: float
    width: float
    number: str


def source_rows(report: QualityReport, words: Language) -> list[dict[str, Any]]:
    """Each source with the delivery in force, its age at the report's day, and what its state costs."""
    rows = []
    for row in report.sources.to_dict(orient="records"):
        dated = pd.notna(row["delivered_on"])
        age = (pd.Timestamp(report.as_of) - row["delivered_on"]).days if dated else None
        cost = ""
        if row["state"] == "missing":
            programme = str(row["programme"]).upper() if pd.notna(row["programme"]) else ""
            cost = words.text(f"quality.cost.{row['role']}", programme=programme)
        elif row["state"] != "accepted":
            cost = words.text("quality.cost.older" if row["state"] == "older_in_force" else "quality.cost.partly")
        rows.append(
            {
                "title": row[f"title_{words.code}"],
                "office": row["office"],
                "in_force": words.date(row["delivered_on"])
                if dated
                else words.text("quality.undated")
                if row["state"] != "missing"
                else "",
                "age": words.text("quality.age", days=words.integer(max(0, age))) if age is not None else "",
                "mood": {"accepted": "good", "missing": "bad"}.get(row["state"], "warn"),
                "state": words.text(f"quality.state.{row['state']}"),
                "cost": cost,
            }
        )
    return rows


def delivery_rows(report: QualityReport, words: Language) -> list[dict[str, Any]]:
    """Each delivery with its number of files, size and status; `mixed` where some of its files were refused."""
    rows = []
    for (source, delivery), files in report.deliveries.groupby(["source", "delivery_id"], sort=False):
        statuses = set(files["status"])
        status = statuses.pop() if len(statuses) == 1 else "mixed"
        day = files["delivered_on"].iloc[0]
        rows.append(
            {
                "title": _title(report, str(source), words),
                "delivery": redact_text(str(delivery)),
                "day": words.date(day) if pd.notna(day) else words.text("quality.undated"),
                "files": words.integer(len(files)),
                "size": words.size(int(files["bytes"].sum())),
                "status": words.text(f"quality.status.{status}"),
                "mood": {"accepted": "good", "refused": "bad", "mixed": "warn"}.get(status, ""),
            }
        )
    return rows


def row_bars(report: QualityReport, titles: dict[str, str], words: Language) -> list[dict[str, Any]]:
    """By source: the rows read and where they went, as the parts of a bar."""
    bars = []
    for source, sheets in report.conservation.groupby("source", sort=True):
        counts = {
            "accepted": int(sheets["accepted"].sum()),
            "quarantined": int(sheets["quarantined"].sum()),
            "skipped": int(sheets[list(_SKIPPED)].sum().sum()),
            "duplicates": int(sheets["duplicates"].sum()),
            "missing": int(sheets["missing"].sum()),
        }
        read = int(sheets["read"].sum())
        holds = bool(sheets["holds"].all())
        bars.append(
            {
                "title": titles.get(str(source), str(source)),
                "read": words.integer(read),
                "parts": _parts(counts, "quality", words),
                "counts": {name: words.integer(number) for name, number in counts.items()},
                "holds": holds,
            }
        )
    return bars


def quarantine_groups(report: QualityReport, titles: dict[str, str], words: Language) -> list[dict[str, Any]]:
    """Quarantined rows by source, reason and column, the most frequent first, with the addresses of their cells."""
    groups = []
    keyed = report.quarantined.assign(column=report.quarantined["column"].fillna(""))
    for (source, reason, column), rows in keyed.groupby(["source", "reason", "column"], sort=True):
        ordered = rows.sort_values(["delivery_id", "file", "sheet", "row"])
        messages = ordered[f"message_{words.code}"].dropna().map(str)
        # Messages of one reason differ in what was found; the most frequent speaks for all, the others stand beside their cells.
        head = str(messages.mode().iloc[0]) if len(messages) else str(reason)
        groups.append(
            {
                "title": titles.get(str(source), str(source)),
                "reason": str(reason),
                "column": column_title(str(column), words.code) if column else "",
                "message": redact_text(head),
                "number": len(rows),
                "places": _places(ordered.head(PLACES_SHOWN), head, words),
                "more": max(0, len(rows) - PLACES_SHOWN),
            }
        )
    return sorted(groups, key=lambda group: (-int(str(group["number"])), str(group["title"]), str(group["reason"])))


def _places(rows: pd.DataFrame, head: str, words: Language) -> list[dict[str, Any]]:
    """The cells by file, sheet and what was found there (where that is not what `head` says), in the order of the rows."""
    places: dict[tuple[str, str, str], list[str]] = {}
    for row in rows.to_dict(orient="records"):
        file, sheet = (redact_text(str(row[name])) if pd.notna(row[name]) else "" for name in ("file", "sheet"))
        message = row[f"message_{words.code}"]
        found = redact_text(str(message)) if pd.notna(message) and str(message) != head else ""
        if not found and words.code == "id" and pd.notna(row["shape"]):  # apart from the messages, shapes are in Indonesian
            found = redact_text(str(row["shape"]))
        cell = f"{row['letter']}{row['row']}" if pd.notna(row["letter"]) else words.text("quality.row", row=row["row"])
        places.setdefault((file, sheet, found), []).append(cell)
    return [{"file": file, "sheet": sheet, "found": found, "cells": cells} for (file, sheet, found), cells in places.items()]


def expectation_rows(report: QualityReport, titles: dict[str, str], words: Language) -> dict[str, list[dict[str, Any]]]:
    """Expectations that are not met and that are, the gravest first."""
    gravity = {"publication": 0, "delivery": 1, "row": 2, "warn": 3}
    rows: dict[str, list[dict[str, Any]]] = {"unmet": [], "met": []}
    for row in report.expectations.itertuples():
        rows["met" if row.success else "unmet"].append(
            {
                "title": titles.get(str(row.source), str(row.source)),
                "name": str(row.name),
                "severity": words.text(f"quality.severity.{row.severity}"),
                "mood": "bad" if row.severity in {"publication", "delivery"} else "warn",
                "broken": words.text("quality.of", part=words.integer(row.unexpected), all=words.integer(row.evaluated)),
                "said": redact_text(str(getattr(row, f"said_{words.code}"))),
                "why": redact_text(str(getattr(row, f"why_{words.code}"))),
                "order": (gravity.get(str(row.severity), 9), str(row.source), str(row.name)),
            }
        )
    return {kind: sorted(listed, key=lambda line: line["order"]) for kind, listed in rows.items()}


def error_matrix(report: QualityReport, titles: dict[str, str], words: Language) -> dict[str, Any]:
    """Classes by sources: the counts, and how strongly each cell is coloured (0-4) by its share of the source's records."""
    counts = report.error_classes.groupby(["error_class", "source"])["count"].sum()
    sources = [source for source in report.sources["source"] if source in set(report.error_classes["source"]) | set(report.links["source"])]
    mentions = dict(zip(report.links["source"], report.links["mentions"], strict=True)) if len(report.links) else {}
    rows = []
    for name in CLASSES:
        cells = []
        for source in sources:
            number = int(counts.get((name, source), 0))
            share = number / mentions[source] if mentions.get(source) else 0.0
            cells.append(
                {
                    "number": words.integer(number),
                    "share": words.percent(share) if number and mentions.get(source) else "",
                    "heat": 0 if not number else sum(share >= limit for limit in (0.0, 0.01, 0.05, 0.15)),
                }
            )
        rows.append({"name": words.text(f"quality.class.{name}"), "cells": cells, "counted": name not in report.not_counted})
    return {"sources": [titles.get(source, source) for source in sources], "rows": rows}


def village_rows(report: QualityReport, words: Language) -> list[dict[str, Any]]:
    """Each village in which an error was found: all its classes with their counts, the village with most first."""
    names = report.areas.set_index("area_code")
    rows: list[dict[str, Any]] = []
    by_village = report.error_classes.assign(area_code=report.error_classes["area_code"].fillna("")).groupby("area_code", sort=True)
    for code, found in by_village:
        by_class = found.groupby("error_class")["count"].sum().sort_values(ascending=False, kind="stable")
        known = code in names.index
        parent = names["parent_code"].get(code) if known else None
        rows.append(
            {
                "name": str(names["name"].get(code)) if known else words.text("quality.village_unknown"),
                "kecamatan": str(names["name"].get(parent)) if parent in names.index else "",
                "total": int(by_class.sum()),
                "classes": [
                    (words.text_or(f"quality.class.{name}", str(name)), words.integer(number)) for name, number in by_class.items()
                ],
            }
        )
    highest = max((row["total"] for row in rows), default=1)
    ordered = sorted(rows, key=lambda row: (-row["total"], row["name"], row["kecamatan"]))
    return [{**row, "total": words.integer(row["total"]), "bar": round(row["total"] / highest * 100, 1)} for row in ordered]


def link_rows(report: QualityReport, titles: dict[str, str], words: Language) -> list[dict[str, Any]]:
    """By source: how its records were settled, as the parts of a bar, and how many of their NIK the register knows."""
    rows = []
    for row in report.links.sort_values("source").to_dict(orient="records"):
        counts = {name: int(row[name]) for name in ("nik", "evidence", "decision", "review", "unregistered")}
        match = row["nik_in_register"] / row["mentions"] if row["mentions"] else None
        rows.append(
            {
                "title": titles.get(row["source"], row["source"]),
                "mentions": words.integer(row["mentions"]),
                "parts": _parts(counts, "quality.link", words),
                "counts": {name: words.integer(number) for name, number in counts.items()},
                "nik_match": words.percent(match),
                "nik_match_width": round(100 * (match or 0), 1),
                "mean_probability": words.sure_percent(row["mean_probability"]),
            }
        )
    return rows


def _parts(counts: dict[str, int], prefix: str, words: Language) -> list[BarPart]:
    total = sum(counts.values())
    parts, start = [], 0.0
    for kind, number in counts.items():
        if number:
            width = 100 * number / total
            parts.append(BarPart(kind, words.text(f"{prefix}.{kind}"), round(start, 2), round(width, 2), words.integer(number)))
            start += width
    return parts


def _title(report: QualityReport, source: str, words: Language) -> str:
    own = report.sources.loc[report.sources["source"] == source, f"title_{words.code}"]
    return str(own.iloc[0]) if len(own) else source
