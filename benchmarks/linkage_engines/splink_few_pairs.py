"""Splink 5 as documented, but with narrow blocking rules: few pairs, so it is quick, and misses more."""

from __future__ import annotations

from splink import block_on

from benchmarks.linkage_engines.measured import run
from benchmarks.linkage_engines.splink_documented import SETTINGS, link_files

SETTINGS.blocking_rules_to_generate_predictions = [
    block_on("nik"),
    block_on("kk_number", "substr(name, 1, 3)"),
    block_on("name", "birth_date"),
    block_on("birth_date", "area_code"),
    block_on("name", "area_code"),
    block_on("name", "mother_name"),
    block_on("kk_number", "birth_date"),
    block_on("birth_date", "sex", "substr(name, 1, 3)"),
]

if __name__ == "__main__":
    run(link_files)
