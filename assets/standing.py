"""What a source's deliveries gave stands while nothing that decides it has changed: its frames are not made again.

That is: the deliveries that may speak and their corrections, the contract, the places, the key of the pseudonyms, and the program. The
as-of day decides too, but only where a date of the source lies between a bound of then and of now. A record in the home says under which
fingerprint the frames were made, which content each file had, and how the checks went; where anything differs, or a file was touched,
the source is taken in anew.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

import dagster as dg
import pandas as pd

from assets.workspace import Workspace
from intake.delivery_files import with_corrections
from intake.fingerprints import code_fingerprint, fingerprint
from schemas.expectation_days import DayLimit, all_allow

FOLDER = "standing"
"""Where in the home the records lie."""
_CODE = ("assets", "pipelines")
"""Packages of ours that shape a source's frames and checks, besides those that read."""
_LIBRARIES = ("dagster", "great-expectations")
_FILE_FACTS = ["delivery_id", "source", "delivered_on", "ordinal", "file", "sha256", "bytes", "corrections"]

Event = dg.Output[Any] | dg.AssetCheckResult


@dataclass(frozen=True)
class Standing:
    """An output whose frame lies there already, as an earlier run wrote it."""


class StandingSource:
    """The record of one source in one home, for the deliveries of this run."""

    def __init__(self, workspace: Workspace, source: str, deliveries: pd.DataFrame) -> None:
        own = with_corrections(deliveries[deliveries["source"] == source], workspace.corrections)
        files = [[str(fact) for fact in row[:-1]] + [row[-1]] for row in own[_FILE_FACTS].itertuples(index=False)]
        self._key = fingerprint(workspace.setup_fingerprints[source], files, code_fingerprint(_CODE, _LIBRARIES))
        self._frames = workspace.frames_folder
        self._source = source
        self._path = Path(workspace.home) / FOLDER / f"{source}.json"

    def events(self, as_of: date) -> list[Event] | None:
        """The outputs and check results of the run that made what stands; None when the source must be taken in."""
        record = self._record()
        if record is None or not all_allow([DayLimit(**limit) for limit in record["days"]], as_of):
            return None
        if any(_sum(self._frame(output["name"])) != output["sum"] for output in record["outputs"]):
            return None
        outputs = [dg.Output(Standing(), output["name"], metadata=_read(output["metadata"])) for output in record["outputs"]]
        checks = [
            dg.AssetCheckResult(
                asset_key=dg.AssetKey(check["asset"]),
                check_name=check["name"],
                passed=check["passed"],
                severity=dg.AssetCheckSeverity(check["severity"]),
                description=check["description"],
                metadata=_read(check["metadata"]),
            )
            for check in record["checks"]
        ]
        return [*outputs, *checks]

    def made(self, events: Iterator[Event], days: Sequence[DayLimit]) -> Iterator[Event]:
        """Pass on what taking the source in gives; once all of it is stored, keep the record."""
        self._path.unlink(missing_ok=True)
        outputs: list[dict[str, Any]] = []
        checks: list[dict[str, Any]] = []
        for event in events:
            yield event
            if isinstance(event, dg.Output):
                outputs.append({"name": event.output_name, "metadata": _written(event.metadata)})
            else:
                assert event.asset_key is not None, "checks of a source name their asset"
                checks.append(
                    {
                        "asset": list(event.asset_key.path),
                        "name": event.check_name,
                        "passed": bool(event.passed),
                        "severity": event.severity.value,
                        "description": event.description,
                        "metadata": _written(event.metadata),
                    }
                )
            del event  # its frame need not outlive its being stored
        record = {
            "key": self._key,
            "days": [asdict(limit) for limit in days],
            "outputs": [output | {"sum": _sum(self._frame(output["name"]))} for output in outputs],
            "checks": checks,
        }
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        unfinished = self._path.with_suffix(".part")
        unfinished.write_text(json.dumps(record, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        unfinished.replace(self._path)

    def _record(self) -> dict[str, Any] | None:
        try:
            record: dict[str, Any] = json.loads(self._path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        return record if record.get("key") == self._key else None

    def _frame(self, output: str) -> Path:
        return self._frames / output / f"{self._source}.parquet"


def _written(metadata: Mapping[str, Any]) -> str:
    return dg.serialize_value(dict(metadata))


def _read(metadata: str) -> dict[str, Any]:
    return dict(dg.deserialize_value(metadata, dict))


def _sum(path: Path) -> str | None:
    if not path.is_file():
        return None
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
