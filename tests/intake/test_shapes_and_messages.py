"""Shapes and messages: enough to find the fault, never the value."""

import re
import string

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from intake.messages import _MESSAGES, message, message_codes
from intake.quarantine import reason_of
from intake.row_kinds import ROW_KINDS
from intake.shapes import shape_of

REASONS_OF_ROWS = ("no_name_and_no_nik", "required_value_missing", "unknown_code_refused", "too_many_fields", "too_few_fields")


@given(st.text(min_size=1, max_size=30))
def test_a_shape_never_tells_the_value(text):
    assume(sum(character.isalnum() for character in text) >= 4)
    words = set(shape_of(text))
    for shape in words:
        for word in re.findall(r"\w{4,}", text):
            if word.isdigit() or len(word) > 12:
                assert word not in shape


@given(st.from_regex(r"[0-9]{10,20}", fullmatch=True), st.integers(0, 9), st.sampled_from("O l'.-X"))
def test_a_number_is_told_by_its_count_and_the_place_of_the_stranger(digits, place, sign):
    text = digits[:place] + sign + digits[place:]
    shape = shape_of(text)
    assert f"{len(digits)} digits" in shape.en
    assert f"at {place + 1}" in shape.en
    assert digits not in shape.en


def test_empty_and_spaces():
    assert shape_of(None).en == shape_of("").en == "empty"
    assert shape_of("  ").en == "only spaces"


@pytest.mark.parametrize("code", message_codes())
def test_each_message_has_both_languages_with_the_same_facts(code):
    template = _MESSAGES[code]
    assert template.id.strip()
    assert template.en.strip()
    assert template.id != template.en

    def fields(text):
        return {re.sub("_(id|en)$", "", name) for _, name, _, _ in string.Formatter().parse(text) if name}

    assert fields(template.id) == fields(template.en)


def test_every_kind_of_row_and_reason_has_a_message():
    for kind in ROW_KINDS[1:]:
        assert message(kind).id
    for code in REASONS_OF_ROWS:
        assert reason_of(code, "nik", "NIK_KTP", "351016", {"found": 3, "expected": 4}).message.en


def test_a_reason_names_the_column_as_the_office_wrote_it():
    reason = reason_of("required_value_missing", "name", "NAMA_PENERIMA", None, {})
    assert "NAMA_PENERIMA" in reason.message.id
    assert reason.column == "name"
