"""The table of BPS codes: what is wrong with a file is told by line and column, because a wrong entry moves people to another village."""

from pathlib import Path

import pytest

from schemas.areas import load_areas
from schemas.crosswalk import CrosswalkError, load_crosswalk

AREAS = load_areas()
HEADER = "desa_code,desa_code_compact,desa_name,kec_code,kec_name,bps_kec_code,bps_desa_code,bps_desa_name,match\n"
SARONGAN = "35.10.01.2001,3510012001,Sarongan,35.10.01,Pesanggaran,3510010,3510010001,SARONGAN,name_exact\n"
WITHOUT_CODE = "35.10.05.2004,3510052004,Sumbersewu,35.10.05,Muncar,3510050,,,missing\n"


def written(folder: Path, text: str) -> Path:
    path = folder / "crosswalk.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_villages_and_sub_districts_are_translated(tmp_path):
    crosswalk = load_crosswalk(written(tmp_path, "\ufeff" + HEADER + SARONGAN + WITHOUT_CODE), AREAS)
    assert crosswalk.villages == {"3510010001": "35.10.01.2001"}
    assert crosswalk.kecamatan == {"3510010": "35.10.01", "3510050": "35.10.05"}


def test_two_columns_are_enough(tmp_path):
    crosswalk = load_crosswalk(written(tmp_path, "bps_desa_code,desa_code\n3510010001,35.10.01.2001\n"), AREAS)
    assert crosswalk.villages == {"3510010001": "35.10.01.2001"}
    assert crosswalk.kecamatan == {"3510010": "35.10.01"}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param("", "line 1: lacks the column desa_code and bps_desa_code", id="empty"),
        pytest.param("desa_code;bps_desa_code\n", "separated by commas", id="semicolons"),
        pytest.param(HEADER + SARONGAN.replace("35.10.01.2001", "3510012001"), "line 2, column desa_code: 3510012001; right is a dotted", id="no dots"),
        pytest.param(HEADER + SARONGAN.replace("35.10.01.2001", "35.10.01.2999"), "line 2, column desa_code: 35.10.01.2999 is no village", id="not ours"),
        pytest.param(HEADER + SARONGAN.replace("3510010001", "351001001"), "line 2, column bps_desa_code: 351001001; right are 10 digits", id="nine digits"),
        pytest.param(HEADER + SARONGAN.replace(",3510010,", ",3510020,"), "line 2, column bps_kec_code: 3510020; right is 3510010", id="other sub-district"),
        pytest.param(HEADER + SARONGAN.replace(",35.10.01,", ",35.10.02,"), "line 2, column kec_code: 35.10.02; right is 35.10.01", id="wrong parent"),
        pytest.param(HEADER + SARONGAN + SARONGAN, "line 3, column desa_code: 35.10.01.2001 stands in line 2 too", id="village twice"),
        pytest.param(
            HEADER + SARONGAN + SARONGAN.replace("35.10.01.2001", "35.10.01.2002"),
            "line 3, column bps_desa_code: 3510010001 stands for 35.10.01.2001 too",
            id="code twice",
        ),
        pytest.param(HEADER + WITHOUT_CODE, "not one village has a bps_desa_code", id="no code at all"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_line_and_column(tmp_path, text, told):
    with pytest.raises(CrosswalkError) as caught:
        load_crosswalk(written(tmp_path, text), AREAS)
    assert told in str(caught.value)


def test_many_faults_are_told_at_once_but_not_a_thousand(tmp_path):
    with pytest.raises(CrosswalkError) as caught:
        load_crosswalk(written(tmp_path, HEADER + "x,,,,,,,,\n" * 200), AREAS)
    assert len(str(caught.value).splitlines()) == 11
    assert "and 190 more" in str(caught.value)


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(CrosswalkError, match=r"nowhere\.csv: there is no such file"):
        load_crosswalk(tmp_path / "nowhere.csv", AREAS)
