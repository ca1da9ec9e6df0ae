"""A run kept in a folder, so that the next one can go on from it: links, review queue, report, model and what each row said.

The folder appears whole or not at all, and what cannot be read (another format, a file that is missing or damaged) is as good as nothing
kept: the next run then links everything. It holds the ids of the left and right rows and keys of the right table, so it belongs where they
may be. Most of its room is the right table's, which is written once and taken over while it stays the same.
"""

import json
import os
import shutil
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa

from matching.kept_right import read_right, write_right
from matching.measure import Interval
from matching.model import LinkModel
from matching.result import LinkReport, LinkResult, LinkState
from matching.standardise.distinct import TEXT

FORMAT = 3
_CHUNK = 1 << 16  # rows written at a time
_HEAD, _RIGHT = "kept.json", "right"
_FRAMES = ("links", "review", "alike", "records", "claims", "blocking", "strata", "decisions_not_applied", "not_joined")


def keep_result(result: LinkResult, folder: Path) -> None:
    """Write a result with its state into ``folder``, in place of what was kept there. Raises ValueError where it has no state."""
    if result.state is None:
        raise ValueError("the result kept no state: link with keep_state=True")
    unfinished = folder.with_name(folder.name + ".part")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True)
    report, state = result.report, result.state
    frames = {"links": result.links, "review": result.review, "alike": result.alike, "records": state.records, "claims": state.claims}
    frames |= {
        "blocking": report.blocking,
        "strata": report.strata,
        "decisions_not_applied": report.decisions_not_applied,
        "not_joined": report.not_joined,
    }
    for name, frame in frames.items():
        _write(frame, unfinished / f"{name}.arrow")
    head = {
        "format": FORMAT,
        "fingerprint": state.fingerprint,
        "model": json.loads(result.model.to_json()),
        "counts": report.counts,
        "precision": vars(report.precision),
        "recall": vars(report.recall),
    }
    if _stands(folder, state.fingerprint):
        shutil.copytree(folder / _RIGHT, unfinished / _RIGHT, copy_function=_linked)
    else:
        write_right(state.right, unfinished / _RIGHT)
    (unfinished / _HEAD).write_text(json.dumps(head, sort_keys=True), encoding="utf-8")
    shutil.rmtree(folder, ignore_errors=True)
    unfinished.replace(folder)


def kept_result(folder: Path) -> LinkResult | None:
    """What :func:`keep_result` wrote last; ``None`` where there is nothing that this version can go on from."""
    try:
        head = json.loads((folder / _HEAD).read_text(encoding="utf-8"))
        if head["format"] != FORMAT:
            return None
        frames = {name: _read(folder / f"{name}.arrow") for name in _FRAMES}
        report = LinkReport(
            frames["blocking"],
            head["counts"],
            Interval(**head["precision"]),
            Interval(**head["recall"]),
            frames["strata"],
            {},
            frames["decisions_not_applied"],
            frames["not_joined"],
        )
        model = LinkModel.from_json(json.dumps(head["model"]))
        state = LinkState(head["fingerprint"], frames["records"], frames["claims"], read_right(folder / _RIGHT))
    except (OSError, ValueError, KeyError, TypeError, pa.ArrowException):
        return None
    return LinkResult(frames["links"], frames["review"], report, model, frames["alike"], state)


def kept_queue(folder: Path) -> pd.DataFrame | None:
    """The review queue alone of what :func:`keep_result` wrote last; ``None`` where there is none that can be read."""
    try:
        return _read(folder / "review.arrow")
    except (OSError, ValueError, pa.ArrowException):
        return None


def _stands(folder: Path, fingerprint: str) -> bool:
    """Whether the kept right table in this folder is of the same engine, spec and tables, and whole."""
    try:
        head = json.loads((folder / _HEAD).read_text(encoding="utf-8"))
        if head["format"] != FORMAT or head["fingerprint"] != fingerprint:
            return False
        read_right(folder / _RIGHT)
    except (OSError, ValueError, KeyError, TypeError, pa.ArrowException):
        return False
    return True


def _linked(source: str, target: str) -> None:
    """One more name for a file that never changes, where the file system has such names; else a copy."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)


def _write(frame: pd.DataFrame, path: Path) -> None:
    """Arrow's own format: a quarter of the time of Parquet where texts are long and all differ, for twice the room."""
    table = pa.Table.from_pandas(frame, preserve_index=False)
    options = pa.ipc.IpcWriteOptions(compression="lz4")
    with pa.OSFile(str(path), "wb") as file, pa.ipc.new_file(file, table.schema, options=options) as writer:
        writer.write_table(table, max_chunksize=_CHUNK)


def _read(path: Path) -> pd.DataFrame:
    types: dict[Any, Any] = {pa.string(): TEXT, pa.large_string(): TEXT}
    with pa.memory_map(str(path)) as file:
        frame: pd.DataFrame = pa.ipc.open_file(file).read_all().to_pandas(types_mapper=types.get)
    return frame
