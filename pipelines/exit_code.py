"""What `padan` ends with, for scripts that start it."""

from enum import IntEnum


class ExitCode(IntEnum):
    """The whole vocabulary; the higher one wins where two apply."""

    DONE = 0
    REFUSED = 1
    """A delivery was refused; everything else was done."""
    NOT_PUBLISHED = 2
    """Nothing was published, or a step after publication failed: look at the last lines."""
    WRONG_USAGE = 3
