"""A synthetic regency whose truth is known, and the spreadsheets that its offices would write about it.

What belongs here: people with names, families, houses and welfare; the mistakes that offices make when they copy them; the files and the
truth beside them. What does not: anything that reads, repairs or links. This package imports only the official facts in ``schemas.areas``
and ``schemas.code_lists``, so that the damage it does is never the mirror image of the repair under test.

``simulate`` writes a whole inbox; ``benchmark_profile`` returns two frames in memory for measuring the linkage engine.
"""

from simulation.benchmark import BenchmarkTruth, benchmark_profile
from simulation.damage_profile import BENCHMARK, LARGE_LIST, SMALL_LIST, DamageProfile
from simulation.office_profiles import PROFILES
from simulation.whole_simulation import SimulationSummary, simulate

__all__ = [
    "BENCHMARK",
    "LARGE_LIST",
    "PROFILES",
    "SMALL_LIST",
    "BenchmarkTruth",
    "DamageProfile",
    "SimulationSummary",
    "benchmark_profile",
    "simulate",
]
