"""Which families live in one house: those whose coordinates agree to ten metres, in the same RT, unless their house numbers differ.

Neighbours in a kampung stand close, so chains must not form: every family of a house lies within ten metres of the house's first family,
not merely of some other one.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.sparse import coo_matrix
from scipy.spatial import cKDTree

from geocoding.plane import FloatArray

ONE_HOUSE_METRES = 10.0


def group_into_houses(metres: FloatArray, neighbourhood: pd.Series, radius: FloatArray, house_number: pd.Series) -> npt.NDArray[np.int64]:
    """For each family, the position (0 … n-1) of the first family of its house; its own, if it lives alone or has no position.

    `metres` has shape (n, 2), NaN where unknown. `neighbourhood` names the RT; families of which it is missing share with nobody.
    `radius` is the accuracy of each position: worse than twice `ONE_HOUSE_METRES`, it cannot show that two families live together.
    `house_number` is that of the address, where there is one: telephones err by as much as neighbours stand apart, house numbers don't.
    """
    count = len(metres)
    house = np.arange(count, dtype=np.int64)
    codes, _ = pd.factorize(neighbourhood)
    usable = np.flatnonzero((codes >= 0) & np.isfinite(metres).all(axis=1) & (radius <= 2 * ONE_HOUSE_METRES))
    if len(usable) < 2:
        return house
    pairs = cKDTree(metres[usable]).query_pairs(ONE_HOUSE_METRES, output_type="ndarray").reshape(-1, 2)
    pairs = np.sort(usable[pairs], axis=1)
    numbers, _ = pd.factorize(house_number)
    first, second = pairs[:, 0], pairs[:, 1]
    other_number = (numbers[first] >= 0) & (numbers[second] >= 0) & (numbers[first] != numbers[second])
    pairs = pairs[(codes[first] == codes[second]) & ~other_number]
    # The order by place, not by row or id: houses must not change with the order of the input.
    order = np.lexsort((metres[:, 1], metres[:, 0]))
    rank = np.empty(count, dtype=np.int64)
    rank[order] = np.arange(count)
    return _star_groups(pairs, rank, house)


def _star_groups(pairs: npt.NDArray[np.int64], rank: npt.NDArray[np.int64], house: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Repeat: of the families left, each that ranks before all its neighbours takes them in."""
    count = len(house)
    while len(pairs):
        links = coo_matrix((np.ones(2 * len(pairs), dtype=np.int8), (pairs.ravel("F"), pairs[:, ::-1].ravel("F"))), shape=(count, count))
        first_neighbour = np.full(count, count, dtype=np.int64)
        np.minimum.at(first_neighbour, links.row, rank[links.col])
        is_host = (first_neighbour < count) & (rank < first_neighbour)
        hosting = is_host[links.row]
        guests, hosts = links.col[hosting], links.row[hosting]
        # A guest of two hosts goes to the one that ranks first.
        chosen = np.lexsort((rank[hosts], guests))
        guests, first = np.unique(guests[chosen], return_index=True)
        house[guests] = hosts[chosen][first]
        settled = is_host.copy()
        settled[guests] = True
        pairs = pairs[~settled[pairs].any(axis=1)]
    return house
