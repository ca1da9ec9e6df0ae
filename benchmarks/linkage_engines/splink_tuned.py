"""Splink 5 on DuckDB, tuned by somebody who knows the damage, behind an exact-identifier tier: the peer to beat.

Names, places and numbers are standardised with Padan's own ``matching.standardise`` (with its sound keys), outside SQL, since that is the
best there is for these names. Records whose NIK names one resident with a similar name are settled by a join. All others go through levels
made for each kind of damage, ten blocking rules, and EM blocked where true pairs are many (family card with birth date or name).
An equal NIK under quite another name is a level of its own whose weight is held at nothing: it is mostly a relative's number.
"""

from __future__ import annotations

from pathlib import Path

import duckdb
import pandas as pd
import splink.comparison_level_library as cll
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

from benchmarks.linkage_engines.measured import Linked, run
from benchmarks.linkage_engines.splink_documented import best_of_each
from matching.standardise import sound_keys, standardise_hamlets, standardise_identifiers, standardise_names, standardise_numbers

THREADS = 2
SIMILAR_NAME = (
    "(l.name = r.name OR l.name_sound = r.name_sound OR l.name_sorted = r.name_sorted OR jaro_winkler_similarity(l.name, r.name) >= 0.85)"
)


def _names(column: str) -> list[object]:
    """Levels of a name: equal, same sound, reordered, one edit, prefix, Jaro-Winkler, a word in common."""
    one, other = f"{column}_l", f"{column}_r"
    return [
        cll.NullLevel(column),
        cll.ExactMatchLevel(column, term_frequency_adjustments=True),
        cll.CustomLevel(f"{column}_sound_l = {column}_sound_r", "same sound").configure(
            tf_adjustment_column=column, tf_adjustment_weight=0.5
        ),
        cll.CustomLevel(f"{column}_sorted_l = {column}_sorted_r", "reordered"),
        cll.CustomLevel(f"damerau_levenshtein({one}, {other}) <= 1 AND least(length({one}), length({other})) >= 7", "one edit"),
        cll.CustomLevel(f"starts_with({one}, {other} || ' ') OR starts_with({other}, {one} || ' ')", "prefix"),
        cll.JaroWinklerLevel(column, 0.92),
        cll.CustomLevel(f"damerau_levenshtein({one}, {other}) <= 1", "one edit, short"),
        cll.JaroWinklerLevel(column, 0.85),
        cll.CustomLevel(f"list_has_any({column}_words_l, {column}_words_r)", "a word in common"),
        cll.ElseLevel(),
    ]


BIRTH_DATE = [
    cll.NullLevel("birth_date"),
    cll.ExactMatchLevel("birth_date"),
    cll.CustomLevel("birth_year_l = birth_year_r AND birth_month_l = birth_day_r AND birth_day_l = birth_month_r", "day and month swapped"),
    cll.CustomLevel("birth_year_l = birth_year_r AND placeholder_l", "1 January or 1 July of the year"),
    cll.CustomLevel(
        "birth_month_l = birth_month_r AND birth_day_l = birth_day_r AND abs(birth_year_l - birth_year_r) IN (1, 2, 10)", "year off"
    ),
    cll.CustomLevel(
        "(birth_year_l = birth_year_r)::INT + (birth_month_l = birth_month_r)::INT + (birth_day_l = birth_day_r)::INT = 2", "two of three"
    ),
    cll.CustomLevel("birth_year_l = birth_year_r", "year"),
    cll.ElseLevel(),
]
NIK = [
    cll.NullLevel("nik"),
    cll.CustomLevel(
        "nik_l = nik_r AND (name_sound_l = name_sound_r OR jaro_winkler_similarity(name_l, name_r) >= 0.8)", "equal, name alike"
    ),
    cll.CustomLevel("nik_l = nik_r", "equal, another name").configure(
        m_probability=0.01, u_probability=0.01, fix_m_probability=True, fix_u_probability=True
    ),
    cll.CustomLevel("nik15_l = nik15_r AND (ends_with(nik_l, '0') OR ends_with(nik_r, '0'))", "15 digits and a 0"),
    cll.CustomLevel("right(nik_l, 4) = right(nik_r, 4) AND damerau_levenshtein(nik_l, nik_r) <= 1", "one edit, same serial"),
    cll.CustomLevel("damerau_levenshtein(nik_l, nik_r) <= 1", "one edit"),
    cll.ElseLevel(),
]
PLACE = [
    cll.NullLevel("area_code"),
    cll.CustomLevel("area_code_l = area_code_r AND hamlet_l = hamlet_r AND rt_l = rt_r AND rw_l = rw_r", "RT"),
    cll.CustomLevel("area_code_l = area_code_r AND hamlet_l = hamlet_r", "hamlet"),
    cll.CustomLevel("area_code_l = area_code_r AND rt_l = rt_r AND rw_l = rw_r", "RT and RW"),
    cll.ExactMatchLevel("area_code"),
    cll.CustomLevel("left(area_code_l, 8) = left(area_code_r, 8)", "kecamatan"),
    cll.ElseLevel(),
]
SETTINGS = SettingsCreator(
    link_type="link_only",
    unique_id_column_name="unique_id",
    comparisons=[
        cl.CustomComparison(_names("name"), output_column_name="name"),
        cl.CustomComparison(_names("mother_name"), output_column_name="mother_name"),
        cl.CustomComparison(BIRTH_DATE, output_column_name="birth_date"),
        cl.CustomComparison(NIK, output_column_name="nik"),
        cl.DamerauLevenshteinAtThresholds("kk_number", [1, 2]),
        cl.ExactMatch("sex"),
        cl.CustomComparison(PLACE, output_column_name="place"),
    ],
    blocking_rules_to_generate_predictions=[
        block_on("nik15"),
        block_on("nik"),
        block_on("kk_number"),
        block_on("birth_date", "sex", "name_initial"),
        block_on("name_sound", "mother_name_sound"),
        block_on("name_sound", "area_code"),
        block_on("birth_date", "area_code"),
        block_on("area_code", "hamlet", "rt", "name_first"),
        block_on("area_code", "hamlet", "rt", "name_last"),
        block_on("name_sound", "birth_year"),
    ],
    retain_matching_columns=False,
)
DETERMINISTIC = [block_on("nik15", "name_sound"), block_on("kk_number", "name_sound"), block_on("name_sound", "birth_date", "area_code")]
RECALL = 0.85
EM_BLOCKING = [block_on("kk_number", "birth_date"), block_on("kk_number", "name_sound"), block_on("name_sound", "birth_date", "area_code")]
DERIVED = """
    SELECT unique_id, nik, left(nik, 15) AS nik15, kk_number, name, name_sound, left(name_sound, 1) AS name_initial,
        string_split(name, ' ') AS name_words, array_to_string(list_sort(string_split(name, ' ')), ' ') AS name_sorted,
        string_split(name, ' ')[1] AS name_first, string_split(name, ' ')[-1] AS name_last,
        mother_name, mother_name_sound, string_split(mother_name, ' ') AS mother_name_words,
        array_to_string(list_sort(string_split(mother_name, ' ')), ' ') AS mother_name_sorted,
        birth_date, year(birth_date) AS birth_year, month(birth_date) AS birth_month, day(birth_date) AS birth_day,
        day(birth_date) = 1 AND month(birth_date) IN (1, 7) AS placeholder, sex, area_code, hamlet, rt, rw
    FROM
"""
SETTLED = f"""
    CREATE TABLE settled AS SELECT l.unique_id AS left_id, r.unique_id AS right_id
    FROM given_records l JOIN given_register r ON l.nik = r.nik
    WHERE {SIMILAR_NAME}
"""


def standardised(path: Path, identifier: str) -> pd.DataFrame:
    """The file with its names, places and numbers in standard spelling."""
    table = pd.read_parquet(path)
    names = {column: standardise_names(table[column]) for column in ("name", "mother_name")}
    return pd.DataFrame(
        {
            "unique_id": table[identifier],
            "nik": standardise_identifiers(table["nik"], digits=16),
            "kk_number": standardise_identifiers(table["kk_number"], digits=16),
            "name": names["name"],
            "name_sound": sound_keys(names["name"]),
            "mother_name": names["mother_name"],
            "mother_name_sound": sound_keys(names["mother_name"]),
            "birth_date": table["birth_date"],
            "sex": table["sex"],
            "area_code": table["area_code"],
            "hamlet": standardise_hamlets(table["hamlet"]),
            "rt": standardise_numbers(table["rt"]),
            "rw": standardise_numbers(table["rw"]),
        }
    )


def link_files(records: Path, register: Path) -> Linked:
    """The tier, then the best candidate of each other record at p >= 0.5."""
    connection = duckdb.connect()
    connection.execute(f"SET threads = {THREADS}")
    for name, path, identifier in (("records", records, "record_id"), ("register", register, "nik")):
        table = standardised(path, identifier)
        connection.register("given", table)
        connection.execute(f"CREATE TABLE given_{name} AS {DERIVED} given")
        connection.unregister("given")
        del table
    connection.execute(SETTLED)
    connection.execute("CREATE TABLE open_records AS SELECT * FROM given_records WHERE unique_id NOT IN (SELECT left_id FROM settled)")
    database = DuckDBAPI(connection)
    tables = [
        database.register(connection.table("open_records"), dataset_display_name="records"),
        database.register(connection.table("given_register"), dataset_display_name="register"),
    ]
    linker = Linker(tables, SETTINGS, log_level=None)
    linker.training.estimate_probability_two_random_records_match(DETERMINISTIC, recall=RECALL)
    linker.training.estimate_u_using_random_sampling(max_pairs=3e5, seed=1)
    for rule in EM_BLOCKING:
        linker.training.estimate_parameters_using_expectation_maximisation(rule, estimate_without_term_frequencies=True)
    blocked = linker.inference.compute_blocked_pairs_for_predict()
    scored = linker.inference.predict(threshold_match_probability=0.001)
    settled = connection.execute("SELECT left_id, right_id FROM settled").df()
    rest = best_of_each(connection, blocked.physical_name, scored.physical_name)
    return Linked(pd.concat([settled, rest.links], ignore_index=True), rest.pairs + len(settled), {"settled": len(settled)})


if __name__ == "__main__":
    run(link_files)
