"""Files that an earlier run has parsed, kept in the home: a file that is read again in the same way is not parsed again.

An entry is a folder of Arrow files under the source's name, named by the fingerprint of the file and of all that decides how it is read.
It appears whole or not at all, and is believed only while every byte of it has the checksum that it was kept with. What a run did not
use is removed, so that a withdrawn file does not live on here.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Collection
from pathlib import Path
from typing import Any

from intake.fingerprints import code_fingerprint, fingerprint
from intake.intake_setup import FileToRead, IntakeSetup
from intake.isolation import Outcome

_ENTRY = "entry.json"
_UNFINISHED = ".part"
OF_THE_MOMENT = frozenset({"internal_error", "too_large", "too_slow", "reader_crashed", "changed_while_read"})
"""Refusals that may be other ones tomorrow: they depend on the machine or on the moment."""


class ParsedFiles:
    """The kept results of one home, for one setup. Safe for several threads, as long as each asks for files of its own."""

    def __init__(self, folder: Path, setup: IntakeSetup) -> None:
        self._folder = folder
        self._setups = setup_fingerprints(setup)

    def place_of(self, file: FileToRead) -> Path:
        """Where the result of a file lies, or would."""
        facts = (file.sha256, file.delivery_id, file.delivered_on, file.file, file.corrections)
        return self._folder / file.source / fingerprint(self._setups[file.source], *facts)

    def unfinished(self, file: FileToRead) -> Path:
        """An empty folder in which the file's result may be made."""
        place = self.place_of(file)
        folder = place.with_name(place.name + _UNFINISHED)
        shutil.rmtree(folder, ignore_errors=True)
        for level in (self._folder, folder.parent, folder):  # `parents=True` would not give the upper ones the mode
            level.mkdir(exist_ok=True, mode=0o700)
        return folder

    def kept(self, file: FileToRead) -> tuple[Path, Outcome] | None:
        """The result of an earlier run, if there is one and it is whole; a damaged one is removed."""
        place = self.place_of(file)
        if not place.is_dir():
            return None
        report = _checked_report(place)
        if report is None:
            shutil.rmtree(place, ignore_errors=True)
            return None
        return place, Outcome(report)

    def keep(self, file: FileToRead, folder: Path, outcome: Outcome) -> Path:
        """Keep what was made in an `unfinished` folder, if another run may rely on it. Returns where it lies now."""
        report = outcome.report
        if report is None or report.get("refused") in OF_THE_MOMENT:
            return folder
        body = json.dumps({"report": report, "sums": {path.name: _sum(path) for path in sorted(folder.iterdir())}}, ensure_ascii=False)
        (folder / _ENTRY).write_text(json.dumps({"body": body, "sum": hashlib.sha256(body.encode()).hexdigest()}), encoding="utf-8")
        return folder.rename(self.place_of(file))

    def drop_others(self, source: str, used: Collection[Path]) -> None:
        """Remove the entries of a source that were not used, and what broken runs have left."""
        folder = self._folder / source
        for entry in folder.iterdir() if folder.is_dir() else ():
            if entry not in used:
                shutil.rmtree(entry, ignore_errors=True)


def setup_fingerprints(setup: IntakeSetup) -> dict[str, str]:
    """By source: of all that decides how its files are read, besides the files."""
    shared = fingerprint(setup.places, setup.regency, setup.hash_key, code_fingerprint())
    return {source: fingerprint(shared, contract) for source, contract in setup.contracts.items()}


def _checked_report(place: Path) -> dict[str, Any] | None:
    try:
        entry = json.loads((place / _ENTRY).read_text(encoding="utf-8"))
        body: str = entry["body"]
        if hashlib.sha256(body.encode()).hexdigest() != entry["sum"]:
            return None
        content: dict[str, Any] = json.loads(body)
        sums = {path.name: _sum(path) for path in place.iterdir() if path.name != _ENTRY}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    report: dict[str, Any] = content["report"]
    return report if sums == content["sums"] else None


def _sum(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
