"""Linkage: who each record is. The register on one side, all mentions of the offices on the other."""

import json
from collections.abc import Iterator, Mapping, Sequence

import dagster as dg
import pandas as pd

import families
import matching
from assets.boundary import redacted
from assets.description import OWNER, counts_of, frame_metadata, same_named_lineage
from assets.link_memory import likely_residents, linked_since, model_for
from assets.standing import STORED, Event, Stored, standing_or_made
from assets.workspace import Workspace
from families import register
from publishing.identities import known_identities
from publishing.review_binding import bind_decisions
from publishing.review_ledger import conflicts_of, ledger
from schemas.contracts import SourceContract

POPULATION_CHECK = "population_present"
STEADY_CHECK = "estimates_steady"


def population_asset(contracts: Mapping[str, SourceContract]) -> dg.AssetsDefinition:
    """The register, from whichever sources' contracts say that they are the population."""
    sources = [source for source, contract in contracts.items() if contract.is_population]

    @dg.asset(
        name="population",
        group_name="linkage",
        owners=[OWNER],
        kinds={"pandas"},
        ins=_stored_records(sources),
        check_specs=[
            dg.AssetCheckSpec(POPULATION_CHECK, asset="population", blocking=True, description="Without a register nobody can be linked.")
        ],
        description="Penduduk menurut Dukcapil: satu baris per NIK. The population register, one row per resident with a usable NIK.",
    )
    @redacted
    def population(context: dg.AssetExecutionContext, workspace: Workspace, **records: Stored) -> Iterator[Event]:
        yield from standing_or_made(context, workspace, {"result": "population.parquet"}, records, lambda: _population(records))

    return population


def social_records_asset(contracts: Mapping[str, SourceContract]) -> dg.AssetsDefinition:
    """All mentions of people in the other sources, in one table."""
    sources = [source for source, contract in contracts.items() if not contract.is_population]

    @dg.asset(
        name="social_records",
        group_name="linkage",
        owners=[OWNER],
        kinds={"pandas"},
        ins=_stored_records(sources),
        description=(
            "Semua catatan dinas sosial dan dinas lain dalam satu tabel. Every mention of a person by an office, in canonical columns."
        ),
    )
    @redacted
    def social_records(context: dg.AssetExecutionContext, workspace: Workspace, **records: Stored) -> Iterator[Event]:
        yield from standing_or_made(context, workspace, {"result": "social_records.parquet"}, records, lambda: _social_records(records))

    return social_records


def _stored_records(sources: Sequence[str]) -> dict[str, dg.AssetIn]:
    return {source: dg.AssetIn(key=dg.AssetKey(["records", source]), dagster_type=STORED) for source in sources}


def _population(records: Mapping[str, Stored]) -> Iterator[Event]:
    frames = _read(records)
    residents = register.population_table(list(frames.values()))
    read = sum(len(frame) for frame in frames.values())
    yield dg.Output(
        residents,
        metadata=frame_metadata(residents, lineage=_lineage(residents, frames), numbers={"rows_without_own_nik": read - len(residents)}),
    )
    yield dg.AssetCheckResult(
        asset_key="population", check_name=POPULATION_CHECK, passed=not residents.empty, metadata={"residents": len(residents)}
    )


def _social_records(records: Mapping[str, Stored]) -> Iterator[Event]:
    frames = _read(records)
    mentions = register.social_table(list(frames.values()))
    yield dg.Output(mentions, metadata=frame_metadata(mentions, lineage=_lineage(mentions, frames), numbers=counts_of(mentions["source"])))


def _read(stored: Mapping[str, Stored]) -> dict[str, pd.DataFrame]:
    return {source: one.read() for source, one in stored.items()}


def _lineage(made: pd.DataFrame, records: Mapping[str, pd.DataFrame]) -> dg.TableColumnLineage:
    return same_named_lineage(made, {dg.AssetKey(["records", source]): frame.columns for source, frame in records.items()})


@dg.asset(
    group_name="linkage",
    owners=[OWNER],
    kinds={"numpy"},
    description=(
        "Bobot pencocokan, dipelajari dari catatan yang NIK-nya pasti. Match weights learned from records whose NIK confirms who they are."
    ),
)
@redacted
def link_model(context: dg.AssetExecutionContext, social_records: Stored, population: Stored, workspace: Workspace) -> Iterator[Event]:
    """Learn the weights, where those of an earlier run do not serve any more."""

    def learn() -> Iterator[Event]:
        model, reason = model_for(social_records.read(), population.read(), workspace.linkage_spec, workspace.linkage_folder)
        metadata = {"labels": model.labels, "learned_from": model.learned_from, "kept": model.kept, "learned_because": reason or "not anew"}
        yield dg.Output(json.loads(model.to_json()), metadata=metadata)

    inputs = {"social_records": social_records, "population": population}
    yield from standing_or_made(context, workspace, {"result": "link_model.json"}, inputs, learn, workspace.linkage_spec)


@dg.multi_asset(
    name="link_records",
    group_name="linkage",
    outs={
        "links": dg.AssetOut(
            owners=[OWNER],
            kinds={"pandas"},
            description=(
                "Setiap catatan: tertaut, perlu ditinjau, atau tidak terdaftar. "
                "One row per mention: linked, in review or unregistered, with probability and evidence."
            ),
        ),
        "review_cases": dg.AssetOut(
            owners=[OWNER],
            kinds={"pandas"},
            description="Kasus ragu untuk diputuskan orang. Doubtful records with their best candidates, for people to settle.",
        ),
        "unregistered_pairs": dg.AssetOut(
            owners=[OWNER],
            kinds={"pandas"},
            description=(
                "Pasangan catatan tak terdaftar yang mungkin satu orang. "
                "Pairs of unregistered records that may be one person, for people to settle."
            ),
        ),
        "link_report": dg.AssetOut(
            owners=[OWNER],
            kinds={"json"},
            description="Angka pencocokan. Pairs per blocking rule, what was dropped, estimated precision and recall with intervals.",
        ),
    },
    check_specs=[
        dg.AssetCheckSpec(
            STEADY_CHECK, asset="link_report", description="The run's estimates and shares of links are within those of the last run."
        )
    ],
)
@redacted
def link_records(
    context: dg.AssetExecutionContext, social_records: Stored, population: Stored, link_model: Stored, workspace: Workspace
) -> Iterator[Event]:
    """Decide who each record is; what people have decided outranks every score. What has not changed is not linked again.

    A run that tells of something that has moved does not stand: the next one is compared with it.
    """
    held = ledger(workspace.engine)
    inputs = {"social_records": social_records, "population": population, "link_model": link_model}
    outputs = {name: f"{name}.parquet" for name in ("links", "review_cases", "unregistered_pairs")} | {"link_report": "link_report.json"}
    moved: list[matching.Drift] = []
    told = (workspace.linkage_spec, workspace.hash_key, held.to_csv(index=False))
    yield from standing_or_made(
        context, workspace, outputs, inputs, lambda: _linked(inputs, held, workspace, moved), *told, stands=lambda: not moved
    )


def _linked(inputs: Mapping[str, Stored], held: pd.DataFrame, workspace: Workspace, moved: list[matching.Drift]) -> Iterator[Event]:
    """The links with all that goes with them; what has `moved` since the last run is added to that list."""
    social_records, population, link_model = (stored.read() for stored in inputs.values())
    model = matching.LinkModel.from_json(json.dumps(link_model))
    bound = bind_decisions(held, social_records, population["nik"], workspace.hashed, likely_residents(workspace.linkage_folder))
    result, drifted = linked_since(
        social_records, population, workspace.linkage_spec, model, bound.decisions, bound.together, workspace.linkage_folder
    )
    moved += drifted
    links, review_cases = register.named_links(result.links, social_records), register.named_review_cases(result.review)
    report = result.report
    estimates = {
        "estimated_precision": report.precision.share,
        "estimated_precision_low": report.precision.low,
        "estimated_recall": report.recall.share,
        "estimated_recall_low": report.recall.low,
    }
    yield dg.Output(links, "links", metadata=frame_metadata(links, numbers=report.counts | estimates))
    yield dg.Output(review_cases, "review_cases", metadata=frame_metadata(review_cases, numbers=counts_of(review_cases["reason"])))
    pairs = register.named_pairs(result.alike)
    yield dg.Output(pairs, "unregistered_pairs", metadata=frame_metadata(pairs))
    timeless = {name: value for name, value in report.to_dict().items() if name != "seconds"}
    timeless["decisions"] = bound.counts | {"contradicted": len(conflicts_of(held))}
    timeless["drift"] = [vars(one) for one in moved]
    yield dg.Output(
        timeless,
        "link_report",
        metadata={
            "rules": len(report.blocking),
            "pairs": report.counts["pairs_compared"],
            "linked_again": report.counts.get("linked_again", len(links)),
            "decisions": bound.counts["bound"],
        },
    )
    yield dg.AssetCheckResult(
        asset_key="link_report",
        check_name=STEADY_CHECK,
        passed=not moved,
        severity=dg.AssetCheckSeverity.WARN,
        metadata={"moved": [str(one) for one in moved]},
    )


@dg.asset(
    group_name="linkage",
    owners=[OWNER],
    kinds={"pandas"},
    description=(
        "Orang: anggota keluarga yang disebut dinas, dan orang tak terdaftar. "
        "Persons of the families that any office names, with lasting ids."
    ),
)
@redacted
def persons(
    population: pd.DataFrame, social_records: pd.DataFrame, links: pd.DataFrame, deliveries: pd.DataFrame, workspace: Workspace
) -> dg.Output[pd.DataFrame]:
    """Who they are, each value from the source that is believed."""
    known = families.KnownIdentities(**known_identities(workspace.engine))
    found = families.build_persons(
        population,
        social_records,
        links,
        known=known,
        hash_key=workspace.hash_key,
        as_of=workspace.day_of_account(deliveries),
        trust=workspace.trust,
    )
    upstream = {dg.AssetKey("population"): population.columns, dg.AssetKey("social_records"): social_records.columns}
    return dg.Output(
        found, metadata=frame_metadata(found, lineage=same_named_lineage(found, upstream), numbers=counts_of(found["register_status"]))
    )
