"""From the frames of a run to the rows of the tables: renamed, typed, each with its fingerprint. Nothing is written here.

`STATE_FRAMES` lists every frame that a publication takes and the columns it must have; other columns that a table knows are
taken where a frame has them, and empty where it has not.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import Boolean, Date, Float, Integer, Table

from publishing.errors import StateError
from publishing.key_lookup import looked_up, positions_of
from publishing.prepared import Prepared, PreparedTable, compact
from publishing.row_hash import column_hashes
from schemas import tables

State = Mapping[str, pd.DataFrame]

_PROVENANCE = ("record_id", "source", "record_key", "mention", "delivery_id", "file", "sheet", "row")
_SUBJECT = ("programme_id", "unit", "person_id", "family_id", "house_id")

STATE_FRAMES: dict[str, tuple[str, ...]] = {
    "areas": ("area_code", "level", "kind", "name", "parent_code", "latitude", "longitude", "residents", "families"),
    "deliveries": ("delivery_id", "source", "delivered_on", "ordinal", "file", "sha256", "bytes"),
    "population": ("nik", "record_id"),
    "social_records": _PROVENANCE,
    "quarantine": ("delivery_id", "file", "sheet", "row", "disposition", "reason"),
    "record_persons": ("record_id", "person_id"),
    "links": ("record_id", "status", "method", "register_nik", "probability", "evidence"),
    "review_cases": ("record_id", "rank", "register_nik", "probability", "reason"),
    "persons": ("person_id", "nik", "nik_hash", "name", "birth_date", "sex", "vital_status", "register_status", "kk_number", "family_id"),
    "families": (
        "family_id",
        "kk_number",
        "head_person_id",
        "size",
        "area_code",
        "house_id",
        "register_status",
        "decile",
        "poverty_status",
        "is_poor",
    ),
    "houses": ("house_id", "latitude", "longitude", "position_precision", "position_radius_m", "area_code"),
    "attribute_sources": ("entity", "entity_id", "attribute", "value", "source", "record_id", "cell", "used"),
    "programmes": ("programme_id", "unit", "name_id", "name_en"),
    "aid_received": (*_SUBJECT, "period", "amount", "record_id"),
    "programme_eligibility": (*_SUBJECT, "status", "reasons", "rule_version"),
    "deprivations": ("family_id", "code", "holds", "value"),
    "targeting_gaps": (*_SUBJECT, "kind", "detail"),
}
"""Every frame that a publication takes, and the columns that it cannot do without."""

OPTIONAL_FRAMES: dict[str, tuple[str, ...]] = {
    "register_records": _PROVENANCE,
    "code_lists": ("code_list", "code", "label"),
}
"""`register_records`: where the register's rows stand (those of stored persons are kept). `code_lists`: see `schemas.code_lists`."""

RECORD_COLUMNS = (*tables.business_columns(tables.source_record), "repairs")
"""What a publication takes of a record, where a frame of records has it."""

_CALLED = {
    "cell_repair": {"column_name": "column"},
    "quarantined_row": {"column_name": "column"},
    "aid_received": {"is_current": "current"},
}
"""What a table's column is called in its frame, where that differs."""


def prepare(state: State | Prepared) -> Prepared:
    """All tables of the state, fingerprinted; what was prepared already stays as it is.

    Raises StateError, naming frame and column but no value, when a frame does not fit.
    """
    if isinstance(state, Prepared):
        return state
    _check_frames(state)
    records = _source_records(state)
    links = state["links"].merge(state["record_persons"][["record_id", "person_id"]], on="record_id", how="left")
    frames = {
        "area": state["areas"],
        "code_list": state.get("code_lists", pd.DataFrame()),
        "programme": state["programmes"],
        "delivery": _deliveries(state),
        "source_record": records,
        "cell_repair": _cell_repairs(records),
        "quarantined_row": _quarantined_rows(state["quarantine"]),
        "person": _persons(state),
        "family": state["families"],
        "house": state["houses"],
        "attribute_source": state["attribute_sources"],
        "person_link": links,
        "review_case": state["review_cases"],
        "aid_received": state["aid_received"],
        "deprivation": state["deprivations"],
        "targeting_gap": state["targeting_gaps"],
        "report": _reports(state),
    }
    frames["eligibility_reason"], frames["eligibility"] = _reasons_kept_once(state["programme_eligibility"])
    prepared = {table.name: PreparedTable(table.name, _arrow(table, frames[table.name])) for table in tables.STATE_TABLES}
    residents = _cast("population", "nik", state["population"]["nik"], pa.large_string())
    linked_to = _cast("links", "register_nik", links["register_nik"], pa.large_string())
    return Prepared(
        prepared,
        mentions=len(state["social_records"]),
        residents=column_hashes(residents),
        linked_to=PreparedTable("links", pa.table({"register_nik": linked_to})),
    ).fingerprinted()


def _check_frames(state: State) -> None:
    for name, columns in {**STATE_FRAMES, **OPTIONAL_FRAMES}.items():
        if name not in state:
            if name in OPTIONAL_FRAMES:
                continue
            raise StateError(f"the state to be published lacks the frame {name}")
        missing = [column for column in columns if column not in state[name].columns]
        if missing:
            raise StateError(f"frame {name} lacks the columns {', '.join(missing)}")
    unknown = sorted(set(state) - set(STATE_FRAMES) - set(OPTIONAL_FRAMES))
    if unknown:
        raise StateError(f"the state holds frames that no table takes: {', '.join(unknown)}")


def _deliveries(state: State) -> pd.DataFrame:
    """Each delivered file with the numbers of what became of its rows."""
    frame = state["deliveries"].reset_index(drop=True)
    key = ["delivery_id", "file"]
    records = [state["social_records"][key]]
    if "register_records" in state:
        records.append(state["register_records"][key])
    counts = {"records": pd.concat(records).value_counts()}
    quarantine = state["quarantine"]
    disposition = quarantine["disposition"]
    for name, chosen in (
        ("quarantined", disposition == "quarantined"),
        ("duplicates", disposition == "exact_duplicate"),
        ("skipped", ~disposition.isin(["quarantined", "exact_duplicate", "delivery_refused"])),
    ):
        counts[name] = quarantine.loc[chosen.fillna(False).astype(bool), key].value_counts()
    index = pd.MultiIndex.from_frame(frame[key])
    return frame.assign(**{name: series.reindex(index, fill_value=0).to_numpy() for name, series in counts.items()})


def _source_records(state: State) -> pd.DataFrame:
    """All mentions in offices' lists, and the register's rows of the persons that are kept."""
    social = state["social_records"]
    if "register_records" not in state:
        return social
    register = state["register_records"]
    population = state["population"]
    kept = population.loc[among(population["nik"], state["persons"]["nik"]), "record_id"]
    stored = [column for column in RECORD_COLUMNS if column in social.columns]
    wanted = [column for column in RECORD_COLUMNS if column in register.columns]
    return pd.concat([social[stored], register.loc[among(register["record_id"], kept), wanted]], ignore_index=True)


def _persons(state: State) -> pd.DataFrame:
    """The persons, each registered one with the record of the register that it comes from."""
    persons, population = state["persons"], state["population"]
    if "register_records" not in state:
        return persons
    return persons.assign(
        register_record=looked_up(population["record_id"], positions_of(persons["nik"], population["nik"]), persons.index)
    )


def _reports(state: State) -> pd.DataFrame:
    """The reports among the mentions: by whom they are about or, where one names nobody, by its caller's record and about no person."""
    records = state["social_records"].reindex(columns=["record_id", "source", "role", "mention", "delivery_id", "file", *_REPORT_COLUMNS])
    numbered = records[((records["role"] == "reports") & records["report_number"].notna()).fillna(False).astype(bool)]
    by_caller = (numbered["mention"] == "caller").to_numpy(dtype=bool, na_value=False)
    about_somebody = numbered[~by_caller]
    repeats = pd.concat([about_somebody, numbered[by_caller]]).duplicated(list(_ONE_REPORT)).to_numpy()[len(about_somebody) :]
    reports = pd.concat([about_somebody, numbered[by_caller][~repeats]]).sort_index()
    is_about = reports["mention"].ne("caller")
    owners, persons, families = state["record_persons"], state["persons"], state["families"]
    person = looked_up(owners["person_id"], positions_of(reports["record_id"], owners["record_id"]), reports.index).where(is_about)
    family = looked_up(persons["family_id"], positions_of(person, persons["person_id"]), reports.index)
    house = looked_up(families["house_id"], positions_of(family, families["family_id"]), reports.index)
    named = reports.rename(columns={"source": "channel", "report_kind": "kind", "report_status": "status"})
    return named.assign(reported_on=pd.to_datetime(reports["reported_on"]), person_id=person, house_id=house)


_ONE_REPORT = ("delivery_id", "file", "report_number")
_REPORT_COLUMNS = ("report_number", "reported_on", "report_kind", "report_status")


def among(values: pd.Series, known: pd.Series) -> npt.NDArray[np.bool_]:
    """Which values are known; missing ones are not. (pandas' own `isin` walks Arrow text value by value: 60 times slower)."""
    known_values = pa.array(known, from_pandas=True).cast(pa.large_string()).drop_null()
    found = pc.is_in(pa.array(values, from_pandas=True).cast(pa.large_string()), value_set=known_values)
    return found.to_numpy(zero_copy_only=False)  # type: ignore[no-any-return]


def _cell_repairs(records: pd.DataFrame) -> pd.DataFrame:
    """One row per repaired cell, from the JSON lists that records carry; parsed in one call."""
    names = ["record_id", "column", "original", "rule"]
    if "repairs" not in records.columns:
        return pd.DataFrame(columns=names, dtype=str)
    repaired = records.loc[records["repairs"].notna(), ["record_id", "repairs"]]
    lists = json.loads("[" + ",".join(repaired["repairs"].tolist()) + "]")
    lengths = np.fromiter((len(cells) for cells in lists), dtype=np.int64, count=len(lists))
    flat = [cell for cells in lists for cell in cells]
    exploded = pd.DataFrame(flat, columns=names[1:], dtype=object)
    exploded.insert(0, "record_id", np.repeat(repaired["record_id"].to_numpy(), lengths))
    return exploded


def _quarantined_rows(quarantine: pd.DataFrame) -> pd.DataFrame:
    kept = quarantine["disposition"].isin(["quarantined", "delivery_refused"]).fillna(False).astype(bool)
    return quarantine[kept]


def _reasons_kept_once(eligibility: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """A few hundred distinct texts explain more than a million decisions: the texts once, the decisions by their fingerprint."""
    reasons = eligibility["reasons"].astype("category")
    texts = pa.array(reasons.cat.categories.astype(str).tolist(), type=pa.large_string())
    ids = column_hashes(texts).view(np.int64)
    used = np.unique(reasons.cat.codes.to_numpy())
    used = used[used >= 0]
    codes = reasons.cat.codes.to_numpy()
    known = codes >= 0
    reasons_id = pd.Series(pd.array(ids[np.where(known, codes, 0)] if len(ids) else np.zeros(len(codes), np.int64), dtype="Int64"))
    reasons_id[~known] = pd.NA
    decisions = eligibility.drop(columns="reasons").assign(reasons_id=reasons_id.array)
    texts_used = pd.DataFrame({"reasons_id": ids[used], "reasons": texts.take(pa.array(used)).to_pandas()})
    return texts_used, decisions


def _arrow(table: Table, frame: pd.DataFrame) -> pa.Table:
    """The business columns of a table from a frame; columns that the frame lacks are empty."""
    called = _CALLED.get(table.name, {})
    arrays = []
    names = tables.business_columns(table)
    for name in names:
        kind = arrow_type(table, name)
        column = name if name in frame.columns else called.get(name, name)
        arrays.append(_cast(table.name, name, frame[column], kind) if column in frame.columns else pa.nulls(len(frame), kind))
    return pa.table(arrays, names=list(names))


def arrow_type(table: Table, name: str) -> pa.DataType:
    """The Arrow type in which a column's values are prepared."""
    kind = table.columns[name].type
    if isinstance(kind, Boolean):
        return pa.bool_()
    if isinstance(kind, Date):
        return pa.date32()
    if isinstance(kind, Float):
        return pa.float64()
    if isinstance(kind, Integer):
        return pa.int64()
    return pa.large_string()


def _cast(table: str, name: str, column: pd.Series, kind: pa.DataType) -> pa.Array:
    """One column in its type, and a copy. Arrow's own errors quote the value, so only the name of the column leaves."""
    try:
        # Arrow would share the memory of numbers with the frame; its texts are never changed in place.
        array = pa.array(column if pa.types.is_large_string(kind) else column.copy(), from_pandas=True)
        if isinstance(array, pa.ChunkedArray):
            array = array.combine_chunks()
        if pa.types.is_floating(array.type) and not pa.types.is_floating(kind):
            array = pc.if_else(pc.is_nan(array), None, array)
        if pa.types.is_null(array.type):
            return pa.nulls(len(array), kind)
        array = array.cast(kind)
        return compact(array) if pa.types.is_large_string(kind) else array
    except (pa.ArrowException, TypeError, ValueError, OverflowError):
        pass
    raise StateError(f"column {name} of table {table} holds values that are not {kind}")
