"""From which probability a record is linked without a person: higher for one that says too little of anybody.

A probability is as good as the labels it was learned from, and few of these lack as much as a caller's name and village: what such a record
leaves open (an abbreviated name, a nickname) is where strangers fit by chance.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from matching.absence import Strata
from matching.competition import Floats
from matching.spec import LinkSpec


def link_from(spec: LinkSpec, strata: Strata, records: npt.NDArray[Any]) -> Floats:
    """Least probability of a link for each of these left records."""
    thresholds = spec.thresholds
    lacking = frozenset(thresholds.bare_without)
    bare = np.array([bool(lacking) and lacking <= set(name.split(",")) for name in strata.names], dtype=bool)
    return np.where(bare[strata.of_record[records]], thresholds.bare, thresholds.link) if len(records) else np.empty(0)
