"""The files of a delivery as jobs for the reader, and what it means when one of them can't be used."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from intake.corrections import NO_CORRECTIONS, Corrections
from intake.inbox import newest_first
from intake.intake_setup import FileToRead
from intake.isolation import Limits, Outcome
from intake.messages import message
from intake.refusals import Refusal


def with_corrections(deliveries: pd.DataFrame, corrections: Corrections) -> pd.DataFrame:
    """The deliveries with each file's corrections beside it, so that whatever reads the file reads it corrected."""
    return deliveries.assign(corrections=deliveries["sha256"].astype(object).map(corrections.of_file))


def newest_files(source_deliveries: pd.DataFrame, corrections: Corrections = NO_CORRECTIONS) -> list[FileToRead]:
    """The files that taking in a source will certainly ask for: those of its newest delivery."""
    deliveries = newest_first(with_corrections(source_deliveries, corrections))
    return distinct_contents(deliveries[0])[0] if deliveries else []


def distinct_contents(delivery: pd.DataFrame, seen: dict[str, str] | None = None) -> tuple[list[FileToRead], list[Refusal]]:
    """The files of a delivery without those whose content was sent before, under another name or on another day.

    `seen` holds where each content was seen, and is added to.
    """
    seen = {} if seen is None else seen
    files, repeated = [], []
    for file in _files_of(delivery):
        if file.sha256 in seen:
            repeated.append(refuse(file, "duplicate_file", {"other": seen[file.sha256]}))
        else:
            seen[file.sha256] = f"{file.delivery_id}/{file.file}"
            files.append(file)
    return files, repeated


def _files_of(delivery: pd.DataFrame) -> Iterator[FileToRead]:
    columns = ["path", "source", "delivery_id", "delivered_on", "file", "corrections", "sha256"]
    for path, source, delivery_id, delivered_on, file, corrections, sha256 in delivery[columns].itertuples(index=False):
        day = pd.Timestamp(delivered_on)
        yield FileToRead(Path(path), source, delivery_id, None if pd.isna(day) else day.date(), file, corrections, sha256)


def refusal_of(file: FileToRead, outcome: Outcome) -> Refusal | None:
    """The refusal that a job's outcome means, None when the file was read."""
    if outcome.report is None:
        return refuse(file, outcome.failure or "reader_crashed", {"seconds": Limits().seconds})
    if "refused" in outcome.report:
        return refuse(file, outcome.report["refused"], outcome.report["facts"])
    return None


def refuse(file: FileToRead, code: str, facts: dict[str, Any]) -> Refusal:
    """A refusal with its message in both languages."""
    text = message(code, **facts)
    return Refusal(file.delivery_id, file.file, code, text.id, text.en, facts)
