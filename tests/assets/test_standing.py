"""A source of which nothing has changed is not taken in again; whatever decides what it gives makes it be taken in anew."""

import re
import shutil
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path

import dagster as dg
import pytest

import assets.standing
import intake
from intake.delivery_store import withdraw
from pipelines.definitions import build_defs
from pipelines.settings import Settings
from schemas.areas import load_areas
from schemas.contracts import BUILT_IN_FOLDER

SOURCES = ("dinsos_pkh", "dinsos_bpnt")
KINDS = ("raw", "records", "quarantine", "conservation", "headers")
HEADER = "NO,NAMA_PENERIMA,NIK_KTP,NOKK_DTKS,NMKEC,NMKEL,ALAMAT,TGL_LAHIR,TAHAP,TAHUN,NOMINAL"
ROW = "1,SITI AMINAH,3510054105800001,3510050105200001,MUNCAR,TEMBOKREJO,KRAJAN,01/05/1980,3,2026,750000"


class Office:
    """A home and an inbox, and how often each source was taken in."""

    def __init__(self, folder: Path, taken: Counter) -> None:
        self.home, self.inbox, self.contracts = folder / "home", folder / "inbox", folder / "contracts"
        self.taken = taken
        self.settings = {}

    def deliver(self, day: str, *lines: str) -> None:
        folder = self.inbox / "dinsos_pkh" / day
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "daftar.csv").write_text("\n".join(lines) + "\n")

    def run(self) -> dg.ExecuteInProcessResult:
        self.taken.clear()
        definitions = build_defs(Settings(home=self.home, inbox=self.inbox, **self.settings))
        keys = [dg.AssetKey(["deliveries"]), *(dg.AssetKey([kind, source]) for source in SOURCES for kind in KINDS)]
        done = definitions.resolve_implicit_global_asset_job_def().execute_in_process(asset_selection=keys)
        assert done.success
        return done

    def frames(self) -> dict[str, bytes]:
        """What the sources gave, byte for byte; not the list of deliveries, which says in which folder they lie."""
        return {path.as_posix(): path.read_bytes() for kind in KINDS for path in sorted((self.home / "frames" / kind).glob("*.parquet"))}


@pytest.fixture(scope="module")
def first_run(tmp_path_factory):
    """A home and an inbox after one run, with what that run gave and took in: made once, since each test begins with it."""
    folder = tmp_path_factory.mktemp("office")
    with pytest.MonkeyPatch.context() as monkeypatch:
        office = counting_office(folder, monkeypatch)
        office.deliver("2026-09-20", HEADER, ROW)
        done = office.run()
        return folder, done, dict(office.taken)


@pytest.fixture
def office(first_run, tmp_path, monkeypatch):
    """A copy of its own of that home and that inbox."""
    folder = tmp_path / "office"
    shutil.copytree(first_run[0], folder)
    return counting_office(folder, monkeypatch)


def counting_office(folder, monkeypatch):
    taken = Counter()
    honest = intake.take_in

    def counted(deliveries, contract, *arguments, **named):
        taken[contract.id] += 1
        return honest(deliveries, contract, *arguments, **named)

    monkeypatch.setattr(intake, "take_in", counted)
    return Office(folder, taken)


def told(done: dg.ExecuteInProcessResult, folder: Path) -> list[str]:
    """What the run says of its assets and checks, its paths as seen from the folder of the office."""
    assets = [
        (event.asset_key.to_user_string(), sorted((name, str(value)) for name, value in event.materialization.metadata.items()))
        for event in done.get_asset_materialization_events()
        if event.asset_key.path[0] in KINDS
    ]
    checks = [
        (
            check.asset_key.to_user_string(),
            check.check_name,
            check.passed,
            check.severity,
            check.description,
            str(sorted(check.metadata.items())),
        )
        for check in done.get_asset_check_evaluations()
    ]
    return [line.replace(str(folder), "") for line in sorted(map(str, assets)) + sorted(map(str, checks))]


def test_nothing_is_taken_in_again_where_nothing_changed(office, first_run):
    """The same words about every asset and check, the same bytes, no file opened."""
    folder, first, taken = first_run
    assert taken == {"dinsos_pkh": 1, "dinsos_bpnt": 1}
    frames = office.frames()
    again = office.run()
    assert office.taken == {}
    assert office.frames() == frames
    assert told(again, office.home.parent) == told(first, folder)


def a_new_delivery(office, monkeypatch):
    office.deliver("2026-09-28", HEADER, ROW.replace("750000", "600000"))


def a_changed_file(office, monkeypatch):
    office.deliver("2026-09-20", HEADER, ROW.replace("SITI", "SITTI"))


def a_changed_contract(office, monkeypatch):
    contract = (BUILT_IN_FOLDER / "dinsos_pkh.yaml").read_text(encoding="utf-8")
    (office.contracts / "sources").mkdir(parents=True)
    less_trusted = re.sub(r"(?m)^trust: \d+", "trust: 11", contract)
    (office.contracts / "sources" / "dinsos_pkh.yaml").write_text(less_trusted, encoding="utf-8")
    office.settings["contracts"] = office.contracts


def a_withdrawn_delivery(office, monkeypatch):
    store = intake.DeliveryStore.of_home(office.home)
    withdraw(store, "dinsos_pkh/2026-09-20", by="tester", at=datetime(2026, 10, 1, tzinfo=UTC), reason=None)
    office.settings["as_of"] = date(2026, 9, 20)


def a_touched_frame(office, monkeypatch):
    with (office.home / "frames" / "records" / "dinsos_pkh.parquet").open("r+b") as frame:
        frame.write(b"X")


def a_lost_frame(office, monkeypatch):
    (office.home / "frames" / "quarantine" / "dinsos_pkh.parquet").unlink()


def a_broken_record(office, monkeypatch):
    (office.home / assets.standing.FOLDER / "dinsos_pkh.json").write_text("{", encoding="utf-8")


def a_day_before_somebody_was_born(office, monkeypatch):
    office.settings["as_of"] = date(1979, 1, 1)


@pytest.mark.parametrize(
    "change",
    [
        a_new_delivery,
        a_changed_file,
        a_changed_contract,
        a_withdrawn_delivery,
        a_touched_frame,
        a_lost_frame,
        a_broken_record,
        a_day_before_somebody_was_born,
    ],
    ids=lambda change: change.__name__,
)
def test_a_changed_source_is_taken_in_anew_and_the_others_stand(office, monkeypatch, change):
    change(office, monkeypatch)
    office.run()
    assert office.taken == {"dinsos_pkh": 1}


def another_program(office, monkeypatch):
    monkeypatch.setattr(assets.standing, "code_fingerprint", lambda *_: "another version")


def another_key(office, monkeypatch):
    (office.home / "hash.key").write_text("0" * 64 + "\n", encoding="ascii")


def another_list_of_areas(office, monkeypatch):
    areas = load_areas()
    areas.loc[areas["name"] == areas["name"].iloc[-1], "name"] += " BARU"
    office.settings["areas"] = office.home.parent / "areas.csv"
    areas.to_csv(office.settings["areas"], index=False)


@pytest.mark.parametrize("change", [another_program, another_key, another_list_of_areas], ids=lambda change: change.__name__)
def test_what_all_sources_share_makes_all_be_taken_in_anew(office, monkeypatch, change):
    change(office, monkeypatch)
    office.run()
    assert office.taken == {"dinsos_pkh": 1, "dinsos_bpnt": 1}


def test_a_later_day_alone_is_no_reason(office):
    """Every new delivery of any office moves the as-of day."""
    office.settings["as_of"] = date(2026, 12, 1)
    office.run()
    assert office.taken == {}
