"""Frames travel between assets as Parquet files in the home, apart from Dagster's own storage; models as JSON, pages as HTML."""

import json
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import dagster as dg
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from upath import UPath

from assets.standing import COLUMNS_READ, Standing, Stored
from assets.workspace import Workspace
from pipelines.frames import parquet_table, text_typed_frame
from schemas.canonical import TEXT

_SUFFIXES = (".parquet", ".html", ".json")


class FrameIOManager(dg.UPathIOManager):
    """Writes a pandas frame as Parquet, text as it is, anything else as JSON; each file appears whole or not at all."""

    extension = ""

    def get_path_for_partition(self, context: Any, path: UPath, partition: str) -> UPath:
        """Assets are not partitioned: a partition is a programming error."""
        raise NotImplementedError(f"{path.name}: partition {partition}")

    def dump_to_path(self, context: dg.OutputContext, obj: Any, path: UPath) -> None:  # noqa: ARG002
        """Store one asset's value next to its final place, then move it there; what stands from an earlier run stays as it is."""
        if isinstance(obj, Standing):
            return
        suffix, payload = self._encoded(obj)
        path.parent.mkdir(parents=True, exist_ok=True)
        final = path.with_name(path.name + suffix)
        unfinished = path.with_name(path.name + suffix + ".part")
        if isinstance(payload, pa.Table):
            # One thread and no statistics: the bytes depend on the data alone.
            pq.write_table(payload, str(unfinished), compression="zstd", write_statistics=False, store_schema=True)
        else:
            unfinished.write_bytes(payload)
        Path(str(unfinished)).replace(str(final))

    def load_from_path(self, context: dg.InputContext, path: UPath) -> Any:
        """Read back what `dump_to_path` wrote, text columns in the project's text type.

        A step may ask for the file instead (`Stored`), or for some columns of a frame (`COLUMNS_READ`).
        """
        files = [path.with_name(path.name + suffix) for suffix in _SUFFIXES]
        file = next((file for file in files if file.exists()), files[-1])
        if context.dagster_type.typing_type is Stored:
            return Stored(Path(str(file)), partial(_content, file))
        return _content(file, context.definition_metadata.get(COLUMNS_READ))

    def path_exists(self, path: UPath) -> bool:
        """Whether the asset was stored in any of the three forms."""
        return any(path.with_name(path.name + suffix).exists() for suffix in _SUFFIXES)

    @staticmethod
    def _encoded(value: Any) -> tuple[str, pa.Table | bytes]:
        if isinstance(value, pd.DataFrame):
            return ".parquet", pa.Table.from_pandas(value, preserve_index=False)
        if isinstance(value, str):
            return ".html", value.encode("utf-8")
        return ".json", (json.dumps(value, ensure_ascii=False, sort_keys=True, indent=1) + "\n").encode("utf-8")


def _content(file: UPath, columns: Sequence[str] | None = None) -> Any:
    match file.suffix:
        case ".parquet":
            return _text_typed(text_typed_frame(_table(str(file), columns)))
        case ".html":
            return file.read_text(encoding="utf-8")
        case _:
            return json.loads(file.read_text(encoding="utf-8"))


def _table(file: str, columns: Sequence[str] | None) -> pa.Table:
    if columns is None:
        return parquet_table(file)
    there = set(pq.read_schema(file).names)
    return parquet_table(file, columns=[name for name in columns if name in there])


def _text_typed(frame: pd.DataFrame) -> pd.DataFrame:
    """Frames written without a pandas schema still come back with the project's text type."""
    untyped = [name for name, dtype in frame.dtypes.items() if pd.api.types.is_object_dtype(dtype)]
    return frame.astype(dict.fromkeys(untyped, TEXT)) if untyped else frame


class FramesInHome(dg.ConfigurableIOManagerFactory):  # type: ignore[type-arg]
    """The IO manager of every asset: `<home>/frames/<asset key>`."""

    workspace: dg.ResourceDependency[Workspace]

    def create_io_manager(self, context: dg.InitResourceContext) -> FrameIOManager:  # noqa: ARG002
        """An IO manager in the workspace's home."""
        return FrameIOManager(base_path=UPath(self.workspace.frames_folder))
