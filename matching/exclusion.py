"""Soft one-to-one: within a list that names a person once, two records that claim one right row weaken each other.

Each round multiplies the odds of a candidate by the probability that no other record of the same list is that person (or that the person
is listed twice after all), and lets the candidates compete anew. Two namesakes thus sort themselves out, and two equally strong claims
both survive as a person listed twice, or both fall below the threshold and are reviewed. The number of rounds is fixed, so that what
happens among some records does not depend on how far others have come.
"""

import numpy as np
import numpy.typing as npt

from matching.competition import Groups, probabilities

Floats = npt.NDArray[np.float64]

_ROUNDS = 8
_WEAK = 1e-3  # a claim below this would change nobody else's odds by more than a thousandth


def considerable(likely: Floats, claims: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """Claims that count, for their own record and for others: those of lists that name a person once, and not too unlikely."""
    return (claims >= 0) & (likely > _WEAK)


def listed_once(
    scores: Floats, groups: Groups, claims: npt.NDArray[np.int64], settled_claims: npt.NDArray[np.int64], twice: float, shift: Floats
) -> Floats:
    """Scores after the claims of other records of the same list.

    ``claims`` numbers the (list, right row) of each pair, -1 where the list may name people more than once; ``settled_claims`` are those
    of records that the identifier settled.
    """
    bound = considerable(probabilities(scores, groups, shift)[0], claims)
    if not bound.any():
        return scores
    distinct, place = np.unique(np.concatenate((claims[bound], settled_claims[settled_claims >= 0])), return_inverse=True)
    of_pair, of_settled = place[: int(bound.sum())], place[int(bound.sum()) :]
    taken = np.bincount(of_settled, minlength=len(distinct)) * np.log(twice)
    adjusted = scores.copy()
    for _ in range(_ROUNDS):
        likely, _none = probabilities(adjusted, groups, shift)
        free = np.log1p(-likely[bound] * (1 - twice))
        together = np.bincount(of_pair, weights=free, minlength=len(distinct)) + np.maximum(taken, np.log(twice))
        new = scores.copy()
        new[bound] += np.maximum(together[of_pair] - free, np.log(twice))
        adjusted = (new + adjusted) / 2
    return np.round(adjusted, 6)
