"""Files in, parsed files out: by the worker processes, ahead of being asked for, or from what an earlier run has kept.

One of these serves all sources of a run. The workers go on with the next sources' files while the program writes the frames of this one,
and the one large file of an office does not leave a worker idle.
"""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from intake.file_job import ReadJob
from intake.intake_setup import FileToRead
from intake.isolation import Outcome, WorkerPool
from intake.parsed_files import ParsedFiles


@dataclass(frozen=True)
class ReadFile:
    """A file, where its Arrow files lie, and how reading it ended."""

    file: FileToRead
    folder: Path
    outcome: Outcome


class FileReading:
    """Reads files through an open pool of workers; `kept` are results of earlier runs. Use as a context manager.

    What was read lies in a temporary folder, or among `kept`; both outlive the frames that are mapped from it on the systems that Padan
    runs on, because a mapped file's pages stay until the last frame is gone.
    """

    def __init__(self, pool: WorkerPool, kept: ParsedFiles | None = None) -> None:
        self._pool = pool
        self._kept = kept
        self._threads = ThreadPoolExecutor(max_workers=pool.workers, thread_name_prefix="padan-reading")
        self._scratch = tempfile.TemporaryDirectory(prefix="padan-intake-")
        self._asked: dict[FileToRead, Future[ReadFile]] = {}
        self._used: dict[str, set[Path]] = {}
        self._count = 0
        self._lock = threading.Lock()

    def __enter__(self) -> FileReading:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._threads.shutdown(cancel_futures=True)
        self._scratch.cleanup()

    def ahead(self, files: Sequence[FileToRead]) -> None:
        """Begin with files that will be asked for, the largest first.

        The one large file of an office so never ends alone while another worker is idle. Who takes in several sources asks for the largest
        of them first, the register: it is put together while the workers go on with what the other sources have, which are many small ones.
        """
        for file in sorted(files, key=lambda file: (-file.path.stat().st_size, file.source, file.file)):
            if file not in self._asked:
                self._asked[file] = self._threads.submit(self._read, file)

    def read(self, files: Sequence[FileToRead]) -> list[ReadFile]:
        """Read files; results in their order. Raises WorkerError when a worker process is gone."""
        self.ahead(files)
        results = [self._asked[file].result() for file in files]
        for read in results:
            self._used.setdefault(read.file.source, set()).add(read.folder)
        return results

    def done_with(self, source: str) -> None:
        """Forget the files of a source; of its results from earlier runs, those that nobody asked for this time are removed."""
        for file in [file for file in self._asked if file.source == source]:
            self._asked.pop(file).cancel()
        if self._kept is not None:
            self._kept.drop_others(source, self._used.get(source, set()))

    def _read(self, file: FileToRead) -> ReadFile:
        if self._kept is None or not file.sha256:
            folder = self._scratch_folder()
            return ReadFile(file, folder, self._pool.run(ReadJob(file, folder)))
        if (found := self._kept.kept(file)) is not None:
            return ReadFile(file, *found)
        folder = self._kept.unfinished(file)
        outcome = self._pool.run(ReadJob(file, folder))
        return ReadFile(file, self._kept.keep(file, folder, outcome), outcome)

    def _scratch_folder(self) -> Path:
        with self._lock:
            self._count += 1
            folder = Path(self._scratch.name) / f"{self._count:05d}"
        folder.mkdir()
        return folder
