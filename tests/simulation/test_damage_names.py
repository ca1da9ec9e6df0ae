"""Mistakes in names must be those that people make; a damaged name that nobody could recognise measures nothing."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from simulation.damage_letters import misheard, typed
from simulation.damage_names import KINDS, NameDamage, nickname, old_spelling, split_part
from simulation.names import NAME_WIDTH, NO_TOKEN, Lexicon


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        ("SUPARMAN", "SOEPARMAN"),
        ("JOYO", "DJOJO"),
        ("CAHYONO", "TJAHJONO"),
        ("SYAMSUL", "SJAMSOEL"),
        ("KHOIRUL", "CHOIROEL"),
        ("NYOMAN", "NJOMAN"),
    ],
)
def test_old_spelling_is_that_of_before_1972(part: str, expected: str) -> None:
    assert old_spelling(part) == expected


@pytest.mark.parametrize(("part", "expected"), [("HERMAWAN", "MAWAN"), ("SUGIYONO", "YONO"), ("RUDI", "RUDI"), ("AMI", "AMI")])
def test_nicknames_are_the_end_of_the_name(part: str, expected: str) -> None:
    assert nickname(part) == expected


@pytest.mark.parametrize(("part", "expected"), [("NURHAYATI", "NUR HAYATI"), ("SITI", "SITI")])
def test_long_parts_are_split_where_people_would(part: str, expected: str) -> None:
    assert split_part(part) == expected


@given(
    st.lists(st.text("ABDEHIKLMNORSTUWY .", min_size=2, max_size=30).map(lambda text: f"A{text.strip()}N"), min_size=1, max_size=20),
    st.integers(0, 2**31),
)
def test_a_typing_error_is_one_edit_and_always_an_edit(texts: list[str], seed: int) -> None:
    written = typed(np.random.default_rng(seed), np.array(texts, dtype=object))
    assert len(written) == len(texts)
    assert all(OSA.distance(before, after) == 1 for before, after in zip(texts, written, strict=True))


def test_misheard_vowels_leave_the_consonants() -> None:
    [heard] = misheard(np.random.default_rng(1), np.array(["SITI ROHMUNIE"], dtype=object))
    assert heard != "SITI ROHMUNIE"
    assert [letter for letter in heard if letter not in "AEIOU"] == [letter for letter in "SITI ROHMUNIE" if letter not in "AEIOU"]


def damaged(name: str, *, is_female: bool = False, is_grown: bool = True, count: int = 400) -> dict[str, set[str]]:
    """All forms that come of one name, by kind of mistake (typing errors are made later)."""
    lexicon = Lexicon()
    tokens = np.full((count, NAME_WIDTH), NO_TOKEN, dtype=np.int32)
    parts = lexicon.numbers(name.split())
    tokens[:, : len(parts)] = parts
    father = np.full((count, NAME_WIDTH), NO_TOKEN, dtype=np.int32)
    father[:, 0] = lexicon.numbers(["SUPARDI"])[0]
    names = NameDamage(lexicon)
    flags = np.full(count, is_female), np.full(count, is_grown)
    written, kind = names.damaged(np.random.default_rng(1), tokens, *flags, father, np.ones(count, dtype=bool))
    texts = names.text(written)
    return {KINDS[number]: set(texts[kind == number]) for number in set(kind.tolist())}


def test_a_name_of_two_parts_can_be_damaged_in_every_way() -> None:
    forms = damaged("MUHAMMAD JUNAIDI")
    assert set(forms) == set(KINDS)
    assert forms["name_abbreviated"] == {"MOH. JUNAIDI", "M. JUNAIDI", "MUH. JUNAIDI"}
    assert forms["name_old_spelling"] == {"MOEHAMMAD DJOENAIDI"}
    assert forms["name_joined_or_split"] == {"MUHAMMADJUNAIDI", "MUHAM MAD JUNAIDI"}
    assert forms["name_truncated"] == {"MUHAMMAD"}
    assert forms["name_bin"] == {"MUHAMMAD JUNAIDI BIN SUPARDI"}
    assert {"H. MUHAMMAD JUNAIDI", "MUHAMMAD JUNAIDI S.PD"} <= forms["name_title"]


def test_a_single_name_never_loses_its_only_part_and_children_have_no_titles() -> None:
    forms = damaged("TEMU", is_female=True, is_grown=False)
    assert set(forms) <= {"name_typo", "name_old_spelling", "name_bin"}
    assert forms["name_bin"] == {"TEMU BINTI SUPARDI"}


def test_a_teknonym_names_the_child() -> None:
    lexicon = Lexicon()
    name, child, nobody = (np.full((200, NAME_WIDTH), NO_TOKEN, dtype=np.int32) for _ in range(3))
    name[:, 0] = lexicon.numbers(["SLAMET"])[0]
    child[:, :2] = lexicon.numbers(["MUHAMMAD", "RUDI"])
    names = NameDamage(lexicon)
    written, is_teknonym = names.nicknamed(np.random.default_rng(1), name, np.zeros(200, dtype=bool), child)
    texts = names.text(written)
    assert {"P. RUDI", "PAK RUDI"} <= set(texts[is_teknonym])
    assert set(texts[~is_teknonym]) == {"LAMET"}
    _, without_child = names.nicknamed(np.random.default_rng(1), name, np.zeros(200, dtype=bool), nobody)
    assert not without_child.any()
