"""`padan run`: the whole job in this process, a line per stage, and a summary that an officer can act on."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import dagster as dg
from dagster import DagsterEventType

from assets.workspace import prepare_home
from pipelines.dagster_stores import engines_kept, seldom_synced
from pipelines.exit_code import ExitCode
from pipelines.jobs import JOB_NAME
from pipelines.run_summary import RunSummary, summarise
from pipelines.settings import PROJECT_ROOT, Settings
from publishing.database import open_engine, ready_database
from schemas.redaction import redact_text

RUN_TAG = "padan/command"
QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
"""Dagster's console log is for developers; it stays whole in Dagster's own event log."""
STEP_EVENTS = {DagsterEventType.STEP_START, DagsterEventType.STEP_SUCCESS, DagsterEventType.STEP_FAILURE}
SECONDS_BETWEEN_LOOKS = 0.25
DAGSTER_STORES = ".dagster"
"""Where `dagster.yaml` puts them."""

STAGES = {
    "id": {
        "deliveries": "Melihat kotak masuk",
        "intake": "Menerima {source}",
        "population": "Penduduk",
        "social_records": "Catatan dinas",
        "link_model": "Belajar mencocokkan",
        "link_records": "Mencocokkan",
        "persons": "Orang",
        "areas": "Wilayah",
        "families_and_houses": "Keluarga dan rumah",
        "family_facts": "Fakta keluarga",
        "deprivations": "Kekurangan keluarga",
        "aid_received": "Bantuan yang diterima",
        "programme_eligibility": "Kelayakan program",
        "targeting_gaps": "Selisih sasaran",
        "unified_database": "Menerbitkan basis data",
        "poverty_map": "Peta kemiskinan",
        "quality_report": "Laporan mutu",
        "review_workbooks": "Buku kerja tinjauan",
    },
    "en": {
        "deliveries": "Looking into the inbox",
        "intake": "Taking in {source}",
        "population": "Residents",
        "social_records": "The offices' records",
        "link_model": "Learning to match",
        "link_records": "Matching",
        "persons": "Persons",
        "areas": "Areas",
        "families_and_houses": "Families and houses",
        "family_facts": "Facts of families",
        "deprivations": "Deprivations",
        "aid_received": "Aid received",
        "programme_eligibility": "Eligibility",
        "targeting_gaps": "Targeting gaps",
        "unified_database": "Publishing the database",
        "poverty_map": "Poverty map",
        "quality_report": "Quality report",
        "review_workbooks": "Review workbooks",
    },
}
FAILED = {"id": "gagal", "en": "failed"}


def unify_from_environment() -> dg.JobDefinition:
    """The job as the environment's settings make it; Dagster's step processes call this again."""
    from pipelines.definitions import build_defs

    return build_defs().resolve_job_def(JOB_NAME)


def run_whole_job(settings: Settings, say: Callable[[str], None]) -> ExitCode:
    """Run the job, say how it goes, and return the exit code.

    Raises publishing.errors.OldDatabase when the database is of another version than this program.
    """
    prepare_home(settings.home)
    assert settings.database_url is not None
    ready_database(open_engine(settings.database_url))
    started = time.monotonic()
    with dagster_instance() as instance:
        tag = f"{os.getpid()}-{time.time_ns()}"
        with said_progress(instance, tag, settings.language, say):
            result = dg.execute_job(
                dg.reconstructable(unify_from_environment), instance=instance, run_config=QUIET, tags={RUN_TAG: tag}, raise_on_error=False
            )
        done = {event.step_key for event in result.get_step_success_events() if event.step_key}
        failures = {event.step_key: _first_line(event) for event in result.get_step_failure_events() if event.step_key is not None}
        broken_checks = [
            f"{check.asset_key.to_user_string()}: {check.check_name}"
            for check in result.get_asset_check_evaluations()
            if not check.passed and check.blocking
        ]
    summary = summarise(settings, done=done, failures=failures, broken_checks=broken_checks)
    for line in summary.lines(settings.language, seconds=time.monotonic() - started):
        say(line)
    return exit_code(summary)


def exit_code(summary: RunSummary) -> ExitCode:
    """Not published, or not finished, outranks a refused delivery."""
    if not summary.in_force or summary.failures:
        return ExitCode.NOT_PUBLISHED
    return ExitCode.REFUSED if summary.refused else ExitCode.DONE


def _first_line(event: dg.DagsterEvent) -> str:
    """What went wrong, without the stack; asset bodies let no identity number into an error (see `assets.boundary`)."""
    error = event.step_failure_data.error
    cause = error.cause if error is not None and error.cause is not None else error
    return "" if cause is None else redact_text(cause.message.strip().splitlines()[0])


@contextmanager
def dagster_instance() -> Iterator[dg.DagsterInstance]:
    """Dagster's instance of this clone. Its stores are named from the working directory, which is the clone while it is open."""
    os.environ.setdefault("DAGSTER_HOME", str(PROJECT_ROOT))
    before = os.getcwd()  # noqa: PTH109
    os.chdir(os.environ["DAGSTER_HOME"])
    try:
        with seldom_synced(Path.cwd() / DAGSTER_STORES), dg.DagsterInstance.get() as instance, engines_kept(instance):
            yield instance
    finally:
        os.chdir(before)


@contextmanager
def said_progress(instance: dg.DagsterInstance, tag: str, language: str, say: Callable[[str], None]) -> Iterator[None]:
    """A line per finished stage, whichever process it ran in: a thread reads the run's events."""
    stop = threading.Event()
    watcher = threading.Thread(target=_watch, args=(instance, tag, language, say, stop), daemon=True)
    watcher.start()
    try:
        yield
    finally:
        stop.set()
        watcher.join()


def _watch(instance: dg.DagsterInstance, tag: str, language: str, say: Callable[[str], None], stop: threading.Event) -> None:
    started_at: dict[str, float] = {}
    run: dg.DagsterRun | None = None
    read_to: str | None = None
    last_look = False
    while not last_look:
        last_look = stop.wait(SECONDS_BETWEEN_LOOKS)
        run = run or next(iter(instance.get_runs(dg.RunsFilter(tags={RUN_TAG: tag}))), None)
        more = True
        while run is not None and more:
            found = instance.get_records_for_run(run.run_id, cursor=read_to, of_type=STEP_EVENTS)
            read_to, more = found.cursor, found.has_more
            for record in found.records:
                _say_step(record.event_log_entry, started_at, language, say)


def _say_step(entry: dg.EventLogEntry, started_at: dict[str, float], language: str, say: Callable[[str], None]) -> None:
    kind, step = entry.get_dagster_event().event_type, entry.step_key
    if step is None:
        return
    if kind == DagsterEventType.STEP_START:
        started_at[step] = entry.timestamp
        return
    seconds = entry.timestamp - started_at.get(step, entry.timestamp)
    outcome = "" if kind == DagsterEventType.STEP_SUCCESS else f"  {FAILED[language]}"
    say(f"  {stage_title(step, language):<34} {seconds:6.1f} s{outcome}")


def stage_title(step: str, language: str) -> str:
    """An officer's words for a step of the job."""
    titles = STAGES[language]
    if step.startswith("intake_"):
        return titles["intake"].format(source=step.removeprefix("intake_"))
    return titles.get(step, step)
