"""A result put together: the previous one where it stands, and what was linked again.

Nothing here goes through records one by one: each column is the old one with the new one behind it, and taken from both at once.
"""

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from matching.blocking import Rows
from matching.estimates import Expectations
from matching.outcome_frames import Statuses
from matching.result import LinkResult, LinkState
from matching.snapshot import Snapshot
from matching.spec import LinkSpec
from matching.standardise.distinct import TEXT, arrow_text, taken
from matching.verdicts import EVIDENCE, LINKED, METHODS, STATUSES

_MOST_RUNS = 20_000  # of records that stayed beside each other, up to which long texts are better taken run by run than one by one
_MOST_CHUNKS = 100  # of a column of text, beyond which it is copied to be one

Flags = npt.NDArray[np.bool_]


class Merged:
    """Columns of all records, from the previous result and from new columns of the ``affected`` records alone."""

    def __init__(self, previous: LinkResult, state: LinkState, now: Snapshot, old: Rows, affected: Flags) -> None:
        self._previous, self._state, self._now = previous, state, now
        self._old, self._affected = old, affected
        self._places = np.where(affected, len(state.records) + np.cumsum(affected) - 1, old)

    def numbers(self, before: pd.Series, new: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """A column of numbers."""
        return np.concatenate((before.to_numpy(), new)).take(self._places)

    def text(self, before: pd.Series, new: pd.Series) -> pd.Series:
        """A column of text; where most records stayed beside each other it is not copied."""
        both = pa.chunked_array([*_chunks(before), *_chunks(new)], type=pa.string())
        runs = np.flatnonzero(np.diff(self._places, prepend=-2) != 1)
        if len(runs) > _MOST_RUNS:
            return pd.Series(both.combine_chunks().take(pa.array(self._places)), dtype=TEXT)
        ends = np.append(runs[1:], len(self._places))
        parts = [both.slice(start, size) for start, size in zip(self._places[runs].tolist(), (ends - runs).tolist(), strict=True)]
        chunks = [chunk for part in parts for chunk in part.chunks]
        return pd.Series(
            pa.chunked_array(chunks if len(chunks) <= _MOST_CHUNKS else [pa.concat_arrays(chunks)], type=pa.string()), dtype=TEXT
        )

    def expected(self, new: Expectations, chosen: Rows) -> Expectations:
        """What is expected of each record; those ``chosen`` of the new ones are the affected ones."""
        columns = {name: self.numbers(self._state.records[name], values[chosen]) for name, values in new.columns.items()}
        return Expectations(**columns)

    def links(self, new: pd.DataFrame) -> pd.DataFrame:
        """Links of all records; who of them is one unregistered person is not known yet."""
        before = self._previous.links
        return pd.DataFrame(
            {
                "left_id": self._now.left_ids.astype(TEXT).array,
                "status": self.text(before["status"], new["status"]),
                "method": self.text(before["method"], new["method"]),
                "right_id": self.text(before["right_id"], new["right_id"]),
                "cluster_id": pd.Series(pd.NA, index=range(len(self._places)), dtype=TEXT),
                "probability": self.numbers(before["probability"], new["probability"].to_numpy()),
                "evidence": self.text(before["evidence"], new["evidence"]),
            }
        )

    def review(self, new: pd.DataFrame) -> pd.DataFrame:
        """The queue in the order of the records; ``new`` may speak of others than the affected ones."""
        now_at = np.full(len(self._state.records), -1, dtype=np.int64)
        stands = np.flatnonzero(~self._affected)
        now_at[self._old[stands]] = stands
        before = self._previous.review
        rows = now_at[_places_of(before["left_id"], self._previous.links["left_id"])]
        before, rows = before[rows >= 0], rows[rows >= 0]
        before = before.assign(left_id=taken(self._now.left_ids, rows).array)
        of_new = _places_of(new["left_id"], self._now.left_ids)
        new, of_new = new[self._affected[of_new]], of_new[self._affected[of_new]]
        both = pd.concat([part for part in (before, new) if len(part)], ignore_index=True) if len(before) or len(new) else new
        order = np.lexsort((both["rank"].to_numpy(), np.concatenate((rows, of_new))))
        return both.iloc[order].reset_index(drop=True)

    def claims(self, new: pd.DataFrame) -> pd.DataFrame:
        """Claims of the records that stand, and the new ones."""
        stands = np.sort(self._now.records["key"].to_numpy()[~self._affected])
        keys = self._state.claims["key"].to_numpy()
        place = np.minimum(np.searchsorted(stands, keys), max(len(stands) - 1, 0))
        kept = stands[place] == keys if len(stands) else np.zeros(len(keys), dtype=bool)
        return pd.concat([self._state.claims[kept], new], ignore_index=True)


def _chunks(values: pd.Series) -> list[Any]:
    array = pa.array(values.astype(TEXT))
    chunked = array if isinstance(array, pa.ChunkedArray) else pa.chunked_array([array])
    return list(chunked.cast(pa.string()).chunks)


def statuses_of(links: pd.DataFrame) -> Statuses:
    """Number of each link's status among :data:`matching.verdicts.STATUSES`."""
    return _numbered(links["status"], STATUSES)


def methods_of(links: pd.DataFrame, spec: LinkSpec) -> Statuses:
    """Number of each link's method among :data:`matching.verdicts.METHODS`."""
    label = METHODS[0] if spec.identifier is None else spec.identifier.label
    found = _numbered(links["method"], (label, *METHODS[1:]))
    return np.where(statuses_of(links) == LINKED, found, EVIDENCE).astype(np.int8)


def _numbered(values: pd.Series, names: tuple[str, ...]) -> Statuses:
    place = pc.fill_null(pc.index_in(arrow_text(values), value_set=pa.array(names, type=pa.string())), -1)
    return np.asarray(place.to_numpy(zero_copy_only=False).astype(np.int8))


def _places_of(some: pd.Series, ids: pd.Series) -> Rows:
    """Place of each of ``some`` ids among all of them, where they stand once."""
    distinct = arrow_text(some).unique()
    found = pc.fill_null(pc.index_in(arrow_text(ids), value_set=distinct), -1).to_numpy(zero_copy_only=False)
    places = np.zeros(len(distinct), dtype=np.int64)
    places[found[found >= 0]] = np.flatnonzero(found >= 0)
    return np.asarray(places[pc.index_in(arrow_text(some), value_set=distinct).to_numpy(zero_copy_only=False)])
