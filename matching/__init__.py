"""Record linkage as a library of its own: who each record is, how sure that is, and why.

``link`` decides for each row of one table which row of another it is; ``relink`` does so for new deliveries without redoing the old ones;
``dedupe`` finds the rows of one table that are the same person; ``train`` learns the weights apart from that. All that is known about the
data stands in a :class:`LinkSpec`. Nothing in here knows of pipelines, of poverty or of Indonesia, except ``matching.standardise``, which
knows how Indonesian names and addresses are written.

Belongs here: everything from two typed tables and a specification to decided, explained links. Does not belong here: reading files,
where decisions are stored, what a link is used for.
"""

from matching.dedupe import dedupe
from matching.drift import Drift, drift
from matching.increments import relink
from matching.kept import keep_result, kept_queue, kept_result
from matching.linking import link, train
from matching.measure import Quality, measure
from matching.model import LinkModel
from matching.result import DedupeResult, LinkReport, LinkResult, LinkState
from matching.spec import LinkSpec
from matching.when_to_train import Basis, basis_of, why_train

__all__ = [
    "Basis", "DedupeResult", "Drift", "LinkModel", "LinkReport", "LinkResult", "LinkSpec", "LinkState", "Quality",
    "basis_of", "dedupe", "drift", "keep_result", "kept_queue", "kept_result", "link", "measure", "relink", "train", "why_train",
]  # fmt: skip
