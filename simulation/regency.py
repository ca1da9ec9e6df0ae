"""The truth about a regency: its people, families, houses, welfare and programmes, before anybody writes them down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from simulation.addresses import AddressBook
from simulation.damage_profile import DamageProfile
from simulation.household_changes import HouseholdChanges, draw_changes
from simulation.housing import Housing, build_housing
from simulation.livelihoods import Livelihoods, draw_livelihoods
from simulation.names import NameMaker
from simulation.office_profiles import PROFILES, rows_by_office
from simulation.office_rows import row_budget
from simulation.places import Places, known_villages
from simulation.programmes import Programmes, draw_programmes
from simulation.residents import Residents, build_residents
from simulation.strangers import Strangers, draw_strangers
from simulation.welfare import Welfare, draw_means, rank_families

_CHANGES_STREAM = 60
"""Far from those of the offices."""
KNOWN_TWICE = 0.85
"""Distinct strangers per unregistered row: some are known to more than one office."""


@dataclass(frozen=True)
class Regency:
    """Everything that is true, in memory."""

    maker: NameMaker
    residents: Residents
    places: Places
    livelihoods: Livelihoods
    welfare: Welfare
    housing: Housing
    programmes: Programmes
    strangers: Strangers
    addresses: AddressBook
    changes: HouseholdChanges
    rows: dict[str, int]
    """How many rows each office will write."""


def build_regency(
    people: int,
    records: int,
    villages: Sequence[str] | None,
    as_of: date,
    seed: int,
    profiles: Mapping[str, DamageProfile] = PROFILES,
    household_changes: float = 0.0,
) -> Regency:
    """The truth for ``people`` living residents, of whom offices will write ``records`` rows.

    ``household_changes``: share of the families in which somebody lives elsewhere than on the card.

    Each part draws from a stream of its own, so that a change to one leaves the others as they were.
    """
    places_of_regency = known_villages(villages)
    rows = rows_by_office(records, has_desa=bool((places_of_regency["kind"] == "desa").any()))
    budgets = {source: row_budget(count, profiles[source]) for source, count in rows.items()}
    maker = NameMaker()
    residents, places = build_residents(stream(seed, 1), maker, places_of_regency, people, as_of, even_villages=villages is not None)
    rng = stream(seed, 2)
    means = draw_means(rng, residents, places)
    in_town = (places.villages["kind"] == "kelurahan").to_numpy()[places.house_village[residents.family_house]][residents.family]
    livelihoods = draw_livelihoods(rng, residents, means[residents.family], in_town)
    welfare = rank_families(rng, residents, livelihoods, means)
    housing = build_housing(stream(seed, 3), residents, places, welfare.score)
    programmes = draw_programmes(stream(seed, 4), residents, livelihoods, welfare, budgets["dinsos_pkh"].chosen)
    unregistered = [budget.unregistered for budget in budgets.values()]
    strangers = draw_strangers(stream(seed, 5), maker, residents, places, max(round(KNOWN_TWICE * sum(unregistered)), *unregistered))
    changes = draw_changes(stream(seed, _CHANGES_STREAM), residents, places, household_changes)
    return Regency(maker, residents, places, livelihoods, welfare, housing, programmes, strangers, AddressBook(places), changes, rows)


def stream(seed: int, number: int) -> np.random.Generator:
    """The random numbers of one part of the simulation."""
    return np.random.default_rng([seed, number])
