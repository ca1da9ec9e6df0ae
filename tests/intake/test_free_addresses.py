"""A whole address in one cell: each announced part is found in any order, and a name that could be two things is nobody's village."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from intake_workbooks import AREAS

from intake.address_places import columns_of_address, village_of_address
from intake.free_addresses import read_free_address
from intake.places import PlaceIndex

PLACES = PlaceIndex(AREAS)


def understood(text, kecamatan=None):
    parts = read_free_address(text)
    village = village_of_address(parts, PLACES, kecamatan=kecamatan, regency="Banyuwangi")
    return village, columns_of_address(parts, village.value, PLACES, "Banyuwangi")


@pytest.mark.parametrize(
    ("written", "village", "address", "hamlet", "rt", "rw"),
    [
        ("Dsn. Krajan RT 03/RW 02 Ds. Sumberagung Kec. Pesanggaran", "35.10.01.2004", None, "Krajan", "003", "002"),
        ("JL MAWAR NO 12 LINK. KEBALENAN 02/01 KEL. TAMAN BARU", "35.10.16.1017", "JL MAWAR NO 12", "KEBALENAN", "002", "001"),
        ("kec.srono desa.sumbersari dsn.krajan rt.O3 rw.02", "35.10.08.2005", None, "krajan", "003", "002"),
        ("Krajan, Sumberagung, Pesanggaran", "35.10.01.2004", "Krajan", None, None, None),
        (
            "JL. A. YANI NO. 5/7 RT/RW 003/002 KEL.PENGANJURAN KECAMTAN BANYUWANGI KAB. BANYUWANGI",
            *("35.10.16.1004", "JL. A. YANI NO 5/7", None, "003", "002"),
        ),
        ("RT03RW02DS.TAMANSARI KEC LICIN", "35.10.24.2008", None, None, "003", "002"),
        ("Perum Artha Blok A/12, Kel Kebalenan Banyuwangi", "35.10.16.1003", "Perum Artha Blok A/12", None, None, None),
        ("DUSUN SUMBER WADUNG RW II RT 4, DS KALIBARU WETAN", "35.10.11.2003", None, "SUMBER WADUNG", "004", "002"),
        ("Ds. Krajan, Ds. Kedungrejo Kec. Muncar", "35.10.05.2002", None, "Krajan", None, None),
        ("RT 2 RW 1 Krajan Desa Alasbulu Kecamatan Wongsorejo", "35.10.18.2003", "Krajan", None, "002", "001"),
        ("Lingkungan Papring RT 3\u00a0RW 1\nKelurahan Kalipuro, Kec. Kalipuro 68455 Kode Pos 68455", "35.10.21.1001", None, "Papring", "003", "001"),
        ("JL RAYA SRONO KM 3/4", None, "JL RAYA SRONO KM 3/4", None, None, None),
    ],
)  # fmt: skip
def test_parts_are_found_in_any_order(written, village, address, hamlet, rt, rw):
    found, columns = understood(written)
    assert found.value == village
    assert columns == (address, hamlet, rt, rw)


@pytest.mark.parametrize(
    ("written", "kecamatan", "error"),
    [
        pytest.param("Desa Tamansari RT 1 RW 2", None, "ambiguous_village", id="two villages of one name"),
        pytest.param("Ds. Sumbersari RT 1 RW 2", None, "ambiguous_village", id="Ds. alone is Desa or Dusun"),
        pytest.param("Ds. Krajan Kec. Muncar", None, "unknown_village", id="Ds. with a hamlet's name"),
        pytest.param("Desa Kedungrejo", "Srono", "village_not_in_kecamatan", id="the column of its own outranks the address"),
        pytest.param("Desa Kedungrejo Kec. Muncar", "Srono", "village_not_in_kecamatan", id="even where the address says more"),
        pytest.param("Desa Kedungrejo Desa Blambangan Kec. Muncar", None, "ambiguous_village", id="two villages in one address"),
        pytest.param("Desa Ajung Kec. Ajung Kab. Jember", None, "other_regency", id="another regency"),
        pytest.param("JL MERDEKA 5, ROGOJAMPI", None, None, id="a name that is village and sub-district tells neither"),
        pytest.param("Sumbersari RT 3 RW 2", "Srono", None, id="a lone name may be the hamlet"),
    ],
)  # fmt: skip
def test_what_could_be_two_things_is_refused(written, kecamatan, error):
    village, _ = understood(written, kecamatan)
    assert (village.value, village.error) == (None, error)


def test_the_sub_district_of_a_column_settles_namesakes():
    assert understood("Dsn Krajan Desa Tamansari", "Licin")[0].value == "35.10.24.2008"
    assert understood("Dsn Krajan Desa Tamansari", "Tegalsari")[0].value == "35.10.23.2003"


def test_a_name_that_is_not_understood_stays_in_the_address():
    assert understood("Ds. Krajan Kec. Muncar")[1].address == "Krajan"


@given(st.text(max_size=60))
def test_any_text_is_taken_apart_without_inventing_a_letter(text):
    parts = read_free_address(text)
    village, columns = understood(text)
    assert village.value is None or village.error is None
    for unit in (parts.rt, parts.rw):
        assert unit is None or (len(unit) == 3 and unit.isdigit())
    letters = set(unicodedata.normalize("NFKC", text)) | set(" ")
    assert columns.hamlet is None or set(columns.hamlet) <= letters


HOUSES = st.tuples(
    st.sampled_from(AREAS.loc[AREAS["level"] == "village", ["area_code", "name", "parent_code"]].to_numpy().tolist()),
    st.sampled_from(["Krajan", "SUMBER WADUNG", "Tegal Pakis", "PONDOK NONGKO"]),
    st.integers(1, 30),
    st.integers(1, 15),
)
KECAMATAN = AREAS[AREAS["level"] == "kecamatan"].set_index("area_code")["name"]


@given(HOUSES, st.permutations(range(4)), st.sampled_from([" ", ", ", " - "]), st.booleans())
def test_an_address_put_together_in_any_order_reads_back(house, order, between, is_short):
    (code, village, parent), hamlet, rt, rw = house
    words = (
        [f"DSN. {hamlet}", f"RT {rt:02d}/RW {rw:02d}", f"DESA {village.upper()}", f"KEC. {KECAMATAN[parent].upper()}"]
        if is_short
        else [f"Dusun {hamlet}", f"RT.{rt} RW.{rw}", f"Desa/Kelurahan {village}", f"Kecamatan {KECAMATAN[parent]}"]
    )
    village_found, columns = understood(between.join(words[place] for place in order))
    assert village_found.value == code
    assert columns == (None, hamlet, f"{rt:03d}", f"{rw:03d}")
