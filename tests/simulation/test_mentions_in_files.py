"""A truth that points at the wrong row condemns a right link: each mention must stand where the truth says, in every office's own shape."""

from __future__ import annotations

import pandas as pd
import pytest

from tests.simulation.conftest import Simulated, read_sheet

# Source, mention: header of the name, header of the NIK.
MENTIONS = {
    ("dinsos_bpnt", "person"): ("NAMA_PENERIMA", "NIK_KTP"),
    ("dinkes_pbi", "person"): ("NAMA", "NIK"),
    ("dispendik_pupils", "person"): (("NAMA SISWA", "NAMA MAHASISWA", "NAMA ANAK", "Nama PD"), "NIK"),
    ("dpu_rtlh", "person"): ("NAMA PEMILIK", "NIK"),
    ("dinsos_rantang_kasih", "person"): ("Nama Lansia", "NIK"),
    ("dpmd_kanggo_riko", "person"): ("NAMA PENERIMA", "NIK"),
    ("call_112", "reported"): ("Nama Terlapor", "NIK Terlapor"),
    ("call_112", "caller"): ("Nama Pelapor", "NIK Pelapor"),
    ("asn_berbagi", "adopted"): ("NAMA KEPALA KELUARGA", "NIK"),
    ("asn_berbagi", "civil_servant"): ("NAMA ASN", "NIK ASN"),
}


def mention_cells(simulated: Simulated, source: str, mention: str) -> pd.DataFrame:
    """Name and NIK as they stand in the file, beside the truth's columns."""
    names, nik_header = MENTIONS[source, mention]
    links = simulated.links[(simulated.links["source"] == source) & (simulated.links["mention"] == mention)]
    parts = []
    for (file, sheet), group in links.groupby(["file", "sheet"]):
        rows = read_sheet(simulated.delivery(source) / str(file), str(sheet))
        header = {str(text): place for number in range(1, 7) for place, text in enumerate(rows.get(number, [])) if text}
        [name] = [header[text] for text in ((names,) if isinstance(names, str) else names) if text in header]
        cells = [rows[row] for row in group["row"]]
        parts.append(group.assign(name=[row[name] for row in cells], nik=[row[header[nik_header]] for row in cells]))
    return pd.concat(parts)


def labelled(damage: pd.Series, *prefixes: str) -> pd.Series:
    """Rows with a mistake whose name begins like one of these."""
    return damage.map(lambda labels: any(label.startswith(prefixes) for label in labels)).astype(bool)


@pytest.mark.parametrize(("source", "mention"), MENTIONS, ids=str)
def test_the_truth_points_at_the_row_of_the_person(crowd: Simulated, source: str, mention: str) -> None:
    cells = mention_cells(crowd, source, mention)
    assert len(cells) == crowd.summary.records[source]
    assert not cells.duplicated(["file", "sheet", "row"]).any()
    people = crowd.people.dropna(subset="register_nik").set_index("register_nik")
    strangers = crowd.people.dropna(subset="cluster_id").set_index("cluster_id")
    true_name = (
        people["name"].reindex(cells["register_nik"]).fillna(strangers["name"].reindex(cells["cluster_id"]).set_axis(cells["register_nik"]))
    )
    clean = ~labelled(cells["damage"], "name", "nick", "tekno")
    assert clean.sum() > 0.2 * len(cells)
    assert (cells.loc[clean, "name"] == true_name.to_numpy()[clean]).all()
    whole = ~labelled(cells["damage"], "nik_", "nameless") & cells["register_nik"].notna()
    assert (cells.loc[whole, "nik"].astype(str).str.strip("'") == cells.loc[whole, "register_nik"]).all()
    missing = labelled(cells["damage"], "nik_missing", "nameless")
    assert cells.loc[missing, "nik"].isin([None, ""]).all()


@pytest.mark.parametrize("source", sorted({source for source, _ in MENTIONS}))
def test_no_record_stands_outside_of_the_truth(crowd: Simulated, source: str) -> None:
    """Rows with a running number, or all rows but the header in lists without one, are the records."""
    links = crowd.links[crowd.links["source"] == source]
    [path] = crowd.delivery(source).iterdir()
    for sheet in links["sheet"].unique():
        rows = read_sheet(path, sheet)
        listed = set(links.loc[links["sheet"] == sheet, "row"])
        by_number = {number for number, row in rows.items() if number > 1 and row and str(row[0]).isdigit()}
        assert listed == (by_number if source != "call_112" else set(rows) - {1})


def test_second_people_are_mentions_of_their_own(crowd: Simulated) -> None:
    mentions = crowd.links.groupby("source")["mention"].unique().map(sorted)
    assert mentions["call_112"] == ["caller", "reported"]
    assert mentions["asn_berbagi"] == ["adopted", "civil_servant"]
    assert all(names == ["person"] for names in mentions.drop(["call_112", "asn_berbagi"]))
    for source in ("call_112", "asn_berbagi"):
        of_row = crowd.links[crowd.links["source"] == source].groupby(["file", "sheet", "row"])["mention"].nunique()
        assert (of_row == 2).all()
