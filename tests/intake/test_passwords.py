"""Passwords: Excel's default one is no secret and is opened, any other is a reason of its own; nothing is left lying open."""

import tempfile

import pytest
import xlrd
from biff_files import rc4_encrypted, xor_encrypted
from intake_workbooks import pkh_rows, taken_in, write_ods, write_xls, write_xlsx
from msoffcrypto.format.ooxml import OOXMLFile

from intake.passwords import DEFAULT_PASSWORD, without_password
from intake.readers import read_sheets
from intake.refusals import Refused


def under_password(path, password):
    """A PKH list as Excel stores it under a password, whatever its name says."""
    plain = write_xlsx(path.parent / "plain.xlsx", {"PKH 1": pkh_rows(5)})
    with plain.open("rb") as stream, path.open("wb") as out:
        OOXMLFile(stream).encrypt(password, out)
    plain.unlink()
    return path


def test_excels_default_password_is_opened_and_every_row_accounted_for(tmp_path):
    folder = tmp_path / "dinsos_pkh/2026-09-20"
    folder.mkdir(parents=True)
    under_password(folder / "daftar.xls", DEFAULT_PASSWORD)
    result = taken_in(tmp_path)
    assert not result.refused
    assert result.records["row"].tolist() == [2, 3, 4, 5, 6]
    assert result.conservation[["read", "holds"]].iloc[0].tolist() == [6, True]


def test_another_password_is_a_reason_of_its_own(tmp_path):
    folder = tmp_path / "dinsos_pkh/2026-09-20"
    folder.mkdir(parents=True)
    under_password(folder / "daftar.xlsx", "rahasia")
    (refusal,) = taken_in(tmp_path).refused
    assert refusal.code == "encrypted"


def test_decrypted_content_is_on_no_disk_and_gone_afterwards(tmp_path):
    path = under_password(tmp_path / "a.xlsx", DEFAULT_PASSWORD)
    with without_password(path) as opened:
        assert opened.read_bytes()[:2] == b"PK"
        assert str(opened.readlink()).startswith("/memfd:")
        assert list(tmp_path.iterdir()) == [path]
    assert not opened.exists()


@pytest.mark.parametrize("encrypted", [rc4_encrypted, xor_encrypted])
def test_an_xls_with_excels_default_password_is_opened_in_memory(tmp_path, monkeypatch, encrypted):
    plain = write_xls(tmp_path / "plain.xls", {"PKH 1": pkh_rows(5)}).read_bytes()
    path = tmp_path / "daftar.xls"
    path.write_bytes(encrypted(plain, DEFAULT_PASSWORD))
    with pytest.raises(xlrd.XLRDError, match="encrypted"):
        xlrd.open_workbook(str(path))
    places = []
    honest = tempfile.TemporaryFile
    monkeypatch.setattr(tempfile, "TemporaryFile", lambda: places.append(tempfile.gettempdir()) or honest())
    (sheet,) = read_sheets(path)
    assert sheet.row_texts(1)[2] == pkh_rows(5)[1][2]
    assert sheet.height == 6
    assert places == ["/dev/shm"]


@pytest.mark.parametrize("encrypted", [rc4_encrypted, xor_encrypted])
def test_an_xls_with_another_password_is_refused_for_it(tmp_path, encrypted):
    folder = tmp_path / "dinsos_pkh/2026-09-20"
    folder.mkdir(parents=True)
    plain = write_xls(tmp_path / "plain.xls", {"PKH 1": pkh_rows(5)}).read_bytes()
    (folder / "daftar.xls").write_bytes(encrypted(plain, "rahasia"))
    (refusal,) = taken_in(tmp_path).refused
    assert refusal.code == "encrypted"


@pytest.mark.parametrize("write", [write_xlsx, write_xls, write_ods])
def test_a_file_without_password_is_left_as_it_is(tmp_path, write):
    path = write(tmp_path / "a.file", {"PKH 1": pkh_rows(1)})
    with without_password(path) as same:
        assert same == path


@pytest.mark.parametrize("cut", [600, 2_000, 5_000])
def test_a_cut_encrypted_file_is_refused_or_left_to_the_readers(tmp_path, cut):
    """The library fails in many ways on such a file; none of them may look like a fault of ours."""
    path = under_password(tmp_path / "a.xlsx", DEFAULT_PASSWORD)
    path.write_bytes(path.read_bytes()[:cut])
    reasons = []
    try:
        with without_password(path) as same:
            reasons.append("left" if same == path else "opened")
    except Refused as refused:
        reasons.append(refused.code)
    assert reasons in (["left"], ["encrypted"])
