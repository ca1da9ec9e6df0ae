"""Row conservation: a row that is dropped, blanked, invented or counted twice is caught, whatever stands between the rows."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from intake_workbooks import (
    AREAS,
    CONTRACTS,
    KEY,
    PKH_HEADER,
    pkh_row,
    pkh_rows,
    rows_accounted,
    sheet_of,
    taken_in,
    write_csv,
    write_ods,
    write_xls,
    write_xlsb,
    write_xlsx,
)

from intake.conservation import prove_conservation
from intake.places import PlaceIndex
from schemas.areas import BANYUWANGI


def without_gates(contract):
    return contract.model_copy(update={"expectations": ()})


def test_a_reader_that_drops_a_row_is_caught(tmp_path, monkeypatch):
    write_xlsx(tmp_path / "dinsos_pkh/2026-09-20/a.xlsx", {"PKH 1": pkh_rows(6)})
    result = taken_in(tmp_path)
    listed = {("dinsos_pkh/2026-09-20", "a.xlsx", "PKH 1"): np.arange(1, 8)}
    dropped = result.records[result.records["row"] != 4]
    line = prove_conservation(listed, dropped, result.quarantine).iloc[0]
    assert (line["missing"], line["holds"]) == (1, False)


@pytest.mark.parametrize("damage", ["dropped", "blanked", "invented"])
def test_a_broken_reader_is_caught_and_its_file_refused(tmp_path, monkeypatch, damage):
    """The reader itself is broken, in the worker: the row never reaches any frame, and only the independent listing knows of it."""
    from intake import file_intake
    from intake.file_intake import IntakeSetup
    from intake.file_job import do_job
    from intake.isolation import Outcome

    write_xlsx(tmp_path / "dinsos_pkh/2026-09-20/a.xlsx", {"PKH 1": pkh_rows(6)})
    honest = file_intake.read_sheets

    def broken(path):
        for sheet in honest(path):
            rows = [sheet.row_texts(row) for row in range(sheet.height)]
            if damage == "dropped":
                rows = rows[:-1]
            elif damage == "blanked":
                rows[3] = []
            else:
                rows.append(pkh_row(99))
            yield sheet_of(rows, name=sheet.name)

    class HerePool:
        """Does the jobs in this process, where the broken reader is."""

        setup = IntakeSetup(CONTRACTS, PlaceIndex(AREAS), BANYUWANGI, KEY)

        workers = 1

        def run(self, job):
            return Outcome(do_job(self.setup, job))

    monkeypatch.setattr(file_intake, "read_sheets", broken)
    result = taken_in(tmp_path, pool=HerePool())
    assert [refusal.code for refusal in result.refused] == ["rows_disagree"]
    assert result.refused[0].facts == {"sheet": "PKH 1", "row": {"dropped": 7, "blanked": 4, "invented": 8}[damage]}
    assert result.records.empty


def test_a_row_with_two_ends_does_not_hold():
    records = pd.DataFrame({"delivery_id": ["d"], "file": ["f"], "sheet": ["s"], "row": [2]})
    quarantine = records.assign(disposition="quarantined")
    line = prove_conservation({("d", "f", "s"): np.array([2])}, records, quarantine).iloc[0]
    assert not line["holds"]


def test_a_disposition_that_nobody_knows_is_an_error():
    frame = pd.DataFrame({"delivery_id": ["d"], "file": ["f"], "sheet": ["s"], "row": [2]})
    with pytest.raises(ValueError, match="vanished"):
        prove_conservation({}, frame.head(0), frame.assign(disposition="vanished"))


WRITERS = {"xlsx": write_xlsx, "xls": write_xls, "ods": write_ods, "xlsb": write_xlsb}
pollution = st.lists(
    st.sampled_from(["row", "row", "row", "blank", "header", "total", "title", "signature", "short", "nameless", "twice", "spaces"]),
    min_size=1,
    max_size=25,
)


@pytest.mark.parametrize("kind", [*WRITERS, "csv"])
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pattern=pollution, above=st.integers(0, 3))
def test_every_row_is_accounted_for_whatever_is_between(tmp_path_factory, kind, pattern, above):
    rows = [[f"JUDUL {n}"] for n in range(above)] + [PKH_HEADER]
    for number, part in enumerate(pattern):
        rows.append(
            {
                "row": pkh_row(number), "blank": [None], "header": PKH_HEADER, "total": [None, "JUMLAH", number], "title": ["KECAMATAN MUNCAR"],
                "signature": [None, None, "Mengetahui,"], "short": [number, "SRI"], "nameless": pkh_row(number, NAMA_PENERIMA=None, NIK_KTP=None),
                "twice": pkh_row(1), "spaces": [" ", "  "],
            }[part]
        )  # fmt: skip
    width = max(len(row) for row in rows)
    rows = [[*row, *[None] * (width - len(row))] for row in rows]
    folder = tmp_path_factory.mktemp("inbox")
    path = folder / f"dinsos_pkh/2026-09-20/a.{kind}"
    write_csv(path, rows) if kind == "csv" else WRITERS[kind](path, {"PKH 1": rows})
    result = taken_in(folder, contract=without_gates(CONTRACTS["dinsos_pkh"]))
    assert result.conservation["holds"].all()
    accounted = rows_accounted(result)
    shown = {number for number, row in enumerate(rows, start=1) if any(value is not None and str(value).strip() for value in row)}
    if not result.refused:
        assert shown <= set(accounted["row"])
        assert not accounted.duplicated().any()
