"""Splink 5 on DuckDB as its documentation advises somebody who starts: library comparisons, a list of blocking rules, EM.

Eight comparisons from the comparison library, term frequencies on names, eight blocking rules, u from random pairs, m by EM on two
blocking rules, the prior from deterministic rules at a stated recall. The blocking rules are as wide as the machine takes; what narrow ones
cost and save shows `splink_few_pairs.py`. Nothing is known of the damage; the identifier is one column more.
"""

from __future__ import annotations

from pathlib import Path

import duckdb
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

from benchmarks.linkage_engines.measured import Linked, run

THREADS = 2
SETTINGS = SettingsCreator(
    link_type="link_only",
    unique_id_column_name="unique_id",
    comparisons=[
        cl.NameComparison("name").configure(term_frequency_adjustments=True),
        cl.NameComparison("mother_name").configure(term_frequency_adjustments=True),
        cl.DateOfBirthComparison("birth_date", input_is_string=False),
        cl.DamerauLevenshteinAtThresholds("nik", [1, 2]),
        cl.DamerauLevenshteinAtThresholds("kk_number", [1, 2]),
        cl.ExactMatch("sex"),
        cl.ExactMatch("area_code").configure(term_frequency_adjustments=True),
        cl.ExactMatch("hamlet_rt_rw"),
    ],
    blocking_rules_to_generate_predictions=[
        block_on("nik"),
        block_on("kk_number"),
        block_on("name", "birth_date"),
        block_on("birth_date", "sex"),
        block_on("name", "area_code"),
        block_on("name", "mother_name"),
        block_on("mother_name", "area_code"),
        block_on("area_code", "hamlet_rt_rw", "substr(name, 1, 1)"),
    ],
)
DETERMINISTIC = [block_on("nik", "name"), block_on("kk_number", "name", "birth_date"), block_on("name", "birth_date", "area_code")]
RECALL = 0.8
EM_BLOCKING = [block_on("birth_date", "substr(name, 1, 3)"), block_on("kk_number", "sex")]
COLUMNS = """
    nik, kk_number, name, CAST(birth_date AS DATE) AS birth_date, sex, mother_name, area_code,
    hamlet || '|' || rt || '|' || rw AS hamlet_rt_rw
"""


def link_files(records: Path, register: Path) -> Linked:
    """The best candidate of each record at p >= 0.5."""
    connection = duckdb.connect()
    connection.execute(f"SET threads = {THREADS}")
    connection.execute(f"CREATE TABLE given_records AS SELECT record_id AS unique_id, {COLUMNS} FROM read_parquet('{records}')")
    connection.execute(f"CREATE TABLE given_register AS SELECT nik AS unique_id, {COLUMNS} FROM read_parquet('{register}')")
    database = DuckDBAPI(connection)
    tables = [database.register(connection.table(f"given_{name}"), dataset_display_name=name) for name in ("records", "register")]
    linker = Linker(tables, SETTINGS, log_level=None)
    linker.training.estimate_probability_two_random_records_match(DETERMINISTIC, recall=RECALL)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    for rule in EM_BLOCKING:
        linker.training.estimate_parameters_using_expectation_maximisation(rule, estimate_without_term_frequencies=True)
    blocked = linker.inference.compute_blocked_pairs_for_predict()
    scored = linker.inference.predict(threshold_match_probability=0.001)
    return best_of_each(connection, blocked.physical_name, scored.physical_name)


def best_of_each(connection: duckdb.DuckDBPyConnection, blocked: str, scored: str) -> Linked:
    """The best candidate of each record at p >= 0.5, ties by the lesser identifier; ``blocked`` and ``scored`` are tables of pairs."""
    pairs = connection.execute(f"SELECT count(*) FROM {blocked}").fetchall()[0][0]
    links = connection.execute(
        f"""
        SELECT record AS left_id, resident AS right_id FROM (
            SELECT CASE WHEN source_dataset_l = 'records' THEN unique_id_l ELSE unique_id_r END AS record,
                   CASE WHEN source_dataset_l = 'records' THEN unique_id_r ELSE unique_id_l END AS resident, match_probability
            FROM {scored}
        ) WHERE match_probability >= 0.5
        QUALIFY row_number() OVER (PARTITION BY record ORDER BY match_probability DESC, resident) = 1
        """
    ).df()
    return Linked(links, int(pairs), {})


if __name__ == "__main__":
    run(link_files)
