"""Eligibility: which programmes fit whom, and why; what each family gets, and what it should get."""

import dagster as dg
import pandas as pd

import eligibility
from assets.boundary import redacted
from assets.description import OWNER, counts_of, frame_metadata, same_named_lineage
from assets.workspace import Workspace
from families import record_persons


@dg.asset(
    group_name="eligibility",
    owners=[OWNER],
    kinds={"pandas"},
    description=(
        "Fakta tiap keluarga untuk menilai program. Per family: members by age and need, work, excluded occupations, the house, the decile."
    ),
)
@redacted
def family_facts(
    families: pd.DataFrame, persons: pd.DataFrame, houses: pd.DataFrame, areas: pd.DataFrame, deliveries: pd.DataFrame, workspace: Workspace
) -> dg.Output[pd.DataFrame]:
    """What the rules ask about a family."""
    facts = eligibility.build_family_facts(
        families, persons, houses, areas, as_of=workspace.day_of_account(deliveries), signs=workspace.programmes.signs
    )
    upstream = {dg.AssetKey("families"): families.columns, dg.AssetKey("houses"): houses.columns, dg.AssetKey("areas"): areas.columns}
    return dg.Output(
        facts, metadata=frame_metadata(facts, lineage=same_named_lineage(facts, upstream), numbers=counts_of(facts["poverty_status"]))
    )


@dg.asset(
    group_name="eligibility",
    owners=[OWNER],
    kinds={"pandas"},
    description=(
        "Kekurangan tiap keluarga (kriteria BPS). Deprivations: per family and criterion whether it holds; unknown ones have no row."
    ),
)
@redacted
def deprivations(family_facts: pd.DataFrame, house_sources: pd.DataFrame, workspace: Workspace) -> dg.Output[pd.DataFrame]:
    """In which way each family is poor."""
    found = eligibility.build_deprivations(family_facts, workspace.programmes.signs, house_sources)
    return dg.Output(found, metadata=frame_metadata(found, numbers={"holds": int(found["holds"].sum())}))


@dg.asset(
    group_name="eligibility",
    owners=[OWNER],
    kinds={"pandas"},
    description="Bantuan yang diterima. What each person, family or house receives, from the programmes' own lists.",
)
@redacted
def aid_received(
    social_records: pd.DataFrame,
    links: pd.DataFrame,
    persons: pd.DataFrame,
    families: pd.DataFrame,
    deliveries: pd.DataFrame,
    workspace: Workspace,
) -> dg.Output[pd.DataFrame]:
    """What help they get."""
    aid = eligibility.build_aid_received(
        social_records, record_persons(links, persons), families, workspace.programmes, as_of=workspace.day_of_account(deliveries)
    )
    lineage = same_named_lineage(aid, {dg.AssetKey("social_records"): social_records.columns, dg.AssetKey("persons"): persons.columns})
    return dg.Output(aid, metadata=frame_metadata(aid, lineage=lineage, numbers=counts_of(aid["programme_id"])))


@dg.asset(
    group_name="eligibility",
    owners=[OWNER],
    kinds={"pandas"},
    description=(
        "Kelayakan program beserta alasannya. "
        "Per programme and unit: eligible, ineligible, unknown, receiving or blocked by overlap, with reasons."
    ),
)
@redacted
def programme_eligibility(
    family_facts: pd.DataFrame,
    persons: pd.DataFrame,
    houses: pd.DataFrame,
    aid_received: pd.DataFrame,
    deliveries: pd.DataFrame,
    workspace: Workspace,
) -> dg.Output[pd.DataFrame]:
    """What help they should get, and why."""
    decided = eligibility.decide(
        workspace.programmes, family_facts, persons, houses, aid_received, as_of=workspace.day_of_account(deliveries)
    )
    return dg.Output(
        decided, metadata=frame_metadata(decided, numbers=counts_of(decided["programme_id"].str.cat(decided["status"], sep=" ")))
    )


@dg.asset(
    group_name="eligibility",
    owners=[OWNER],
    kinds={"pandas"},
    description=(
        "Selisih sasaran: layak tetapi belum menerima, menerima tetapi tidak layak, menerima ganda. Inclusion and exclusion errors."
    ),
)
@redacted
def targeting_gaps(
    programme_eligibility: pd.DataFrame,
    aid_received: pd.DataFrame,
    persons: pd.DataFrame,
    family_facts: pd.DataFrame,
    workspace: Workspace,
) -> dg.Output[pd.DataFrame]:
    """Where help and need do not meet."""
    gaps = eligibility.targeting_gaps(workspace.programmes, programme_eligibility, aid_received, persons, family_facts)
    return dg.Output(gaps, metadata=frame_metadata(gaps, numbers=counts_of(gaps["kind"])))
