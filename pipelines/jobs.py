"""Jobs and schedules: the whole way from the inbox to the reports, and when it is walked."""

from typing import Any

import dagster as dg

JOB_NAME = "unify"
UnifyJob = Any
"""`dagster.define_asset_job` returns a type that Dagster does not export."""
PRELOADED_MODULES = ["pipelines.warmed_up"]


def unify_job(executor: str) -> UnifyJob:
    """The whole job. In one process for samples; with `multiprocess`, each step in a process forked from a warmed-up one."""
    chosen = (
        dg.in_process_executor
        if executor == "in_process"
        else dg.multiprocess_executor.configured(
            # Two cores: a fresh interpreter per step costs 4-5 s, a fork of a warmed-up one 2-2.5 s.
            {"max_concurrent": 2, "start_method": {"forkserver": {"preload_modules": PRELOADED_MODULES}}}
        )
    )
    return dg.define_asset_job(
        JOB_NAME,
        selection=dg.AssetSelection.all(),
        executor_def=chosen,
        description=(
            "Dari berkas dinas sampai basis data keluarga miskin. From the offices' files to the published database, map and reports."
        ),
    )


def nightly_schedule(job: UnifyJob) -> dg.ScheduleDefinition:
    """Every night at 01:00 in Banyuwangi; ages count from the first of the month, so that a night changes nothing by itself."""

    @dg.schedule(
        job=job,
        cron_schedule="0 1 * * *",
        execution_timezone="Asia/Jakarta",
        name="nightly",
        default_status=dg.DefaultScheduleStatus.STOPPED,
    )
    def nightly(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
        first_of_month = context.scheduled_execution_time.date().replace(day=1)
        return dg.RunRequest(
            run_key=context.scheduled_execution_time.date().isoformat(),
            run_config={"resources": {"workspace": {"config": {"as_of": first_of_month.isoformat()}}}},
        )

    return nightly
