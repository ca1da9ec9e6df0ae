"""The workers that read spreadsheets, shared by all sources of a run: one pool, opened when the first source asks, closed with the run.

In one process the workers read the next sources' files while the frames of this one are written. Where each step is a process of its
own, each opens its own workers and reads its own source only.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import dagster as dg
import pandas as pd
from pydantic import Field, PrivateAttr

import intake
from assets.workspace import Workspace

PARSED_FOLDER = "parsed"
"""Where in the home the parsed form of unchanged files is kept."""


class Reading(dg.ConfigurableResource):  # type: ignore[type-arg]
    """How the offices' files are read: by one pool of workers, with what earlier runs have parsed kept in the home."""

    workspace: dg.ResourceDependency[Workspace]
    ahead: bool = Field(default=True, description="read the files of all sources at once; only where all steps share this process")
    _open: intake.FileReading | None = PrivateAttr(default=None)
    _closing: ExitStack = PrivateAttr(default_factory=ExitStack)

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator["Reading"]:  # noqa: ARG002
        """Open for as long as the run, or the step's process, lasts."""
        try:
            yield self
        finally:
            self._closing.close()
            self._open = None

    def of(self, deliveries: pd.DataFrame, sources: list[str]) -> intake.FileReading:
        """The open reading. At the first call the newest delivery of each of these sources is begun with, if reading ahead is wanted."""
        if self._open is None:
            place = self.workspace
            self._open = self._closing.enter_context(intake.reading_of(place.intake_setup, Path(place.home) / PARSED_FOLDER))
            if self.ahead:
                known = deliveries[deliveries["source"].isin(sources)]
                groups = (group for _, group in known.groupby("source"))
                self._open.ahead([file for group in groups for file in intake.newest_files(group, place.corrections)])
        return self._open
