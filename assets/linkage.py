"""Linkage: who each record is. The register on one side, all mentions of the offices on the other."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import dagster as dg
import pandas as pd

import families
import matching
from assets.boundary import redacted
from assets.description import OWNER, counts_of, frame_metadata, same_named_lineage
from assets.link_memory import likely_residents, linked_since, model_for
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
        ins={source: dg.AssetIn(key=dg.AssetKey(["records", source])) for source in sources},
        check_specs=[
            dg.AssetCheckSpec(POPULATION_CHECK, asset="population", blocking=True, description="Without a register nobody can be linked.")
        ],
        description="Penduduk menurut Dukcapil: satu baris per NIK. The population register, one row per resident with a usable NIK.",
    )
    @redacted
    def population(**records: pd.DataFrame) -> Iterator[dg.Output[pd.DataFrame] | dg.AssetCheckResult]:
        residents = register.population_table(list(records.values()))
        read = sum(len(frame) for frame in records.values())
        yield dg.Output(
            residents,
            metadata=frame_metadata(
                residents,
                lineage=same_named_lineage(
                    residents, {dg.AssetKey(["records", source]): frame.columns for source, frame in records.items()}
                ),
                numbers={"rows_without_own_nik": read - len(residents)},
            ),
        )
        yield dg.AssetCheckResult(check_name=POPULATION_CHECK, passed=not residents.empty, metadata={"residents": len(residents)})

    return population


def social_records_asset(contracts: Mapping[str, SourceContract]) -> dg.AssetsDefinition:
    """All mentions of people in the other sources, in one table."""
    sources = [source for source, contract in contracts.items() if not contract.is_population]

    @dg.asset(
        name="social_records",
        group_name="linkage",
        owners=[OWNER],
        kinds={"pandas"},
        ins={source: dg.AssetIn(key=dg.AssetKey(["records", source])) for source in sources},
        description=(
            "Semua catatan dinas sosial dan dinas lain dalam satu tabel. Every mention of a person by an office, in canonical columns."
        ),
    )
    @redacted
    def social_records(**records: pd.DataFrame) -> dg.Output[pd.DataFrame]:
        mentions = register.social_table(list(records.values()))
        lineage = same_named_lineage(mentions, {dg.AssetKey(["records", source]): frame.columns for source, frame in records.items()})
        return dg.Output(mentions, metadata=frame_metadata(mentions, lineage=lineage, numbers=counts_of(mentions["source"])))

    return social_records


@dg.asset(
    group_name="linkage",
    owners=[OWNER],
    kinds={"numpy"},
    description=(
        "Bobot pencocokan, dipelajari dari catatan yang NIK-nya pasti. Match weights learned from records whose NIK confirms who they are."
    ),
)
@redacted
def link_model(social_records: pd.DataFrame, population: pd.DataFrame, workspace: Workspace) -> dg.Output[dict[str, Any]]:
    """Learn the weights, where those of an earlier run do not serve any more."""
    model, reason = model_for(social_records, population, workspace.linkage_spec, workspace.linkage_folder)
    metadata = {"labels": model.labels, "learned_from": model.learned_from, "kept": model.kept, "learned_because": reason or "not anew"}
    return dg.Output(json.loads(model.to_json()), metadata=metadata)


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
    social_records: pd.DataFrame, population: pd.DataFrame, link_model: dict[str, Any], workspace: Workspace
) -> Iterator[dg.Output[Any] | dg.AssetCheckResult]:
    """Decide who each record is; what people have decided outranks every score. What has not changed is not linked again."""
    model = matching.LinkModel.from_json(json.dumps(link_model))
    held = ledger(workspace.engine)
    bound = bind_decisions(held, social_records, population["nik"], workspace.hashed, likely_residents(workspace.linkage_folder))
    result, moved = linked_since(
        social_records, population, workspace.linkage_spec, model, bound.decisions, bound.together, workspace.linkage_folder
    )
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
