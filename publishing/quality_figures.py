"""From the frames of a run to the figures of its quality report: counting, and nothing else.

Everything that is counted here loses its values on the way: of a repair the rule stays, of a quarantined row its place and the shape
of its cell, of an error its code.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from publishing.error_classes import CLASSES, LinkedFrames, count_error_classes
from publishing.key_lookup import looked_up, positions_of
from publishing.quality_report_input import Estimate, QualityReport, RunFrames
from schemas.canonical import TEXT
from schemas.cell_layouts import cell_layouts, with_tables
from schemas.contracts import SourceContract
from schemas.expectations import evaluate
from schemas.expectations_canonical import all_expectations
from schemas.expectations_words import expectation_words

_MENTION = ("record_id", "source", "role", "unit", "area_code", "nik", "kk_number", "errors")


def quality_report_of(
    frames: RunFrames,
    contracts: Mapping[str, SourceContract],
    *,
    regency: str,
    as_of: date,
    publication: int | None,
    published: bool,
    content_hash: str | None = None,
    decisions: Mapping[str, int] | None = None,
    drift: Sequence[Mapping[str, Any]] = (),
    precision: Estimate | None = None,
    recall: Estimate | None = None,
) -> QualityReport:
    """The report's figures. `published` says whether this run published something new; `publication` is the one in force."""
    deliveries = delivery_states(frames, contracts)
    social = [source for source in contracts if not contracts[source].is_population and source in frames.records]
    mentions = pd.concat([_mentions(frames.records[source], source) for source in social], ignore_index=True) if social else None
    linked = None if mentions is None or frames.links is None or frames.population is None else (mentions, frames.links, frames.population)
    report = QualityReport(
        regency=regency,
        as_of=as_of,
        publication=publication,
        published=published,
        content_hash=content_hash,
        sources=source_states(contracts, deliveries),
        deliveries=deliveries,
        conservation=_by_source(frames.conservation),
        areas=frames.areas[["area_code", "level", "name", "parent_code"]],
        quarantined=quarantined_places(frames.quarantine),
        repairs=count_repairs(frames.records),
        field_errors=count_field_errors(frames.records),
        expectations=judged_expectations(frames.records, contracts, as_of),
        decisions=decisions or {},
        drift=drift,
        precision=precision,
        recall=recall,
        not_counted=_not_counted(frames, linked=linked is not None),
    )
    optional = {
        "unknown_columns": frames.unknown_columns,
        "error_classes": None if linked is None else _error_classes(frames, contracts, *linked),
        "links": None if linked is None else count_links(*linked),
        "review_reasons": None if frames.review_cases is None else _review_reasons(frames.review_cases),
    }
    return QualityReport(**{**vars(report), **{name: frame for name, frame in optional.items() if frame is not None}})


def delivery_states(frames: RunFrames, contracts: Mapping[str, SourceContract]) -> pd.DataFrame:
    """Each delivered file with what became of it: refused with the message, accepted if rows of it were read, superseded otherwise."""
    listed = frames.deliveries[["source", "delivery_id", "delivered_on", "file", "bytes"]]
    refused = _by_source({source: frame[frame["disposition"] == "delivery_refused"] for source, frame in frames.quarantine.items()})
    read = _by_source(frames.conservation)
    key = ["delivery_id", "file"]
    reasons = (
        refused.drop_duplicates(key)[[*key, "message_id", "message_en"]]
        if len(refused)
        else refused.reindex(columns=[*key, "message_id", "message_en"])
    )
    states = listed[listed["source"].isin(list(contracts))].merge(reasons, on=key, how="left")
    in_force = pd.MultiIndex.from_frame(read[key]) if len(read) else pd.MultiIndex.from_arrays([[], []])
    status = pd.Series("superseded", index=states.index, dtype=TEXT)
    status[pd.MultiIndex.from_frame(states[key]).isin(in_force)] = "accepted"
    status[states["message_id"].notna()] = "refused"
    newest_first = states.assign(status=status).sort_values(
        ["source", "delivered_on", "delivery_id", "file"], ascending=[True, False, False, True]
    )
    return newest_first.reset_index(drop=True)


def source_states(contracts: Mapping[str, SourceContract], deliveries: pd.DataFrame) -> pd.DataFrame:
    """Each source of the contracts, and whether its newest delivery speaks, an older one, only part of it, or nothing."""
    rows = []
    for source, contract in contracts.items():
        own = deliveries[deliveries["source"] == source]
        accepted, refused = own[own["status"] == "accepted"], own[own["status"] == "refused"]
        in_force = accepted["delivered_on"].max() if len(accepted) else pd.NaT
        newer_refused = len(refused) and len(accepted) and (refused["delivered_on"] > in_force).any()
        state = "missing" if accepted.empty else "older_in_force" if newer_refused else "partly" if len(refused) else "accepted"
        rows.append(
            {
                "source": source,
                "title_id": contract.title.id,
                "title_en": contract.title.en,
                "office": contract.office,
                "role": contract.tables[0].role,
                "programme": contract.tables[0].programme,
                "delivered_on": in_force,
                "state": state,
            }
        )
    return pd.DataFrame(rows)


def quarantined_places(quarantine: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """The quarantined rows with the letter of the column at fault; their cells stay behind."""
    wanted = ["delivery_id", "file", "sheet", "row", "column", "reason", "shape", "message_id", "message_en"]
    everything = with_tables(_by_source(quarantine))
    if everything.empty:
        return everything.reindex(columns=["source", *wanted, "letter"])
    rows = everything.loc[everything["disposition"] == "quarantined", ["source", "table", *wanted]]
    place = ["delivery_id", "file", "sheet", "table", "column"]
    return rows.merge(cell_layouts(everything), on=place, how="left").drop(columns="table").reset_index(drop=True)


def count_repairs(records: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """How often each rule repaired each column of each source. The original values are cut out before anything is counted."""
    counted = []
    for source, frame in records.items():
        if "repairs" not in frame:
            continue
        texts = pa.array(frame["repairs"].dropna(), pa.large_string())
        # [["column", <anything>, "rule"], …]: what stands between is one JSON value, a text with its escapes or a number.
        without = pc.replace_substring_regex(
            texts, pattern=r'\["([^"\\]*)", *(?:"(?:[^"\\]|\\.)*"|[^"\[\],]*), *"([^"\\]*)"\]', replacement="\\1\t\\2\n"
        )
        for value in pc.value_counts(without).to_pylist():
            for line in str(value["values"]).split("\n")[:-1]:
                column, rule = line.lstrip("[, ").split("\t")
                counted.append((source, column, rule, int(value["counts"])))
    return _summed(counted, ["source", "column", "rule"])


def count_field_errors(records: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """How often each error code stands at each column of each source."""
    counted = []
    for source, frame in records.items():
        by_text = frame["errors"].value_counts() if "errors" in frame else pd.Series(dtype="int64")
        for text, count in by_text.items():
            counted += [(source, *error.partition(":")[::2], int(count)) for error in str(text).split()]
    return _summed(counted, ["source", "column", "code"])


def _summed(counted: list[tuple[str, str, str, int]], keys: list[str]) -> pd.DataFrame:
    """The counts added up by `keys`; within a source the most frequent first, equals by name."""
    sums: pd.Series[int] = pd.DataFrame(counted, columns=[*keys, "count"]).groupby(keys)["count"].sum()
    frame = sums.reset_index(name="count")
    return frame.sort_values(["source", "count", *keys[1:]], ascending=[True, False, True, True], ignore_index=True)


def judged_expectations(records: Mapping[str, pd.DataFrame], contracts: Mapping[str, SourceContract], as_of: date) -> pd.DataFrame:
    """Each expectation of each source that gave records, with its result and its reason."""
    rows = []
    for source, frame in records.items():
        expectations = all_expectations(contracts[source])
        for expectation, result in zip(expectations, evaluate(frame, expectations, as_of), strict=True):
            said = {f"said_{language}": expectation_words(expectation, language) for language in ("id", "en")}
            rows.append({"source": source, **vars(result), **said, "why_id": expectation.why.id, "why_en": expectation.why.en})
    numbers = ["source", "name", "kind", "column", "severity", "evaluated", "unexpected", "observed", "success"]
    wanted = [*numbers, "said_id", "said_en", "why_id", "why_en"]
    return pd.DataFrame(rows).reindex(columns=wanted)


def count_links(mentions: pd.DataFrame, links: pd.DataFrame, population: pd.DataFrame) -> pd.DataFrame:
    """By source: mentions, those with a NIK, with one that the register knows, and how each was settled."""
    both = mentions[["record_id", "source", "nik"]].reset_index(drop=True)
    linked = positions_of(both["record_id"], links["record_id"])
    both["status"], both["method"] = (looked_up(links[name], linked, both.index) for name in ("status", "method"))
    both["probability"] = links["probability"].reset_index(drop=True).reindex(linked).to_numpy(dtype=float)
    settled = both["status"].where(both["status"] != "linked", both["method"])
    counts = {
        "mentions": both["record_id"].notna(),
        "with_nik": both["nik"].notna(),
        "nik_in_register": pd.Series(positions_of(both["nik"], population["nik"]) >= 0),
        **{name: settled.eq(name).fillna(value=False) for name in ("nik", "evidence", "decision", "review", "unregistered")},
    }
    table = pd.DataFrame({name: rows.astype("int64") for name, rows in counts.items()}).groupby(both["source"]).sum()
    table["mean_probability"] = both["probability"].where(both["status"] == "linked").groupby(both["source"]).mean()
    return table.reset_index()


def _review_reasons(review_cases: pd.DataFrame) -> pd.DataFrame:
    best = review_cases[review_cases["rank"] == 1]
    return best["reason"].value_counts().rename_axis("reason").rename("count").reset_index()


def _error_classes(
    frames: RunFrames, contracts: Mapping[str, SourceContract], mentions: pd.DataFrame, links: pd.DataFrame, population: pd.DataFrame
) -> pd.DataFrame:
    quarantine = _by_source({source: frame for source, frame in frames.quarantine.items() if not contracts[source].is_population})
    duplicates = quarantine[quarantine["disposition"] == "exact_duplicate"] if len(quarantine) else quarantine
    return count_error_classes(
        LinkedFrames(
            records=mentions,
            links=links,
            population=population,
            duplicates=duplicates.reindex(columns=["source", "area_code"]),
            record_families=None if frames.record_persons is None else frames.record_persons[["record_id", "family_id"]],
            coordinate_flags=frames.coordinate_flags,
            aided_elsewhere=None
            if frames.targeting_gaps is None
            else _aided_elsewhere(frames.targeting_gaps, contracts, mentions, frames.record_persons),
        )
    )


def _aided_elsewhere(
    targeting_gaps: pd.DataFrame, contracts: Mapping[str, SourceContract], mentions: pd.DataFrame, record_persons: pd.DataFrame | None
) -> pd.DataFrame:
    """Who gets what excludes something else: the source that lists them, and the village that it states, where the record is known."""
    source_of = {table.programme: source for source, contract in contracts.items() for table in contract.tables if table.programme}
    twice = targeting_gaps[targeting_gaps["kind"] == "receiving_twice"]
    found = twice.reindex(columns=["person_id", "family_id", "area_code"]).assign(source=twice["programme_id"].map(source_of))
    found = found.dropna(subset=["source"]).reset_index(drop=True).astype(TEXT)
    if record_persons is not None:
        about = (
            mentions[["record_id", "source", "area_code"]].merge(record_persons.astype(TEXT), on="record_id").dropna(subset=["area_code"])
        )
        for subject in ("person_id", "family_id"):
            if subject in about:
                stated = about.drop_duplicates(["source", subject]).set_index(["source", subject])["area_code"]
                areas = stated.reindex(pd.MultiIndex.from_frame(found[["source", subject]])).array
                found["area_code"] = found["area_code"].fillna(pd.Series(areas, found.index))
    return found[["source", "area_code"]]


def _not_counted(frames: RunFrames, *, linked: bool) -> tuple[str, ...]:
    if not linked:
        return CLASSES
    lacking = {
        "family_twice": frames.record_persons is None,
        "outside_village": frames.coordinate_flags is None,
        "aided_elsewhere": frames.targeting_gaps is None,
    }
    return tuple(name for name in CLASSES if lacking.get(name, False))


def _mentions(records: pd.DataFrame, source: str) -> pd.DataFrame:
    return records.assign(source=source).reindex(columns=list(_MENTION)).astype(dict.fromkeys(_MENTION, TEXT))


def _by_source(frames: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    parts = [frame.assign(source=source) for source, frame in frames.items() if len(frame)]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=["source", "delivery_id", "file"])
