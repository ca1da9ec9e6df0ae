"""Numbers, codes, yes and no, RT and RW, telephones, periods, free text: what is not sure is missing with a code, never a default."""

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.cells.codes import CodeReader
from intake.cells.neighbourhoods import read_rt_rw, read_unit
from intake.cells.numbers import read_decimal, read_whole_number
from intake.cells.periods import read_period
from intake.cells.phones import read_phone
from intake.cells.texts import parse_texts, read_name, read_text
from schemas.code_lists import code_list
from schemas.contracts import ColumnContract


@pytest.mark.parametrize(
    ("written", "number"),
    [("600000", 600000), ("600000.0", 600000), ("Rp 600.000", 600000), ("Rp1.250.000,00", 1250000), ("1,250,000", 1250000), ("450.000", 450000),
     ("Rp. 600.000,-", 600000), ("2 ekor", 2), ("3 orang", 3)],
)  # fmt: skip
def test_money_and_counts(written, number):
    assert read_whole_number(written).value == number


@pytest.mark.parametrize(
    ("written", "error"), [("1,5", "not_whole"), ("lima", "not_a_number"), ("3510161708450003", "too_large"), ("-", "filler")]
)
def test_what_is_no_whole_number(written, error):
    assert read_whole_number(written).error == error


@pytest.mark.parametrize(
    ("written", "number"), [("36,5", 36.5), ("36.5", 36.5), ("36 m2", 36), ("36,5 m²", 36.5), ("1.250,5", 1250.5), ("0", 0)]
)
def test_measurements(written, number):
    assert read_decimal(written).value == number


@given(st.integers(0, 10**12))
def test_thousands_in_dots_read_back(number):
    assert read_whole_number(f"Rp {number:,}".replace(",", ".")).value == number


@given(st.text(max_size=20))
def test_any_text_is_a_number_or_has_a_reason(text):
    for read in (read_whole_number, read_decimal):
        outcome = read(text)
        assert outcome.value is None or outcome.error is None


def reader(name, **contract):
    return CodeReader(name, ColumnContract(aliases=("x",), **contract))


@pytest.mark.parametrize(
    ("name", "written", "value"),
    [
        ("sex", "Laki-laki", "L"), ("sex", "LK", "L"), ("sex", "Pr", "P"), ("sex", "2", "P"), ("sex", " perempuan ", "P"),
        ("marital_status", "BK", "BELUM KAWIN"), ("marital_status", "CM", "CERAI MATI"), ("marital_status", "Kawin Tercatat", "KAWIN"),
        ("relation", "Kepala Keluarga", "KEPALA KELUARGA"), ("relation", "01", "KEPALA KELUARGA"), ("relation", "Isteri", "ISTRI"),
        ("relation", "4 - ANAK", "ANAK"), ("religion", "Katolik", "KATHOLIK"), ("education", "SLTA / Sederajat", "SLTA/SEDERAJAT"),
        ("occupation", "89", "ANGGOTA LEMBAGA TINGGI"), ("occupation", "PNS", "PEGAWAI NEGERI SIPIL (PNS)"),
        ("floor", "8", "8"), ("floor", "8.0", "8"), ("floor", "Tanah", "8"), ("house_condition", "Rusak Berat", "ruined"),
        ("poverty_kind", "SANGAT MISKIN", "extreme_poor"), ("component", "Anak Usia Dini", "child"),
    ],
)  # fmt: skip
def test_codes_labels_and_spellings(name, written, value):
    assert reader(name).read(written).value == value


def test_the_village_list_of_89_is_not_the_national_list_of_99():
    # 89 is LAINNYA in village systems and ANGGOTA LEMBAGA TINGGI in the national list: a wrong reading makes everyman an official.
    assert reader("occupation", code_list="occupation_village").read("89").value == "LAINNYA"
    assert reader("occupation").read("99").value == "LAINNYA"


def test_a_contract_outranks_the_official_list():
    assert reader("sex", codes={"1": "P", "0": "L"}).read("1").value == "P"
    assert reader("pregnant", codes={"1": True, "2": False}).read_yes_no("2.0").value is False


def test_an_unknown_answer_is_never_a_default():
    assert reader("religion").read("JEDI") == (None, "unknown_code", None)
    assert reader("relation").read("12") == (None, "unknown_code", None)
    assert reader("works").read_yes_no("kadang") == (None, "unknown_code", None)
    assert reader("occupation").read("1 - PETANI/PEKEBUN").error == "unknown_code", (
        "code and label that contradict each other decide nothing"
    )


def test_texts_that_a_contract_calls_absent_are_no_errors():
    assert reader("religion", absent=("kosongkan",)).read("Kosongkan") == (None, None, None)


@pytest.mark.parametrize(
    ("written", "value"),
    [("ya", True), ("Y", True), ("ADA", True), ("1", True), ("✓", True), ("Tidak", False), ("tdk", False), ("0", False), ("T", False)],
)
def test_yes_and_no(written, value):
    assert reader("works").read_yes_no(written).value is value


@given(st.sampled_from(["relation", "religion", "education", "occupation", "marital_status", "floor", "chronic_illness"]), st.data())
def test_each_official_code_and_label_reads_to_its_value(name, data):
    from schemas.canonical import BY_NAME

    official = code_list(BY_NAME[name].code_list)
    code = data.draw(st.sampled_from(list(official.codes)))
    assert reader(name).read(code).value == official.value_of(code)
    assert reader(name).read(official.codes[code].title()).value == official.value_of(code)


@given(st.text(max_size=20))
def test_any_answer_is_in_the_list_or_has_a_reason(text):
    outcome = reader("relation").read(text)
    assert outcome.value is None or outcome.value in code_list("relation").values


@pytest.mark.parametrize(
    ("written", "value"),
    [("3", "003"), ("003", "003"), ("RT 03", "003"), ("RT.12", "012"), ("3.0", "003"), ("000", None), ("-", None), ("RW 1", "001")],
)
def test_rt_and_rw(written, value):
    assert read_unit(written).value == value


def test_rt_that_is_none_is_said():
    assert read_unit("Dusun Krajan").error == "unreadable_unit"


@pytest.mark.parametrize("written", ["003/002", "3/2", "RT 03 / RW 02", "RT.003 RW.002", "3-2", "003 002", "RT 3, RW 2"])
def test_rt_and_rw_in_one_cell(written):
    both = read_rt_rw(written)
    assert (both.rt.value, both.rw.value) == ("003", "002")


@pytest.mark.parametrize("written", ["081234567890", "+62 812-3456-7890", "6281234567890", "81234567890", "(0812) 3456 7890"])
def test_one_telephone_in_many_writings(written):
    assert read_phone(written).value == "081234567890"


@pytest.mark.parametrize("written", ["12345", "NIK", "0812345678901234", "+1 202 555 0100"])
def test_what_is_no_telephone(written):
    assert read_phone(written).value is None


@pytest.mark.parametrize(
    ("stage", "year", "period"),
    [("3", "2026", "2026-07/2026-09"), ("Tahap 1", "2025", "2025-01/2025-03"), ("IV", "2026.0", "2026-10/2026-12")],
)
def test_a_stage_and_a_year_make_a_period(stage, year, period):
    assert read_period(stage, year).value == period


def test_a_stage_without_a_year_makes_none():
    assert read_period("3", None) == (None, None, None)
    assert read_period("5", "2026").error == "unreadable_period"


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("  SITI   AMINAH ", "SITI AMINAH"),
        ("SITI\u00a0AMINAH", "SITI AMINAH"),
        ("SITI\u200bAMINAH", "SITIAMINAH"),
        ("'SUPARMAN", "SUPARMAN"),
    ],
)
def test_names_are_tidied_and_no_more(written, name):
    assert read_name(written).value == name


@pytest.mark.parametrize(
    ("written", "error"), [("-", "filler"), ("0", "filler"), ("12345", "not_a_name"), ("....", "not_a_name"), ("TIDAK ADA", "filler")]
)
def test_what_is_no_name(written, error):
    assert read_name(written) == (None, error, None)


@given(st.lists(st.one_of(st.none(), st.text(max_size=20)), max_size=20))
def test_the_short_way_for_tidy_texts_gives_what_the_long_way_gives(values):
    values = [value or None for value in values]
    column = parse_texts(pa.array(values, pa.large_string()))
    assert column.values.to_pylist() == [None if value is None else read_text(value).value for value in values]
