"""A publication in an interpreter of its own: `python publishing_process.py URL FAMILIES`. Prints its number and content hash."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[2])]

from publishing_frames import make_state  # noqa: E402
from publishing_runs import publish_audited  # noqa: E402 - the path comes first

from publishing.database import open_engine  # noqa: E402


def main(url: str, families: str) -> None:
    result = publish_audited(open_engine(url), make_state(int(families)))
    sys.stdout.write(f"{result.number} {result.content_hash}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
