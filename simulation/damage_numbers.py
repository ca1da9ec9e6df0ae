"""What happens to identity numbers and family card numbers on their way into a spreadsheet."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from simulation.damage_profile import DamageProfile
from simulation.mentions import Mentions, bit
from simulation.residents import Residents

Index = npt.NDArray[np.int64]
Texts = npt.NDArray[np.object_]
Floats = npt.NDArray[np.float64]


def sixteen_digits(numbers: Index) -> Texts:
    """Numbers as text, None for -1."""
    texts = numbers.astype(np.str_).astype(object)
    texts[numbers < 0] = None
    return texts


def written_nik(
    rng: np.random.Generator, residents: Residents, mentions: Mentions, profile: DamageProfile, carelessness: Floats
) -> tuple[Texts, Index]:
    """Identity numbers as text, None where missing, and the bits of what went wrong."""
    kinds = ("nik_missing", "nik_typo", "nik_zeroed", "nik_other", "nik_scientific")
    kind = _one_of(rng, [getattr(profile, name) for name in kinds], carelessness)
    numbers = mentions.nik.copy()
    # A number that ends in 0 can't be seen to have lost its last digit.
    unseen = (kind == 2) & (numbers % 10 == 0)
    kind[unseen] = len(kinds)
    others = np.flatnonzero(kind == 3)
    numbers[others] = _relatives_number(rng, residents, mentions, others)
    numbers[kind == 2] -= numbers[kind == 2] % 10
    without = (mentions.nik < 0) & (kind != 3)
    texts = sixteen_digits(np.where(without, -1, numbers))
    mistyped = np.flatnonzero((kind == 1) & ~without)
    texts[mistyped] = mistyped_digits(rng, numbers[mistyped])
    scientific = np.flatnonzero((kind == 4) & ~without)
    texts[scientific] = [f"{number / 1e15:.5f}E+15".replace(".", ",") for number in numbers[scientific]]
    texts[kind == 0] = None
    labels = np.zeros(len(mentions), dtype=np.int64)
    for number, name in enumerate(kinds):
        labels[(kind == number) & (~without | (number == 0))] |= bit(name)
    return texts, labels


def written_kk_number(
    rng: np.random.Generator, residents: Residents, mentions: Mentions, profile: DamageProfile, carelessness: Floats
) -> tuple[Texts, Index]:
    """Family card numbers as text, None where missing, and the bits of what went wrong."""
    # A card out of date is out of date for all who stand on it: one draw per family.
    stale = (rng.random(residents.families) < profile.kk_stale)[mentions.family] & (mentions.stranger < 0)
    rest = 1.0 - profile.kk_stale
    kinds = ("kk_missing", "kk_other", "kk_typo")
    kind = _one_of(rng, [getattr(profile, name) / max(rest, 1e-9) for name in kinds], carelessness)
    kind[stale] = len(kinds)
    numbers = np.where(stale, residents.former_kk_number[mentions.family], mentions.kk_number)
    others = np.flatnonzero(kind == 1)
    neighbour = (mentions.family[others] + rng.integers(1, 30, len(others))) % residents.families
    numbers[others] = residents.kk_number[neighbour]
    texts = sixteen_digits(numbers)
    mistyped = np.flatnonzero(kind == 2)
    texts[mistyped] = mistyped_digits(rng, numbers[mistyped])
    texts[kind == 0] = None
    labels = np.where(stale, bit("kk_stale"), np.int64(0))
    for number, name in enumerate(kinds):
        labels[kind == number] |= bit(name)
    return texts, labels


def mistyped_digits(rng: np.random.Generator, numbers: Index) -> Texts:
    """Sixteen digits with one replaced, two swapped, one lost or one doubled."""
    count = len(numbers)
    digits = numbers.astype("S17").view(np.uint8).reshape(count, 17).copy()
    rows = np.arange(count)
    position = rng.integers(0, 16, count)
    kind = np.searchsorted(np.array([0.5, 0.8, 0.9]), rng.random(count), side="right")
    after = np.minimum(position + 1, 15)
    kind = np.where((kind == 1) & (digits[rows, position] == digits[rows, after]), 0, kind)
    replaced = digits.copy()
    replaced[rows, position] = ord("0") + (digits[rows, position] - ord("0") + rng.integers(1, 10, count)) % 10
    swapped = digits.copy()
    swapped[rows, position], swapped[rows, after] = digits[rows, after], digits[rows, position]
    column, here = np.arange(17)[None, :], position[:, None]
    lost = np.where(column >= here, np.concatenate([digits[:, 1:], np.zeros((count, 1), dtype=np.uint8)], axis=1), digits)
    doubled = np.where(column > here, np.concatenate([digits[:, :1], digits[:, :-1]], axis=1), digits)
    result = np.ascontiguousarray(
        np.select([kind[:, None] == 0, kind[:, None] == 1, kind[:, None] == 2], [replaced, swapped, lost], doubled)
    )
    texts: Texts = result.view("S17").reshape(count).astype(np.str_).astype(object)
    return texts


def _relatives_number(rng: np.random.Generator, residents: Residents, mentions: Mentions, rows: Index) -> Index:
    """Somebody else's number: in three of four cases that of another member of the family, else of a stranger in the register."""
    family = mentions.family[rows]
    size = residents.family_size[family]
    own = np.where(mentions.person[rows] >= 0, mentions.person[rows] - residents.family_start[family], -1)
    step = 1 + np.floor(rng.random(len(rows)) * np.maximum(size - 1, 1)).astype(np.int64)
    relative = residents.family_start[family] + (own + step) % size
    anybody = rng.integers(0, len(residents), len(rows))
    anybody = np.where(anybody == mentions.person[rows], (anybody + 1) % len(residents), anybody)
    use_relative = (size > 1) & (rng.random(len(rows)) < 0.75)
    result: Index = residents.nik[np.where(use_relative, relative, anybody)]
    return result


def _one_of(rng: np.random.Generator, rates: list[float], first_factor: Floats) -> Index:
    """For each row the number of one mistake, or the count of mistakes for none; the first rate is multiplied row by row."""
    draw = rng.random(len(first_factor))
    first = np.minimum(rates[0] * first_factor, 1 - sum(rates[1:]))
    others = np.searchsorted(np.cumsum(rates[1:]), draw - first, side="right") + 1
    drawn: Index = np.where(draw < first, 0, others)
    return drawn
