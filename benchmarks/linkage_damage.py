"""How much damage the simulated records have: as the benchmark profile says, half, twice, or of a kind that the engine was not told of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from simulation.damage_profile import BENCHMARK, DamageProfile

DAMAGE: dict[str, Callable[[], DamageProfile]] = {
    "benchmark": lambda: BENCHMARK,
    "half": lambda: BENCHMARK.scaled(0.5),
    "twice": lambda: BENCHMARK.scaled(2.0),
    "untold": lambda: replace(BENCHMARK, name_misheard=0.1),
}
DAMAGE_TITLES = {
    "benchmark": "Damage of the benchmark profile",
    "half": "Half the damage",
    "twice": "Twice the damage",
    "untold": "A damage that the engine was not told of: vowels as heard over the telephone in every tenth name",
}
