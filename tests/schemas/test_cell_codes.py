"""Each code that intake gives to a cell has words in both languages, so that no officer reads `bps_code_not_in_crosswalk`."""

import re
from pathlib import Path

import pytest

from schemas.cell_codes import ERRORS, REMARKS, RULES, WANTED, words_of
from schemas.nik import FAULTS

INTAKE = Path(__file__).parents[2] / "intake"
SOURCE = "\n".join(path.read_text(encoding="utf-8") for path in sorted(INTAKE.rglob("*.py")))
GIVEN_ERRORS = (
    set(re.findall(r'Repaired\(None, "([a-z_]+)"', SOURCE))
    | set(FAULTS) - {"serial_zero"}
    | set(re.findall(r'flagged\(.*"([a-z_]+)"\)', SOURCE))
)
GIVEN_RULES = {
    *re.findall(r'rules\.append\("([a-z_]+)"\)', SOURCE),
    *re.findall(r'^RULE = "([a-z_]+)"', SOURCE, re.MULTILINE),
    *re.findall(r'Repaired\((?!None)[^\n]*?None, "([a-z_]+)"\)', SOURCE),
} - GIVEN_ERRORS
NEVER_SHOWN = {"unknown_month"}
"""Codes of a part of a cell, which becomes the code of the whole."""


@pytest.mark.parametrize("code", sorted(GIVEN_ERRORS - NEVER_SHOWN))
def test_each_error_has_words(code):
    assert code in ERRORS


@pytest.mark.parametrize("rule", sorted(GIVEN_RULES))
def test_each_rule_has_words(rule):
    assert rule in RULES


def test_the_search_finds_what_it_should():
    assert {"unknown_code", "bps_code_not_in_crosswalk", "impossible_day", "birth_date_differs"} <= GIVEN_ERRORS
    assert {"separators_removed", "spelling", "village_name_alone", "decimal_ending_removed", "merged_cell"} <= GIVEN_RULES


def test_each_error_that_costs_a_value_says_what_would_be_right():
    """An officer who reads only what is wrong asks back."""
    assert set(WANTED) == set(ERRORS) - REMARKS


def test_both_languages_differ():
    for words in (*ERRORS.values(), *RULES.values(), *WANTED.values()):
        assert words.id != words.en


def test_joined_rules_are_told_one_by_one_and_unknown_ones_by_their_name():
    assert words_of("decimal_comma+swapped", RULES).en == "decimal comma read; latitude and longitude put in order"
    assert words_of("new_rule", RULES).id == "new rule"
