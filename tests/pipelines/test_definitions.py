"""The code location loads as Dagster's server loads it, and the names on which others rely are there."""

import dagster as dg
import pytest

from pipelines.definitions import build_defs
from pipelines.settings import Settings

SOURCES = [
    "asn_berbagi",
    "call_112",
    "dinkes_pbi",
    "dinsos_bpnt",
    "dinsos_dtsen",
    "dinsos_pkh",
    "dinsos_rantang_kasih",
    "dispendik_pupils",
    "dpmd_kanggo_riko",
    "dpu_rtlh",
    "dukcapil_population",
    "village_survey",
]
GROUPS = {
    "intake": [
        "deliveries",
        *(f"{kind}/{source}" for kind in ("raw", "records", "quarantine", "conservation", "headers") for source in SOURCES),
    ],
    "linkage": ["population", "social_records", "link_model", "links", "review_cases", "unregistered_pairs", "link_report", "persons"],
    "houses": ["areas", "families", "houses", "house_sources", "coordinate_flags"],
    "eligibility": ["family_facts", "deprivations", "aid_received", "programme_eligibility", "targeting_gaps"],
    "publication": ["unified_database"],
    "reports": ["poverty_map", "quality_report", "review_workbooks"],
}


@pytest.fixture(scope="module")
def definitions(tmp_path_factory):
    return build_defs(Settings(home=tmp_path_factory.mktemp("home")))


def assets_of(definitions):
    return {node.key.to_user_string(): node for node in definitions.resolve_asset_graph().asset_nodes}


def test_every_asset_is_there_in_its_group(definitions):
    assets = assets_of(definitions)
    assert {group: sorted(name for name, node in assets.items() if node.group_name == group) for group in GROUPS} == {
        group: sorted(names) for group, names in GROUPS.items()
    }
    assert len(assets) == sum(len(names) for names in GROUPS.values())


def test_every_asset_says_what_it_is_and_whose(definitions):
    for name, node in assets_of(definitions).items():
        assert node.description, name
        assert node.owners, name
        assert node.kinds, name


def test_the_server_finds_the_same_code_location(monkeypatch, tmp_path):
    monkeypatch.setenv("PADAN_HOME", str(tmp_path))
    from dagster._core.workspace.autodiscovery import loadable_targets_from_python_module

    targets = loadable_targets_from_python_module("pipelines.definitions", working_directory=None)
    assert [target.attribute for target in targets] == ["defs"]


def test_job_and_schedule(definitions):
    repository = definitions.get_repository_def()
    assert repository.has_job("unify")
    schedule = repository.get_schedule_def("nightly")
    assert (schedule.cron_schedule, schedule.execution_timezone) == ("0 1 * * *", "Asia/Jakarta")


def test_a_night_counts_ages_from_the_first_of_its_month(definitions):
    from datetime import datetime
    from zoneinfo import ZoneInfo

    context = dg.build_schedule_context(scheduled_execution_time=datetime(2026, 11, 24, 1, 0, tzinfo=ZoneInfo("Asia/Jakarta")))
    request = definitions.get_repository_def().get_schedule_def("nightly").evaluate_tick(context).run_requests[0]
    assert request.run_config["resources"]["workspace"]["config"]["as_of"] == "2026-11-01"


def test_only_what_the_architecture_names_blocks_publication(definitions):
    graph = definitions.resolve_asset_graph()
    blocking = {(key.asset_key.to_user_string(), key.name) for key in graph.asset_check_keys if graph.get(key).blocking}
    assert blocking == {
        *((f"quarantine/{source}", "row_conservation") for source in SOURCES),
        ("population", "population_present"),
        ("unified_database", "audit"),
    }
