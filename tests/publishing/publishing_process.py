"""A publication in a process of its own, to be killed: `python publishing_process.py URL FAMILIES EDITION STEP`.

Kills itself with SIGKILL when the step STEP ends (`never` for none), so that nothing can be tidied up on the way out.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[2])]

from publishing_frames import make_state  # noqa: E402
from publishing_runs import publish_audited  # noqa: E402 - the path comes first

from publishing.database import open_engine  # noqa: E402


def main(url: str, families: str, edition: str, fatal: str) -> None:
    def stop_at(step: str) -> None:
        if step == fatal:
            os.kill(os.getpid(), signal.SIGKILL)

    result = publish_audited(open_engine(url), make_state(int(families), edition=int(edition)), on_step=stop_at)
    sys.stdout.write(f"{result.number} {result.content_hash}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
