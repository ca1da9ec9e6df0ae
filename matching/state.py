"""What a run keeps in mind, so that the next one need not redo it: what each row said, and what its record was found to be."""

import hashlib

import numpy as np
import pandas as pd

from matching.blocking import Rows
from matching.contents import text_numbers
from matching.engine import engine_fingerprint
from matching.estimates import Expectations
from matching.kept_right import right_side
from matching.model import LinkModel
from matching.prepared import Prepared
from matching.result import LinkState
from matching.snapshot import Snapshot
from matching.spec import LinkSpec
from matching.standardise.distinct import TEXT
from matching.standardise.tokens import Hashes, mixed


def state_of(
    now: Snapshot,
    prepared: Prepared,
    spec: LinkSpec,
    model: LinkModel,
    expected: Expectations,
    identifier: pd.Series | None,
    claims: tuple[Rows, Rows],
) -> LinkState:
    """State of a run over these tables; ``claims`` are left and right rows that met in one-to-one."""
    records = with_findings(now.records, expected, identifier)
    said = claims_of(prepared, now.records["key"].to_numpy(), claims)
    return LinkState(fingerprint_of(now, spec, model), records, said, right_side(prepared.tables, spec))


def fingerprint_of(now: Snapshot, spec: LinkSpec, model: LinkModel) -> str:
    """Of all that the link of an unchanged record depends on besides other records."""
    text = "\n".join((engine_fingerprint(), spec.to_yaml(), model.to_json(), now.right_fingerprint))
    return hashlib.sha256(text.encode()).hexdigest()


def with_findings(records: pd.DataFrame, expected: Expectations, identifier: pd.Series | None) -> pd.DataFrame:
    """The records with the state of their identifier and what is expected of them."""
    states = pd.Series(pd.NA, index=records.index, dtype=TEXT) if identifier is None else identifier
    return records.assign(identifier=states.array, **expected.columns)


def claims_of(prepared: Prepared, keys: Rows, claims: tuple[Rows, Rows]) -> pd.DataFrame:
    """Claims by key of the record and a number for (list, right row)."""
    left, right = claims
    residents = text_numbers(prepared.right_ids.iloc[right]) if len(right) else np.empty(0, dtype=np.uint64)
    return pd.DataFrame({"key": keys[left], "claim": mixed(_lists(prepared, left) ^ mixed(residents)).view(np.int64)})


def _lists(prepared: Prepared, rows: Rows) -> Hashes:
    """A number for the list of each of these records, 0 where it may repeat people; it comes from the list's name."""
    if prepared.lists is None or prepared.list_names is None:
        return np.zeros(len(rows), dtype=np.uint64)
    return np.where(prepared.lists[rows] < 0, np.uint64(0), mixed(text_numbers(prepared.list_names.iloc[rows])))
