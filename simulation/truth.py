"""What is really the case, beside the files: who each row is, and how everybody lives.

``links`` has one row per mention in an office's file; ``people``, ``families`` and ``houses`` describe the regency. Nothing of this is
known to the programs under test.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from simulation.addresses import AddressBook
from simulation.household_changes import HouseholdChanges
from simulation.housing import ASSETS, Housing
from simulation.livelihoods import Livelihoods
from simulation.mentions import LABELS, Mentions
from simulation.names import NameMaker, join_parts
from simulation.population_register import labels_by_code
from simulation.programmes import COMPONENTS, Programmes
from simulation.residents import Residents
from simulation.strangers import Strangers
from simulation.welfare import Welfare

Index = npt.NDArray[np.int64]


@dataclass(frozen=True)
class WrittenRows:
    """Where mentions of one source stand: ``mention`` numbers the mentions, the rest says in which file, sheet and row each one is."""

    source: str
    mentions: Mentions
    mention: Index
    file: pa.Array
    sheet: pa.Array
    row: Index
    labels: Index
    mention_name: str = "person"
    """Which mention of its row this is: a row may name two people."""


def write_links(path: Path, residents: Residents, written: Sequence[WrittenRows]) -> None:
    """One row per mention: source, file, sheet, row, mention, register_nik or null, cluster_id of unregistered people, list of mistakes."""
    tables = []
    for rows in written:
        person = rows.mentions.person[rows.mention]
        stranger = rows.mentions.stranger[rows.mention]
        nik = pa.array(residents.nik[np.maximum(person, 0)], mask=person < 0).cast(pa.string())
        tables.append(
            pa.table(
                {
                    "source": _repeated(rows.source, len(person)),
                    "file": rows.file,
                    "sheet": rows.sheet,
                    "row": pa.array(rows.row.astype(np.int32)),
                    "mention": _repeated(rows.mention_name, len(person)),
                    "register_nik": nik,
                    "cluster_id": cluster_ids(stranger),
                    "damage": damage_lists(rows.labels),
                }
            )
        )
    _write(path, pa.concat_tables(tables))


def cluster_ids(stranger: Index) -> pa.Array:
    """U0000012 for the thirteenth stranger, null for -1."""
    number = pa.array(np.where(stranger >= 0, stranger, 0)).cast(pa.string())
    text = pc.binary_join_element_wise("U", pc.utf8_lpad(number, 7, "0"), "")
    return pc.if_else(pa.array(stranger >= 0), text, pa.scalar(None, pa.string()))


def damage_lists(labels: Index) -> pa.Array:
    """Bit sets as lists of names."""
    flags = (labels[:, None] >> np.arange(len(LABELS))) & 1
    row, label = np.nonzero(flags)
    offsets = np.concatenate([[0], np.cumsum(np.bincount(row, minlength=len(labels)))])
    return pa.ListArray.from_arrays(pa.array(offsets.astype(np.int32)), pa.array(LABELS).take(pa.array(label)))


def write_people(
    path: Path, maker: NameMaker, residents: Residents, livelihoods: Livelihoods, programmes: Programmes, strangers: Strangers
) -> None:
    """Everybody: the register's people, then the strangers (register_nik missing, cluster_id set)."""
    parts = pa.array(maker.lexicon.parts)
    none = np.full(len(residents), -1, dtype=np.int64)
    known = pa.table(
        {
            "register_nik": pa.array(residents.nik).cast(pa.string()),
            "cluster_id": cluster_ids(none),
            "name": join_parts(parts, residents.name),
            "birth_date": pa.array(residents.birth.astype(np.int32)).cast(pa.date32()),
            "sex": _sex(residents.is_female),
            "mother_name": join_parts(parts, residents.mother_name),
            "father_name": join_parts(parts, residents.father_name),
            "family_id": identifiers("F", residents.family),
            "relation": labels_by_code("relation").take(pa.array(residents.relation.astype(np.int64))),
            "marital_status": labels_by_code("marital_status").take(pa.array(residents.marital.astype(np.int64))),
            "status": pa.array(["", "alive", "dead", "moved_away"]).take(pa.array(residents.status)),
            "registered_elsewhere": pa.array(residents.registered_elsewhere),
            "twin": pa.array(residents.is_twin | np.append(residents.is_twin[1:], False)),
            "occupation": labels_by_code("occupation").take(pa.array(livelihoods.occupation.astype(np.int64))),
            "education": labels_by_code("education").take(pa.array(livelihoods.education.astype(np.int64))),
            "works": pa.array(livelihoods.works),
            "has_business": pa.array(livelihoods.has_business),
            "school_participation": _code(livelihoods.schooling),
            "school_level": _code(livelihoods.school_level),
            "pregnant": pa.array(livelihoods.pregnant),
            "disability_level": pa.array(livelihoods.difficulty.min(axis=1)),
            "chronic_illness": _code(livelihoods.illness),
            "pbi_national": pa.array(programmes.person_pbi_national),
            "pbi_local": pa.array(programmes.person_pbi_local),
        }
    )
    unknown = {
        "cluster_id": cluster_ids(np.arange(len(strangers))),
        "name": join_parts(parts, strangers.name),
        "birth_date": pa.array(strangers.birth.astype(np.int32)).cast(pa.date32()),
        "sex": _sex(strangers.is_female),
        "mother_name": join_parts(parts, strangers.mother_name),
        "father_name": join_parts(parts, strangers.father_name),
        "family_id": identifiers("F", strangers.family),
        "status": _repeated("alive", len(strangers)),
    }
    others = pa.table({name: unknown.get(name, pa.nulls(len(strangers), known.schema.field(name).type)) for name in known.column_names})
    _write(path, pa.concat_tables([known, others]))


def write_families(
    path: Path, residents: Residents, livelihoods: Livelihoods, welfare: Welfare, programmes: Programmes, addresses: AddressBook
) -> None:
    """Every family: card, place, true and published decile, work, programmes."""
    house = residents.family_house
    alive = residents.status == 1

    def any_of(flags: npt.NDArray[np.bool_]) -> pa.Array:
        return pa.array(np.bincount(residents.family[flags & alive], minlength=residents.families) > 0)

    columns = {
        "family_id": identifiers("F", np.arange(residents.families)),
        "kk_number": pa.array(residents.kk_number).cast(pa.string()),
        "head_nik": pa.array(residents.nik[residents.family_start]).cast(pa.string()),
        "size": pa.array(np.bincount(residents.family[alive], minlength=residents.families)),
        "house_id": identifiers("H", house),
        "area_code": addresses.area_code(house),
        "hamlet": addresses.hamlet(house),
        "rt": addresses.rt(house),
        "rw": addresses.rw(house),
        "welfare_score": pa.array(np.round(welfare.score, 4)),
        "decile": pa.array(welfare.decile),
        "published_decile": pa.array(welfare.published_decile),
        "anyone_works": any_of(livelihoods.works),
        "has_business": any_of(livelihoods.has_business),
        "excluded_occupation": pa.array(programmes.excluded),
        "pkh_eligible": pa.array(programmes.pkh_eligible),
        "receives_pkh": pa.array(programmes.receives_pkh),
    }
    columns |= {f"n_{name}": pa.array(programmes.components[:, number]) for number, name in enumerate(COMPONENTS)}
    _write(path, pa.table(columns))


def write_changes(path: Path, residents: Residents, changes: HouseholdChanges) -> None:
    """Everybody who lives elsewhere than on their card: register_nik, kind, family_id of the card, joined_family_id, kk_number there."""
    joined = changes.family
    table = pa.table(
        {
            "register_nik": pa.array(residents.nik[changes.person]).cast(pa.string()),
            "kind": pa.array(changes.kind),
            "family_id": identifiers("F", residents.family[changes.person]),
            "joined_family_id": pc.if_else(pa.array(joined >= 0), identifiers("F", np.maximum(joined, 0)), pa.scalar(None, pa.string())),
            "kk_number": pa.array(changes.kk_number).cast(pa.string()),
        }
    )
    _write(path, table)


def write_houses(path: Path, housing: Housing, addresses: AddressBook) -> None:
    """Every house: true position, place and what it is built of."""
    places = addresses.places
    house = np.arange(len(places.house_rt))
    columns = {
        "house_id": identifiers("H", house),
        "latitude": pa.array(places.house_latitude),
        "longitude": pa.array(places.house_longitude),
        "area_code": addresses.area_code(house),
        "hamlet": addresses.hamlet(house),
        "rt": addresses.rt(house),
        "rw": addresses.rw(house),
        "tenure": _code(housing.tenure),
        "floor_area_m2": pa.array(housing.floor_area),
        "floor": _code(housing.floor),
        "wall": _code(housing.wall),
        "roof": _code(housing.roof),
        "water": _code(housing.water),
        "lighting": _code(housing.lighting),
        "power": _code(housing.power),
        "fuel": _code(housing.fuel),
        "latrine": _code(housing.latrine),
        "closet": _code(housing.closet),
        "disposal": _code(housing.disposal),
        "condition": pa.array(["", "good", "fair", "poor", "ruined"]).take(pa.array(housing.condition)),
        "cattle": pa.array(housing.cattle),
        "goats": pa.array(housing.goats),
    }
    columns |= {f"owns_{name}": pa.array(housing.assets[:, number]) for number, (name, _) in enumerate(ASSETS)}
    _write(path, pa.table(columns))


def identifiers(letter: str, numbers: Index) -> pa.Array:
    """F0000012 for number 12."""
    return pc.binary_join_element_wise(letter, pc.utf8_lpad(pa.array(numbers).cast(pa.string()), 7, "0"), "")


def _code(values: npt.NDArray[np.int8]) -> pa.Array:
    """Answers as text codes; null where the question does not apply."""
    return pa.array(values, mask=values < 0).cast(pa.string())


def _sex(is_female: npt.NDArray[np.bool_]) -> pa.Array:
    return pa.array(["L", "P"]).take(pa.array(is_female.astype(np.int8)))


def _repeated(text: str, count: int) -> pa.Array:
    return pa.array([text]).take(pa.array(np.zeros(count, dtype=np.int64)))


def _write(path: Path, table: pa.Table) -> None:
    pq.write_table(table, path, compression="zstd", compression_level=3)
