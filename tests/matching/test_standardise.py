"""Standardisation: equal things become equal, different things stay apart, nothing is emptied, nothing crashes."""

import string

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.standardise import (
    full_names_of,
    place_keys,
    sound_key,
    sound_keys,
    standardise_addresses,
    standardise_hamlets,
    standardise_identifiers,
    standardise_names,
    standardise_numbers,
    standardise_places,
)

TEXT = pd.StringDtype("pyarrow")


def one(function, value, **options):
    result = function(pd.Series([value], dtype=TEXT), **options)[0]
    return None if result is pd.NA else result


@pytest.mark.parametrize(
    ("written", "standard"),
    [
        ("H. MOH. ALI", "MUHAMMAD ALI"),
        ("Moch Ali", "MUHAMMAD ALI"),
        ("MOHAMD ALI", "MUHAMMAD ALI"),
        ("M.RIDWAN", "MUHAMMAD RIDWAN"),
        ("ST. AMINAH", "SITI AMINAH"),
        ("HJ. SITI NUR HAYATI BINTI AHMAD", "SITI NUR HAYATI"),
        ("ACHMAD FAUZI", "AHMAD FAUZI"),
        ("SOEPARMAN, S.Pd", "SUPARMAN"),
        ("SUHARTO S.AG", "SUHARTO"),
        ("AMINAH SH", "AMINAH"),
        ("DRS. H. SOEGENG, M.Si", "SUGENG"),
        ("ALM. DJOKO TJAHJONO", "JOKO CAHYONO"),
        ("MOELJONO", "MULYONO"),
        ("HADI (ALM)", "HADI"),
        ("I WAYAN SUDANA", "WAYAN SUDANA"),
        ("NI WY. SARI", "WAYAN SARI"),
        ("Jum'at", "JUMAT"),
        ("  nur   hayati ", "NUR HAYATI"),
        ("A. RAHMAN", "A RAHMAN"),
        ("SUJONO", "SUJONO"),
    ],
)
def test_spellings_of_one_name_meet(written, standard):
    """A title, a degree or an abbreviation kept in one list and not in the other would hide a match."""
    assert one(standardise_names, written) == standard


@pytest.mark.parametrize("title", ["H", "HJ.", "ALM", "P", "M", "S.Pd", "BIN", "SE"])
def test_a_name_is_never_emptied(title):
    """Dropping titles must not leave a person without a name."""
    assert one(standardise_names, title)


@pytest.mark.parametrize("nothing", ["", "   ", "123", "-", None])
def test_what_holds_no_letter_is_missing(nothing):
    """An empty string that counts as equal to another would link strangers."""
    assert one(standardise_names, nothing) is None


@pytest.mark.parametrize(
    "alike",
    [
        ("SOLEH", "SHOLEH", "SOLIH"),
        ("ACHMAD", "AHMAD", "AKHMAD", "AHMAT"),
        ("FATIMAH", "PATIMA"),
        ("ZAINAL", "JAENAL", "DZAINAL"),
        ("SLAMET", "SELAMET"),
        ("MARYAM", "MARIYAM", "MARIAM"),
        ("KHOIRUL", "CHOIRUL", "HOIRUL"),
        ("TAUFIQ", "TAUFIK", "TOPIK"),
        ("SUPRIYANTO", "SUPRIANTO"),
        ("SAIFUL", "SYAIFUL", "SAEFUL"),
    ],
    ids=lambda words: words[0],
)
def test_names_said_alike_share_a_sound(alike):
    """Spelling by ear is the commonest difference between two lists."""
    assert len({sound_key(word) for word in alike}) == 1


@pytest.mark.parametrize("pair", [("SUSI", "SUSIATI"), ("ROHMAN", "ROHIM"), ("BUDI", "BUDIN"), ("SITI", "SRI")])
def test_different_names_keep_different_sounds(pair):
    """A key that is too coarse makes namesakes of strangers."""
    assert sound_key(pair[0]) != sound_key(pair[1])


def test_joined_and_split_words_are_said_alike():
    """NUR HAYATI and NURHAYATI are one woman."""
    assert one(sound_keys, "NUR HAYATI") == one(sound_keys, "NURHAYATI")


def test_nicknames_are_data():
    """Officers extend the list without touching code."""
    assert "SETIAWAN" in full_names_of("WAWAN")
    assert full_names_of("ZZZ") == frozenset()


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("3510016505800001", "3510016505800001"),
        ("'3510016505800001", "3510016505800001"),
        ("351001 650580 0001", "3510016505800001"),
        ("351O016505800001", "3510016505800001"),
        ("3510016505800001.0", "3510016505800001"),
        ("3.51E+15", None),
        ("0000000000000000", None),
        ("9999999999999999", None),
        ("3510010000000000", None),
        ("1234567890123456", None),
        ("351001650580000", None),
        ("", None),
    ],
)
def test_identifiers(written, expected):
    """A filler that counts as a number makes thousands of people one."""
    assert one(standardise_identifiers, written, digits=16) == expected


def test_addresses_are_taken_apart():
    """RT and RW stand in every place and style."""
    frame = standardise_addresses(
        pd.Series(["DUSUN KRAJAN RT 003 RW 01 JL. MAWAR NO. 12", "Jl Mawar 12 RT/RW 3/1", "Krajan", None], dtype=TEXT)
    )
    assert frame.iloc[0].to_dict() == {"hamlet": "KRAJAN", "street": "MAWAR", "number": "12", "rt": "3", "rw": "1"}
    assert frame.iloc[1][["street", "number", "rt", "rw"]].tolist() == ["MAWAR", "12", "3", "1"]
    assert frame.iloc[2:].isna().all(axis=None)


def test_hamlets_numbers_and_places():
    """A street is no hamlet; 003 is 3; Kalibaru Kulon is Kalibarukulon."""
    assert standardise_hamlets(pd.Series(["Dsn. Krajan", "Krajan", "JL MAWAR"], dtype=TEXT)).fillna("").tolist() == ["KRAJAN", "KRAJAN", ""]
    assert standardise_numbers(pd.Series(["003", "3", "0"], dtype=TEXT)).fillna("").tolist() == ["3", "3", ""]
    assert one(place_keys, "Kalibaru Kulon") == one(place_keys, "KALIBARUKULON")
    assert one(standardise_places, "Desa Pengantigan") == "PENGANTIGAN"


def test_the_index_and_the_name_of_the_column_stay():
    """A result that is aligned by position in one place and by index in another mixes up people."""
    values = pd.Series(["b", "a"], index=[7, 3], name="name", dtype=TEXT)
    for function in (standardise_names, standardise_places, standardise_numbers, standardise_hamlets, sound_keys, standardise_identifiers):
        result = function(values)
        assert list(result.index) == [7, 3]
        assert result.name == "name"


anything = st.lists(st.one_of(st.none(), st.text(max_size=40)), max_size=12)
names = st.lists(st.text(alphabet=string.ascii_letters + " .'-,", max_size=30), max_size=12)


@given(anything)
def test_nothing_crashes_and_lengths_stay(values):
    """Strangers send anything; one odd cell must not stop a delivery."""
    series = pd.Series(values, dtype=TEXT)
    for function in (
        standardise_names,
        standardise_places,
        standardise_identifiers,
        standardise_numbers,
        standardise_hamlets,
        sound_keys,
        place_keys,
    ):
        assert len(function(series)) == len(series)
    assert len(standardise_addresses(series)) == len(series)


@given(names)
def test_standardising_twice_changes_nothing_more_than_letters(values):
    """The result is upper-case words with single spaces."""
    for name in standardise_names(pd.Series(values, dtype=TEXT)).dropna():
        assert name == " ".join(name.split()).upper()
        assert name


@given(st.lists(st.text(alphabet=string.ascii_uppercase, min_size=1, max_size=12), min_size=1, max_size=10))
def test_sounds_do_not_depend_on_the_other_words(words):
    """A kernel over many words must give what it gives for one."""
    together = sound_keys(pd.Series(words, dtype=TEXT))
    assert [sound_key(word) for word in words] == together.tolist()


@given(st.integers(min_value=0, max_value=10**16 - 1))
def test_numbers_and_texts_agree_on_fillers(number):
    """Matching reads identifiers as numbers, intake as text: both must call the same ones fillers."""
    import pyarrow as pa

    from matching.standardise.identifiers import identifier_digits, identifier_numbers

    text = pa.array([f"{number:016d}"])
    as_number = int(identifier_numbers(text, 16)[0][0])
    as_text = identifier_digits(text, 16)[0].as_py()
    assert (as_number == -1) == (as_text == "")
