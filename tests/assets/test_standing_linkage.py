"""Where nothing has changed nobody is linked again; whatever decides the links makes them be made anew, and nothing else."""

from collections import Counter

import dagster as dg
import pandas as pd
import pytest

import assets.linkage
import matching
from families import register
from pipelines.definitions import build_defs
from pipelines.settings import Settings
from publishing.review_ledger import LEDGER_COLUMNS
from schemas.canonical import TEXT, empty_frame
from schemas.contracts import load_contracts
from simulation import benchmark_profile

STEPS = ("population", "social_records", "link_model", "links", "review_cases", "unregistered_pairs", "link_report")
WORK = {
    "population_table": register,
    "social_table": register,
    "train": matching,
    "basis_of": matching,
    "link": matching,
    "relink": matching,
}
EVERYTHING = {"population_table": 1, "social_table": 1, "basis_of": 1, "train": 1, "link": 1}


class Home:
    """A home in which all sources have been taken in, and how often each piece of work was done."""

    def __init__(self, folder, done):
        self.folder, self.done, self.decided = folder / "home", done, None
        left, right, _ = benchmark_profile(900, 400, 905)
        place = {"delivery_id": "d", "delivered_on": pd.Timestamp("2026-09-20"), "file": "f", "sheet": "s", "mention": "person"}
        self.records = {name: empty_frame(register.REGISTER_COLUMNS) for name in load_contracts(None)}
        for source, frame in (("dukcapil_population", right), ("dinsos_pkh", left)):
            ids = pd.Series([f"{source}{number:05d}" for number in range(len(frame))], dtype=TEXT)
            said = {"source": source, "record_id": ids, "record_key": ids, "row": range(len(frame)), "lists_person_once": True}
            whole = frame.assign(**place, **said, resident_status="HIDUP", errors=pd.NA, repairs=pd.NA)
            self.records[source] = whole.astype(dict.fromkeys(("resident_status", "errors", "repairs"), TEXT))
        for source in self.records:
            self.store(source)

    def store(self, source):
        folder = self.folder / "frames" / "records"
        folder.mkdir(parents=True, exist_ok=True)
        self.records[source].to_parquet(folder / f"{source}.parquet", index=False)

    def run(self):
        self.done.clear()
        job = build_defs(Settings(home=self.folder)).resolve_implicit_global_asset_job_def()
        result = job.execute_in_process(asset_selection=[dg.AssetKey(name) for name in STEPS])
        assert result.success
        return result

    def frames(self):
        return {path.name: path.read_bytes() for path in sorted((self.folder / "frames").glob("*.*"))}


@pytest.fixture
def home(tmp_path, monkeypatch):
    done = Counter()

    def count(name, module):
        honest = getattr(module, name)

        def counted(*given, **named):
            done[name] += 1
            return honest(*given, **named)

        monkeypatch.setattr(module, name, counted)

    for name, module in WORK.items():
        count(name, module)
    return Home(tmp_path, done)


def told(result):
    """What a run says of its assets and checks."""
    assets_told = [
        (
            event.asset_key.to_user_string(),
            sorted((name, dg.serialize_value(value)) for name, value in event.materialization.metadata.items()),
        )
        for event in result.get_asset_materialization_events()
    ]
    checks = [(check.asset_key.to_user_string(), check.check_name, check.passed) for check in result.get_asset_check_evaluations()]
    return sorted(map(str, assets_told)) + sorted(map(str, checks))


def test_nothing_is_read_trained_or_linked_again_where_nothing_changed(home, monkeypatch):
    """Half a minute of a nightly run at the size of a regency went into finding that out."""
    first = home.run()
    assert home.done == EVERYTHING
    frames = home.frames()
    monkeypatch.setattr("pipelines.io_managers._content", lambda file: pytest.fail(f"{file.name} was read"))
    again = home.run()
    assert home.done == {}
    assert home.frames() == frames
    assert told(again) == told(first)


def a_changed_list(home):
    home.records["dinsos_pkh"] = home.records["dinsos_pkh"].iloc[:-5]
    home.store("dinsos_pkh")
    return {"social_table": 1, "basis_of": 1, "relink": 1}


def a_changed_register(home):
    home.records["dukcapil_population"] = home.records["dukcapil_population"].iloc[:-5]
    home.store("dukcapil_population")
    return {"population_table": 1, "basis_of": 1, "train": 1, "link": 1}


def a_decision(home):
    told = dict.fromkeys(LEDGER_COLUMNS, "x") | {"decision_id": 1, "decision": "unsure", "source": "dinsos_pkh"}
    home.decided = pd.DataFrame([told]).astype(dict.fromkeys(set(LEDGER_COLUMNS) - {"decision_id"}, TEXT))
    return {"relink": 1}


def a_touched_frame(home):
    with (home.folder / "frames" / "links.parquet").open("r+b") as frame:
        frame.write(b"X")
    return {"relink": 1}


def a_lost_model(home):
    (home.folder / "frames" / "link_model.json").unlink()
    return {"basis_of": 1}


@pytest.mark.parametrize(
    "change", [a_changed_list, a_changed_register, a_decision, a_touched_frame, a_lost_model], ids=lambda change: change.__name__
)
def test_what_decides_the_links_makes_them_be_made_anew_and_nothing_else(home, monkeypatch, change):
    """Links that stand although something has changed would be those of another list."""
    home.run()
    expected = change(home)
    if home.decided is not None:
        monkeypatch.setattr(assets.linkage, "ledger", lambda _: home.decided)
    home.run()
    assert home.done == expected


def test_a_run_after_which_something_has_moved_does_not_stand(home, monkeypatch):
    """Its warning would be repeated every night although nothing moves any more."""
    moved = matching.Drift("all", "precision", 0.99, 0.9)
    honest = assets.linkage.linked_since
    monkeypatch.setattr(assets.linkage, "linked_since", lambda *given: (honest(*given)[0], (moved,)))
    home.run()
    monkeypatch.setattr(assets.linkage, "linked_since", honest)
    home.run()
    assert home.done == {"relink": 1}
    home.run()
    assert home.done == {}
