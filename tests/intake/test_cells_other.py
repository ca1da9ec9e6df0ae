"""Numbers, codes, yes and no, RT and RW, telephones, periods, free text: what is not sure is missing with a code, never a default."""

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.addresses import split_address
from intake.cells.codes import CodeReader, parse_codes
from intake.cells.employee_numbers import read_employee_number
from intake.cells.neighbourhoods import read_rt_rw, read_unit
from intake.cells.numbers import read_decimal, read_whole_number
from intake.cells.parsed import Repaired
from intake.cells.periods import read_month, read_period
from intake.cells.phones import read_phone
from intake.cells.texts import parse_texts, read_name, read_text
from intake.free_addresses import read_free_address
from schemas.code_lists import code_list
from schemas.contracts import ColumnContract


@pytest.mark.parametrize(
    ("written", "number"),
    [("600000", 600000), ("600000.0", 600000), ("Rp 600.000", 600000), ("Rp1.250.000,00", 1250000), ("1,250,000", 1250000), ("450.000", 450000),
     ("Rp. 600.000,-", 600000), ("2 ekor", 2), ("3 orang", 3), ("600 rb", 600000), ("Rp 1,5 juta", 1500000), ("2 jt", 2000000)],
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


@pytest.mark.parametrize(
    ("name", "written", "value", "rule"),
    [
        ("relation", "KEPALA KELUARAG", "KEPALA KELUARGA", "spelling"), ("religion", "KRISTENN", "KRISTEN", "spelling"),
        ("occupation", "MENGURUS RUMAH TANGG", "MENGURUS RUMAH TANGGA", "end_cut_off"),
        ("education", "TIDAK/BELUM SEKO", "TIDAK/BELUM SEKOLAH", "end_cut_off"),
    ],
)  # fmt: skip
def test_a_slip_in_a_label_is_mended_where_one_answer_comes_near(name, written, value, rule):
    assert reader(name).read(written) == (value, None, rule)


@pytest.mark.parametrize(
    ("name", "written"),
    [
        pytest.param("education", "SLTB/SEDERAJAT", id="between SLTP and SLTA"),
        pytest.param("occupation", "ANGGOTA DP", id="begins three offices"),
        pytest.param("occupation", "ANGGOTA", id="too short to tell"),
        pytest.param("sex", "LAKU", id="a short word may be anything"),
    ],
)  # fmt: skip
def test_a_slip_between_two_answers_is_refused(name, written):
    assert reader(name).read(written) == (None, "unknown_code", None)


def test_a_list_whose_answer_is_two_of_ours_is_not_guessed():
    # Question 409 of Regsosek has 8 relations: its 3 is ANAK where the register's 3 is ISTRI, and its 2 may be husband or wife.
    relation = reader("relation", code_list="regsosek_409")
    assert relation.read("3").value == "ANAK"
    assert relation.read("8").value == "LAINNYA"
    assert relation.read("2") == (None, "ambiguous_code", None)
    assert relation.read("Istri/suami").error == "ambiguous_code"
    assert relation.read("ISTRI").value == "ISTRI"
    assert relation.read("11").error == "unknown_code"


def test_a_list_that_has_nothing_in_common_is_a_fault_of_the_contract():
    with pytest.raises(ValueError, match="is not in the list relation"):
        reader("relation", code_list="religion")


def occupations(*cells):
    return parse_codes(pa.array(cells, pa.large_string()), "occupation", ColumnContract(aliases=("x",)))


def test_a_column_of_the_village_list_makes_nobody_an_official():
    # The office said nothing of its list, but three members of high state institutions and not one 99 say it is that of 89.
    column = occupations("9", "89", "89", "89.0", None)
    assert column.values.to_pylist() == ["PETANI/PEKEBUN", None, None, None, None]
    assert column.errors.to_pylist() == [None, *["code_of_village_list"] * 3, None]
    assert occupations("9", "89", "89", "89", "99").values.to_pylist()[1] == "ANGGOTA LEMBAGA TINGGI"


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


@pytest.mark.parametrize("written", ["\ua620", "\u0663", "RT \ua620"], ids=["vai", "arabic", "announced"])
def test_digits_of_other_scripts_are_no_unit(written):
    r"""`\d` matches them, and a neighbourhood of three such signs equals no other."""
    assert read_unit(written) == Repaired(None, "unreadable_unit")
    assert split_address(written).rt is None
    assert read_free_address(f"RT {written} RW 02").rt is None


@pytest.mark.parametrize("written", ["003/002", "3/2", "RT 03 / RW 02", "RT.003 RW.002", "3-2", "003 002", "RT 3, RW 2"])
def test_rt_and_rw_in_one_cell(written):
    both = read_rt_rw(written)
    assert (both.rt.value, both.rw.value) == ("003", "002")


@pytest.mark.parametrize("written", ["081234567890", "+62 812-3456-7890", "6281234567890", "81234567890", "(0812) 3456 7890"])
def test_one_telephone_in_many_writings(written):
    assert read_phone(written).value == "081234567890"


@pytest.mark.parametrize(
    "written",
    ["HP. 0812-3456-7890", "0062 812 3456 7890", "+62 (0) 812 3456 7890", "0812 3456 7890 / 0857 1111 2222", "81234567890.0", "\u202d081234567890\u202c"],
)  # fmt: skip
def test_writings_that_surround_a_telephone(written):
    outcome = read_phone(written)
    assert outcome.value == "081234567890"
    assert outcome.rule is not None, "a repair is recorded"


@pytest.mark.parametrize("written", ["12345", "NIK", "0812345678901234567", "+1 202 555 0100", "8,12E+10", "00441234567890"])
def test_what_is_no_telephone(written):
    assert read_phone(written).value is None
    assert read_phone(written).error is not None


@given(st.text(max_size=25))
def test_any_text_is_a_telephone_or_has_a_reason(text):
    outcome = read_phone(text)
    if outcome.value is not None:
        assert outcome.value.isdigit()
        assert read_phone(outcome.value) == (outcome.value, None, None), "a clean number stays as it is"


@pytest.mark.parametrize(
    "written", ["198001172005012003", "19800117 200501 2 003", "NIP. 19800117.200501.2.003", "'198001172005012003", "19800117 2OO501 2 003"]
)
def test_a_civil_servants_number_in_many_writings(written):
    assert read_employee_number(written).value == "198001172005012003"


@pytest.mark.parametrize(
    ("written", "error"),
    [
        pytest.param("198001172005012000", "last_digits_lost", id="a number cell keeps 15 digits"),
        pytest.param("1,98001E+17", "scientific_notation", id="shown as a power"),
        pytest.param("19800117200501200", "length", id="17 digits"),
        pytest.param("198013172005012003", "impossible_number", id="month 13"),
        pytest.param("198001172005013003", "impossible_number", id="sex 3"),
        pytest.param("200001172005012003", "impossible_number", id="appointed at five"),
        pytest.param("3510161708450003", "length", id="a NIK in the wrong column"),
        pytest.param("-", "filler", id="filler"),
    ],
)
def test_what_is_no_civil_servants_number(written, error):
    assert read_employee_number(written) == (None, error, None)


@given(st.text(max_size=25))
def test_any_text_is_a_civil_servants_number_or_has_a_reason(text):
    outcome = read_employee_number(text)
    assert outcome.value is None or (len(outcome.value) == 18 and outcome.value.isdigit() and outcome.error is None)


@pytest.mark.parametrize(
    ("stage", "year", "period"),
    [("3", "2026", "2026-07/2026-09"), ("Tahap 1", "2025", "2025-01/2025-03"), ("IV", "2026.0", "2026-10/2026-12")],
)
def test_a_stage_and_a_year_make_a_period(stage, year, period):
    assert read_period(stage, year).value == period


@pytest.mark.parametrize(
    ("month", "year", "period"),
    [("9", "2026", "2026-09/2026-09"), ("September", "2026", "2026-09/2026-09"), ("12.0", "2025", "2025-12/2025-12"), ("Agustsu", "2026", "2026-08/2026-08")],
)  # fmt: skip
def test_a_month_and_a_year_make_a_period(month, year, period):
    assert read_month(month, year).value == period


def test_a_month_that_is_none_makes_no_period():
    assert read_month("13", "2026").error == "unreadable_period"
    assert read_month(None, "2026") == (None, None, None)


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


@pytest.mark.parametrize(
    "text", ["9" * 5000, "9" * 400, "1" + ".000" * 200, "Rp " + "9" * 5000], ids=["refused by Python", "endless", "thousands", "money"]
)
def test_a_number_of_absurd_length_is_none(text):
    # int() raises beyond 4,300 digits, and 400 digits are an infinite measurement.
    assert read_whole_number(text) == (None, "not_a_number", None)
    assert read_decimal(text) == (None, "not_a_number", None)
