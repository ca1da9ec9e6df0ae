"""One pool of workers for all sources of a run, closed with it, whether the run goes well or not."""

import dagster as dg
import pytest

from assets.reading import PARSED_FOLDER
from intake.isolation import WorkerPool
from pipelines.definitions import build_defs
from pipelines.settings import Settings

SOURCES = ("call_112", "dinsos_pkh")
KINDS = ("raw", "records", "quarantine", "conservation", "headers")
HEADER = "NO,NAMA_PENERIMA,NIK_KTP,NOKK_DTKS,NMKEC,NMKEL,ALAMAT,TGL_LAHIR,TAHAP,TAHUN,NOMINAL"


@pytest.fixture
def pools(monkeypatch):
    opened = []
    honest = WorkerPool.__enter__

    def entered(self):
        opened.append(self)
        return honest(self)

    monkeypatch.setattr(WorkerPool, "__enter__", entered)
    return opened


def run(tmp_path, inbox):
    definitions = build_defs(Settings(home=tmp_path / "home", inbox=inbox))
    keys = [dg.AssetKey(["deliveries"]), *(dg.AssetKey([kind, source]) for source in SOURCES for kind in KINDS)]
    return definitions.resolve_implicit_global_asset_job_def().execute_in_process(asset_selection=keys, raise_on_error=False)


def test_all_sources_share_one_pool_and_it_is_closed(tmp_path, pools):
    place = tmp_path / "inbox/dinsos_pkh/2026-09-20/a.csv"
    place.parent.mkdir(parents=True)
    place.write_text(HEADER + "\n1,SITI AMINAH,3510054105800001,3510050105200001,MUNCAR,TEMBOKREJO,KRAJAN,01/05/1980,3,2026,750000\n")
    done = run(tmp_path, tmp_path / "inbox")
    assert {event.step_key for event in done.get_step_success_events()} == {"deliveries", *(f"intake_{source}" for source in SOURCES)}
    assert len(pools) == 1, "each source opened workers of its own"
    assert all(worker.requests.closed and worker.wait() == 0 for worker in pools[0]._all), "workers outlive the run"
    assert (tmp_path / "home" / PARSED_FOLDER / "dinsos_pkh").is_dir()
