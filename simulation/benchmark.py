"""The benchmark profile: a register and a list of damaged records in memory, for measuring and comparing linkage engines.

The register holds every living resident once; the records are copies of different residents with the damage of
``damage_profile.BENCHMARK``, and people who are in no register (no mother, no family card, six in ten without NIK). Nobody stands twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from simulation.damage import as_dates, damage
from simulation.damage_names import NameDamage
from simulation.damage_numbers import sixteen_digits
from simulation.damage_profile import BENCHMARK, DamageProfile
from simulation.mentions import Written, bit, label_lists, mention_people
from simulation.names import NameMaker
from simulation.places import Places, known_villages
from simulation.residents import ALIVE, build_residents
from simulation.strangers import draw_strangers

Index = npt.NDArray[np.int64]

TEXT = pd.StringDtype("pyarrow")
COLUMNS = ("nik", "kk_number", "name", "birth_date", "sex", "mother_name", "area_code", "hamlet", "rt", "rw")


class BenchmarkTruth(NamedTuple):
    """``records`` and ``register`` have the columns of ``COLUMNS`` and a plain index; ``truth`` has one row per record, in the same order.

    Columns of ``truth``: register_nik (missing for people who are not in the register), register_row (position in ``register``, -1 for
    those), cluster_id (who an unregistered row really is), damage (list of names of mistakes).
    """

    records: pd.DataFrame
    register: pd.DataFrame
    truth: pd.DataFrame


def benchmark_profile(
    people: int,
    records: int,
    seed: int,
    *,
    profile: DamageProfile = BENCHMARK,
    villages: Sequence[str] | None = None,
    as_of: date = date(2026, 10, 1),
) -> BenchmarkTruth:
    """A register of ``people`` residents and ``records`` damaged records; the same arguments give the same frames.

    ``profile.twice`` and ``profile.gone`` have no effect here. Raises ValueError when more residents are wanted for the records than there
    are.
    """
    rng = np.random.default_rng([seed, 20])
    maker = NameMaker()
    residents, places = build_residents(rng, maker, known_villages(villages), people, as_of, even_villages=villages is not None)
    alive = np.flatnonzero(residents.status == ALIVE)
    unknown = round(records * profile.unregistered)
    known = records - unknown
    if known > len(alive):
        raise ValueError(f"{records} records need {known} different residents, but there are {len(alive)}")
    strangers = draw_strangers(rng, maker, residents, places, unknown)
    person = np.concatenate([rng.choice(alive, size=known, replace=False), np.full(unknown, -1, dtype=np.int64)])
    stranger = np.concatenate([np.full(known, -1, dtype=np.int64), np.arange(unknown)])
    order = rng.permutation(records)
    person, stranger = person[order], stranger[order]
    mentions = mention_people(residents, strangers, person, stranger)
    written = _without_card_and_mother(damage(rng, maker, residents, mentions, profile), stranger >= 0)

    texts = NameDamage(maker.lexicon)
    register = _frame(
        places,
        nik=sixteen_digits(residents.nik[alive]),
        kk_number=sixteen_digits(residents.kk_number[residents.family[alive]]),
        name=texts.text(residents.name[alive]),
        birth=residents.birth[alive],
        is_female=residents.is_female[alive],
        mother_name=texts.text(residents.mother_name[alive]),
        house=residents.family_house[residents.family[alive]],
    )
    damaged = _frame(
        places,
        nik=written.nik,
        kk_number=written.kk_number,
        name=written.name,
        birth=written.birth,
        is_female=mentions.is_female,
        mother_name=written.mother_name,
        house=written.house,
    )
    register_row = np.full(len(residents), -1, dtype=np.int64)
    register_row[alive] = np.arange(len(alive))
    truth = pd.DataFrame(
        {
            "register_nik": pd.Series(sixteen_digits(np.where(person >= 0, residents.nik[np.maximum(person, 0)], -1)), dtype=TEXT),
            "register_row": np.where(person >= 0, register_row[np.maximum(person, 0)], -1),
            "cluster_id": pd.Series([f"U{number:07d}" if number >= 0 else None for number in stranger.tolist()], dtype=TEXT),
            "damage": label_lists(written.labels),
        }
    )
    return BenchmarkTruth(damaged, register, truth)


def _without_card_and_mother(written: Written, rows: npt.NDArray[np.bool_]) -> Written:
    """Unregistered people have neither family card nor mother's name in this profile."""
    kk_number, mother_name = written.kk_number.copy(), written.mother_name.copy()
    kk_number[rows] = None
    mother_name[rows] = None
    card_labels = bit("kk_stale") | bit("kk_other") | bit("kk_typo") | bit("mother_damaged")
    labels = np.where(rows, (written.labels & ~card_labels) | bit("kk_missing") | bit("mother_missing"), written.labels)
    return Written(
        nik=written.nik,
        kk_number=kk_number,
        name=written.name,
        mother_name=mother_name,
        birth=written.birth,
        house=written.house,
        labels=labels,
    )


def _frame(
    places: Places,
    *,
    nik: npt.NDArray[np.object_],
    kk_number: npt.NDArray[np.object_],
    name: npt.NDArray[np.object_],
    birth: Index,
    is_female: npt.NDArray[np.bool_],
    mother_name: npt.NDArray[np.object_],
    house: Index,
) -> pd.DataFrame:
    rt = places.house_rt[house]
    numbers = np.array([f"{number:03d}" for number in range(int(max(places.rt_number.max(), places.rt_rw.max())) + 1)], dtype=object)
    codes = places.villages["area_code"].to_numpy(dtype=object)
    hamlets = np.array(places.hamlet_names, dtype=object)
    columns = {
        "nik": nik,
        "kk_number": kk_number,
        "name": name,
        "birth_date": as_dates(birth),
        "sex": np.where(is_female, "P", "L").astype(object),
        "mother_name": mother_name,
        "area_code": codes[places.rt_village[rt]],
        "hamlet": hamlets[places.rt_hamlet[rt]],
        "rt": numbers[places.rt_number[rt]],
        "rw": numbers[places.rt_rw[rt]],
    }
    return pd.DataFrame({column: values if column == "birth_date" else pd.Series(values, dtype=TEXT) for column, values in columns.items()})
