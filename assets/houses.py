"""Houses: who lives together, where, and the areas in which they live."""

from collections.abc import Iterator

import dagster as dg
import pandas as pd

import families as family_building
import geocoding
from assets.boundary import redacted
from assets.description import OWNER, counts_of, frame_metadata, same_named_lineage
from assets.standing import frame_input
from assets.workspace import Workspace
from publishing.identities import known_identities


@dg.asset(
    group_name="houses",
    owners=[OWNER],
    kinds={"pandas"},
    ins={"population": frame_input("population", geocoding.COUNTED_COLUMNS)},
    description="Wilayah: kabupaten, kecamatan, desa dan kelurahan. All areas with the residents and families that the register counts.",
)
@redacted
def areas(population: pd.DataFrame, workspace: Workspace) -> dg.Output[pd.DataFrame]:
    """The official areas with the register's counts."""
    counted = geocoding.count_residents(workspace.areas, population)
    return dg.Output(
        counted, metadata=frame_metadata(counted, numbers={"residents": int(counted.loc[counted["level"] == "regency", "residents"].sum())})
    )


@dg.multi_asset(
    name="families_and_houses",
    group_name="houses",
    outs={
        "families": dg.AssetOut(
            owners=[OWNER],
            kinds={"pandas"},
            description=(
                "Keluarga: siapa tinggal bersama. Families by family card, with address, welfare decile, poverty status and its source."
            ),
        ),
        "houses": dg.AssetOut(
            owners=[OWNER],
            kinds={"geopandas"},
            description=(
                "Rumah: posisi dan ketelitiannya. "
                "Houses with coordinates, their stated precision and radius, and the state of the building."
            ),
        ),
        "coordinate_flags": dg.AssetOut(
            owners=[OWNER],
            kinds={"geopandas"},
            description="Koordinat yang diragukan. Coordinates that were not believed, each with the reason and the distance.",
        ),
        "house_sources": dg.AssetOut(
            owners=[OWNER],
            kinds={"pandas"},
            description="Asal nilai rumah. Which record each value of a house came from, and the values that lost.",
        ),
    },
)
@redacted
def families_and_houses(
    persons: pd.DataFrame,
    population: pd.DataFrame,
    social_records: pd.DataFrame,
    links: pd.DataFrame,
    areas: pd.DataFrame,
    deliveries: pd.DataFrame,
    workspace: Workspace,
) -> Iterator[dg.Output[pd.DataFrame]]:
    """Build families, place their houses, and give both their lasting ids."""
    as_of = workspace.day_of_account(deliveries)
    known = family_building.KnownIdentities(**known_identities(workspace.engine))
    record_person = family_building.record_persons(links, persons)
    families = family_building.build_families(
        persons,
        population,
        social_records,
        record_person,
        hash_key=workspace.hash_key,
        trust=workspace.trust,
        as_of=as_of,
    )
    family_records = social_records.merge(record_person[["record_id", "family_id"]], on="record_id", how="inner")
    placed = geocoding.build_houses(
        families,
        family_records,
        areas,
        workspace.boundaries,
        regency=workspace.regency,
        trust=dict(workspace.trust.itertuples(index=False)),
    )
    placed = geocoding.with_house_ids(placed, family_building.assign_house_ids(placed.family_houses, known, workspace.hash_key))
    houses, families = placed.houses, family_building.attach_houses(families, placed.family_houses)
    yield dg.Output(
        families,
        "families",
        metadata=frame_metadata(
            families,
            lineage=same_named_lineage(
                families, {dg.AssetKey("population"): population.columns, dg.AssetKey("social_records"): social_records.columns}
            ),
            numbers={"poor_families": int(families["is_poor"].sum())},
        ),
    )
    yield dg.Output(
        houses,
        "houses",
        metadata=frame_metadata(
            houses,
            lineage=same_named_lineage(houses, {dg.AssetKey("social_records"): social_records.columns}),
            numbers=counts_of(houses["position_precision"]),
        ),
    )
    sources = family_building.build_house_sources(houses, families, social_records, record_person, trust=workspace.trust, as_of=as_of)
    yield dg.Output(sources, "house_sources", metadata=frame_metadata(sources))
    flags = placed.coordinate_flags
    yield dg.Output(flags, "coordinate_flags", metadata=frame_metadata(flags, numbers=counts_of(flags["code"])))
