"""Village names: the sub-district decides between namesakes, a spelling variant is taken only when one village comes near."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from intake_workbooks import AREAS

from intake.addresses import split_address
from intake.places import PlaceIndex, place_key
from intake.title_places import places_in_titles

PLACES = PlaceIndex(AREAS)
VILLAGES = AREAS[AREAS["level"] == "village"].merge(
    AREAS[AREAS["level"] == "kecamatan"][["area_code", "name"]], left_on="parent_code", right_on="area_code", suffixes=("", "_kecamatan")
)


@pytest.mark.parametrize("village", list(VILLAGES.itertuples()), ids=lambda village: village.area_code)
def test_each_village_is_found_by_its_official_names(village: tuple):
    assert PLACES.village_code(village.name.upper(), village.name_kecamatan.upper()).value == village.area_code
    assert PLACES.village_code(f"Desa {village.name}", f"Kec. {village.name_kecamatan}").value == village.area_code
    assert PLACES.village_code(village.area_code.replace(".", ""), None).value == village.area_code


@pytest.mark.parametrize("name", ["Karangrejo", "Watukebo", "Tamansari"])
def test_a_name_that_two_villages_bear_needs_its_sub_district(name):
    assert PLACES.village_code(name, None).error == "ambiguous_village"
    codes = {PLACES.village_code(name, row.name_kecamatan).value for row in VILLAGES[VILLAGES["name"] == name].itertuples()}
    assert len(codes) == 2


def test_a_village_that_shares_its_sub_districts_name_is_still_the_village():
    assert PLACES.village_code("Rogojampi", "Rogojampi").value.startswith("35.10.13.")
    assert PLACES.kecamatan_code("Rogojampi").value == "35.10.13"


@pytest.mark.parametrize(
    ("village", "kecamatan", "code"),
    [
        pytest.param("ALASBULU", "WONGSOREJO", "Alasbuluh", id="h left out"),
        pytest.param("PENGANTIGAN", "ROGOJAMPI", "Pengatigan", id="a village of that very name exists in Banyuwangi"),
        pytest.param("Sukamaju", "Srono", "Sukomaju", id="Javanese o written as a"),
        pytest.param("Kalibaru Kulon", "Kalibaru", "Kalibarukulon", id="two words"),
        pytest.param("Tembok Rejo", "Muncar", "Tembokrejo", id="two words, with a near namesake Tambakrejo beside it"),
    ],
)
def test_spelling_variants_within_the_sub_district(village, kecamatan, code):
    outcome = PLACES.village_code(village, kecamatan)
    expected = VILLAGES[(VILLAGES["name"] == code)]["area_code"].tolist()
    assert outcome.value in expected


@pytest.mark.parametrize(
    ("village", "kecamatan", "error"),
    [
        pytest.param("Tembakrejo", "Muncar", "unknown_village", id="between Tembokrejo and Tambakrejo"),
        pytest.param("Sukaramai", "Srono", "unknown_village", id="no village comes near"),
        pytest.param("Gmiri", "Singojuruh", "unknown_village", id="two slips from Gumirih, and from Kemiri"),
        pytest.param("Sidoagi", "Wongsorejo", "unknown_village", id="two slips from Sidowangi, and from Sidodadi"),
        pytest.param("eTaAsari", "Tegalsari", "unknown_village", id="three slips from Tamansari, and from Tegalsari"),
        pytest.param("Kebalenan", "Muncar", "village_not_in_kecamatan", id="a village of another sub-district"),
        pytest.param("Tembokrejo", "Jember Lor", "unknown_kecamatan", id="unknown sub-district"),
        pytest.param("3510052999", None, "unknown_village_code", id="code that is none"),
    ],
)  # fmt: skip
def test_what_is_not_sure_is_refused(village, kecamatan, error):
    outcome = PLACES.village_code(village, kecamatan)
    assert outcome.value is None
    assert error is None or outcome.error == error


def test_bps_codes_are_never_looked_up_as_ours():
    # Three BPS codes are valid Kemendagri codes of other villages: membership proves nothing.
    assert PLACES.village_code("3510012001", None, codes="bps").error == "bps_code_without_crosswalk"


def test_fillers_are_no_village():
    assert PLACES.village_code("-", "Muncar") == (None, None, None)


@given(st.text(max_size=20), st.one_of(st.none(), st.text(max_size=20)))
def test_any_text_gives_a_village_or_a_reason(village, kecamatan):
    outcome = PLACES.village_code(village, kecamatan)
    assert outcome.value is None or outcome.error is None


@given(st.sampled_from(VILLAGES["name"].tolist()), st.data())
def test_one_wrong_letter_never_gives_another_village_of_the_sub_district(name, data):
    row = VILLAGES[VILLAGES["name"] == name].iloc[0]
    place = data.draw(st.integers(0, len(name) - 1))
    letter = data.draw(st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
    written = name[:place] + letter + name[place + 1 :]
    outcome = PLACES.village_code(written, row["name_kecamatan"])
    siblings = set(VILLAGES.loc[VILLAGES["parent_code"] == row["parent_code"], "name"].map(place_key))
    if place_key(written) not in siblings:
        assert outcome.value in {None, row["area_code"]}


@pytest.mark.parametrize(
    ("titles", "village", "kecamatan"),
    [
        (["PEMERINTAH KABUPATEN BANYUWANGI", "DESA SUMBERSARI KECAMATAN SRONO"], "SUMBERSARI", "SRONO"),
        (["Desa/Kelurahan : Karangrejo, Kec. Banyuwangi, Kab. Banyuwangi"], "KARANGREJO", "BANYUWANGI"),
        (["KECAMATAN MUNCAR TAHUN 2026"], None, "MUNCAR"),
        (["DESA A KECAMATAN X", "DESA B KECAMATAN X"], None, "X"),
        (["REKAP"], None, None),
    ],
)
def test_places_in_titles(titles, village, kecamatan):
    assert places_in_titles(titles) == (village, kecamatan)


@pytest.mark.parametrize(
    ("written", "address", "hamlet", "rt", "rw"),
    [
        ("DUSUN KRAJAN JL. MAWAR RT 003 RW 001", "JL. MAWAR", "KRAJAN", "003", "001"),
        ("Dsn. Sumber Wadung, RT.02/RW.03", None, "Sumber Wadung", "002", "003"),
        ("JL. A. YANI NO. 5 RT 003/002", "JL. A. YANI NO. 5", None, "003", "002"),
        ("LINGK. KARANG BARU GG 3", "GG 3", "KARANG BARU", None, None),
        ("KRAJAN RT/RW 001/002", "KRAJAN", None, "001", "002"),
        ("DSN KRAJAN RW 02 RT 01", None, "KRAJAN", "001", "002"),
        ("JL. LINGKAR SELATAN", "JL. LINGKAR SELATAN", None, None, None),
        ("PERUM ARTHA BLOK A 12", "PERUM ARTHA BLOK A 12", None, None, None),
    ],
)
def test_addresses_give_up_the_parts_that_have_columns(written, address, hamlet, rt, rw):
    assert split_address(written) == (address, hamlet, rt, rw)


@given(st.text(max_size=40))
def test_splitting_any_text_ends_and_invents_no_letter(text):
    parts = split_address(text)
    for part in (parts.address, parts.hamlet):
        assert part is None or set(part) <= set(text) | {" ", ","}


def test_an_index_of_no_areas_knows_nothing():
    assert PlaceIndex(AREAS.head(0)).village_code("Muncar", "Muncar").error == "unknown_kecamatan"
    assert isinstance(AREAS, pd.DataFrame)
