"""What a run keeps in mind, so that the next one need not redo it: what each row said, and what its record was found to be.

All of it is numbers; no value of a cell can be read from them. A record is known again by the spec's ``known_by`` and, where that
repeats, by how many equal ones came before it.
"""

import hashlib

import numpy as np
import pandas as pd

from matching.blocking import Rows
from matching.engine import engine_fingerprint
from matching.estimates import Expectations
from matching.model import LinkModel
from matching.ordering import digits_of_one_length
from matching.prepared import Prepared
from matching.result import LinkState
from matching.spec import LinkSpec
from matching.standardise.distinct import TEXT, arrow_text, encode
from matching.standardise.tokens import Hashes, mixed
from matching.text_values import TextValues
from matching.values import codes_of


def state_of(
    prepared: Prepared,
    spec: LinkSpec,
    model: LinkModel,
    decisions: pd.DataFrame | None,
    expected: Expectations,
    identifier: pd.Series | None,
    claims: tuple[Rows, Rows],
) -> LinkState:
    """State of a run over these tables; ``claims`` are left and right rows that met in one-to-one."""
    known = known_of(prepared, spec, model, decisions)
    records = known.records.assign(
        identifier=pd.Series(pd.NA, index=known.records.index, dtype=TEXT) if identifier is None else identifier.array, **expected.columns
    )
    return LinkState(known.fingerprint, records, claims_of(prepared, known.records, claims))


def known_of(prepared: Prepared, spec: LinkSpec, model: LinkModel, decisions: pd.DataFrame | None) -> LinkState:
    """What can be known of the tables before anything is linked: fingerprint, and key, content and household of each record."""
    tables, size = prepared.tables, prepared.tables.left_count
    right = mixed(row_contents(prepared, "right") ^ mixed(text_numbers(prepared.right_ids)))
    text = "\n".join((engine_fingerprint(), spec.to_yaml(), model.to_json(), str(int(right.sum(dtype=np.uint64))), str(len(right))))
    content = row_contents(prepared, "left") ^ _lists(prepared) ^ _said(prepared, decisions)
    household = np.full(size, -1) if spec.household is None else tables.key(spec.household, "left")
    records = pd.DataFrame({"key": keys_of(prepared.known_by), "content": content.view(np.int64), "household": household})
    return LinkState(hashlib.sha256(text.encode()).hexdigest(), records, pd.DataFrame({"key": [], "claim": []}, dtype=np.int64))


def claims_of(prepared: Prepared, records: pd.DataFrame, claims: tuple[Rows, Rows]) -> pd.DataFrame:
    """Claims by key of the record and a number for (list, right row)."""
    left, right = claims
    lists = _lists(prepared)[left]
    residents = text_numbers(prepared.right_ids.iloc[right]) if len(right) else np.empty(0, dtype=np.uint64)
    return pd.DataFrame({"key": records["key"].to_numpy()[left], "claim": mixed(lists ^ mixed(residents)).view(np.int64)})


def keys_of(known_by: tuple[pd.Series, ...]) -> Rows:
    """A number per record from what it is known by, and how many records before it are known by the same."""
    numbers = text_numbers(known_by[0])
    for values in known_by[1:]:
        numbers = mixed(numbers ^ mixed(text_numbers(values)))
    before: Hashes = np.asarray(pd.Series(numbers).groupby(numbers).cumcount().to_numpy()).astype(np.uint64)
    return np.asarray(mixed(numbers ^ mixed(before)).view(np.int64))


def row_contents(prepared: Prepared, side: str) -> Hashes:
    """One number per row, equal where all that comparisons and blocking look at is equal."""
    tables = prepared.tables
    numbers = np.zeros(tables.left_count if side == "left" else tables.right_count, dtype=np.uint64)
    for column in tables.columns.values():
        for feature in ("", "written") if isinstance(column.distinct, TextValues) else ("",):
            places = column.left if side == "left" else column.right
            numbers = mixed(numbers ^ column.distinct.padded(feature)[places].view(np.uint64))
    if side == "left" and tables.left_positions is not None:
        for degrees in tables.left_positions.T:
            numbers = mixed(numbers ^ np.where(np.isnan(degrees), 1e9, degrees).view(np.uint64))
    return numbers


def text_numbers(values: pd.Series) -> Hashes:
    """A number per text, equal where the text is."""
    text = arrow_text(values)
    if digits_of_one_length(text):
        return np.asarray(text.cast("int64").to_numpy(zero_copy_only=False)).astype(np.uint64)
    codes, distinct = encode(text)
    return np.asarray(np.append(codes_of(distinct), -1)[codes].view(np.uint64))


def _lists(prepared: Prepared) -> Hashes:
    """A number per record for its list, 0 where the list may repeat people; it comes from the list's name."""
    if prepared.lists is None or prepared.list_names is None:
        return np.zeros(prepared.tables.left_count, dtype=np.uint64)
    return np.where(prepared.lists < 0, np.uint64(0), mixed(text_numbers(prepared.list_names)))


def _said(prepared: Prepared, decisions: pd.DataFrame | None) -> Hashes:
    """A number per record for what people have decided on it."""
    numbers = np.zeros(prepared.tables.left_count, dtype=np.uint64)
    if decisions is None or decisions.empty:
        return numbers
    given = decisions[["left_key", "right_id", "decision"]].astype(TEXT).drop_duplicates()
    each = mixed(text_numbers(given["right_id"]) ^ mixed(text_numbers(given["decision"])))
    by_key = pd.Series(each).groupby(text_numbers(given["left_key"])).sum()
    found = by_key.reindex(text_numbers(prepared.left_keys))
    return np.where(found.isna(), np.uint64(0), found.fillna(0).astype(np.uint64).to_numpy())
