"""The command `padan`. What it ends with: see `pipelines.exit_code`; what each command does: `pipelines.commands`."""

from __future__ import annotations

import os
import sys

import click

from pipelines.commands.check import check
from pipelines.commands.contract import contract
from pipelines.commands.database import database
from pipelines.commands.delivery import delivery
from pipelines.commands.explain import explain
from pipelines.commands.link import dedupe, link
from pipelines.commands.person import person
from pipelines.commands.quarantine import quarantine
from pipelines.commands.review import review
from pipelines.commands.run import run
from pipelines.commands.simulation import evaluate, simulate
from pipelines.exit_code import ExitCode
from schemas.contract_messages import ContractError
from schemas.redaction import install_redaction


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(package_name="padan")
def cli() -> None:
    """Padan: satu basis data keluarga miskin dari lembar kerja dinas (one poor-family database from the offices' spreadsheets)."""
    install_redaction()


for _command in (run, check, delivery, quarantine, contract, simulate, evaluate, database, review, link, dedupe, explain, person):
    cli.add_command(_command)


def main() -> None:
    """Entry point: usage errors end with 3, so that 1 and 2 keep their meaning."""
    try:
        cli.main(standalone_mode=False)
    except click.exceptions.Abort:
        sys.exit(ExitCode.WRONG_USAGE)
    except click.ClickException as error:
        error.show()
        sys.exit(ExitCode.WRONG_USAGE)
    except ContractError as error:  # a contract of the user's own; its text names file, key and what is allowed
        click.echo(error.text(os.environ.get("PADAN_LANGUAGE", "id")), err=True)
        sys.exit(ExitCode.WRONG_USAGE)


if __name__ == "__main__":
    main()
