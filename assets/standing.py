"""What a step gave stands while nothing that decides it has changed: its frames are not made again.

For a source that is: the deliveries that may speak and their corrections, the contract, the places, the key of the pseudonyms, and the
program. The as-of day decides too, but only where a date of the source lies between a bound of then and of now. For a later step it is the
frames that it reads, the program, and what else it is told. A record in the home says under which fingerprint the frames were made, which
content each file had, and how the checks went; where anything differs, or a file was touched, the step does its work anew.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any, Self

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
_LATER_CODE = (*_CODE, "families", "publishing")
"""The same, with those that shape the frames of later steps."""
_LIBRARIES = ("dagster", "great-expectations", "scipy")
_FILE_FACTS = ["delivery_id", "source", "delivered_on", "ordinal", "file", "sha256", "bytes", "corrections"]

Event = dg.Output[Any] | dg.AssetCheckResult


@dataclass(frozen=True)
class Standing:
    """An output whose frame lies there already, as an earlier run wrote it."""


@dataclass(frozen=True)
class Stored:
    """A frame (or a model) as an earlier step stored it: read only by whoever needs more of it than whether it is the same."""

    path: Path
    read: Callable[[], Any]

    @property
    def sum(self) -> str | None:
        """Hash of the file's content; None where there is no file."""
        return _sum(self.path)


STORED = dg.PythonObjectDagsterType(Stored)
COLUMNS_READ = "columns_read"
"""In the metadata of a step's input: the columns of the frame that it needs, where it needs few of many."""


def frame_input(key: str | Sequence[str], columns: Sequence[str]) -> dg.AssetIn:
    """An input of which only these columns are read, as far as the frame has them: a register has two million rows of fifty."""
    return dg.AssetIn(key=dg.AssetKey(key), metadata={COLUMNS_READ: list(columns)})


class StandingStep:
    """The record of one step in one home. `key`: fingerprint of all that decides what it gives; `frame_of`: file of each output."""

    def __init__(self, home: Path, name: str, key: str, frame_of: Callable[[str], Path]) -> None:
        self._path = home / FOLDER / f"{name}.json"
        self._key = key
        self._frame = frame_of

    @classmethod
    def after(cls, workspace: Workspace, name: str, outputs: Mapping[str, str], inputs: Mapping[str, Stored], *told: object) -> Self:
        """Of a step that reads stored frames and is `told` the rest (plain data). `outputs`: file name of each, under the frames."""
        sums = {input_name: stored.sum for input_name, stored in inputs.items()}
        key = fingerprint(sums, told, code_fingerprint(_LATER_CODE, _LIBRARIES))
        return cls(Path(workspace.home), f"steps/{name}", key, lambda output: workspace.frames_folder / outputs[output])

    def events(self, as_of: date | None = None) -> list[Event] | None:
        """The outputs and check results of the run that made what stands; None when the work must be done. `as_of`: where a day decides."""
        record = self._record()
        if record is None or (as_of is not None and not all_allow([DayLimit(**limit) for limit in record["days"]], as_of)):
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

    def made(self, events: Iterator[Event], days: Sequence[DayLimit] = (), *, stands: Callable[[], bool] = lambda: True) -> Iterator[Event]:
        """Pass on what the work gives; once all of it is stored, and if it then `stands`, keep the record."""
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
        if not stands():
            return
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


def standing_or_made(
    context: dg.AssetExecutionContext,
    workspace: Workspace,
    outputs: Mapping[str, str],
    inputs: Mapping[str, Stored],
    make: Callable[[], Iterator[Event]],
    *told: object,
    stands: Callable[[], bool] = lambda: True,
) -> Iterator[Event]:
    """What an earlier run made of the same frames and of what else is `told`; else what `make` gives, kept in mind if it then `stands`."""
    step = StandingStep.after(workspace, context.op_def.name, outputs, inputs, *told)
    if (earlier := step.events()) is not None:
        context.log.info("nothing that decides this step has changed: what an earlier run made stands")
        yield from earlier
        return
    yield from step.made(make(), stands=stands)


class StandingSource(StandingStep):
    """The record of one source, for the deliveries of this run."""

    def __init__(self, workspace: Workspace, source: str, deliveries: pd.DataFrame) -> None:
        own = with_corrections(deliveries[deliveries["source"] == source], workspace.corrections)
        files = [[str(fact) for fact in row[:-1]] + [row[-1]] for row in own[_FILE_FACTS].itertuples(index=False)]
        key = fingerprint(workspace.setup_fingerprints[source], files, code_fingerprint(_CODE, _LIBRARIES))
        frames = workspace.frames_folder
        super().__init__(Path(workspace.home), source, key, lambda output: frames / output / f"{source}.parquet")


def _written(metadata: Mapping[str, Any]) -> str:
    return dg.serialize_value(dict(metadata))


def _read(metadata: str) -> dict[str, Any]:
    return dict(dg.deserialize_value(metadata, dict))


def _sum(path: Path) -> str | None:
    if not path.is_file():
        return None
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
