"""What is not looked at letter by letter could not have been alike."""

import numpy as np
import pyarrow as pa
from rapidfuzz.distance import OSA, Jaro

from matching.identifier_values import IdentifierValues
from matching.standardise.letter_bags import letter_bags, most_in_common
from matching.standardise.tokens import split_words

TEXTS = ["AAN", "NAA AAAN", "SITI AMINAH", "AMINAH SITI", "ÉLIA", "ELIA", "BUDI", "IDUB", "", "X" * 300, "A1B2", "2B1A"]


def test_texts_never_have_more_characters_in_common_than_their_bags_allow():
    bags = letter_bags(split_words(pa.array(TEXTS)))
    left, right = (places.ravel() for places in np.indices((len(TEXTS), len(TEXTS))))
    most, lengths = most_in_common(bags, left, right).astype(float), np.maximum(bags[-1].astype(float), 1)
    bound = (most / lengths[left] + most / lengths[right] + 1) / 3
    similarity = np.array([Jaro.similarity(TEXTS[one], TEXTS[other]) for one, other in zip(left, right, strict=True)])
    filled = np.array([bool(TEXTS[one] and TEXTS[other]) for one, other in zip(left, right, strict=True)])
    assert (similarity[filled] <= bound[filled] + 1e-9).all()
    assert bound[TEXTS.index("BUDI") * len(TEXTS) + TEXTS.index("AAN")] < 0.7, "what shares no letter is left out"


def test_numbers_two_edits_apart_are_not_left_out():
    rng = np.random.default_rng(7)
    base = rng.integers(3510010101010001, 3510999999999999, 300)
    damaged = []
    for number in base.tolist():
        digits = list(str(number))
        for _ in range(2):
            place = int(rng.integers(8, 15))
            if rng.random() < 0.5:
                digits[place], digits[place + 1] = digits[place + 1], digits[place]
            else:
                digits[place] = str(rng.integers(10))
        damaged.append(int("".join(digits)))
    values = IdentifierValues(np.concatenate([base, damaged, rng.permutation(base)]), 16)
    left = np.tile(np.arange(300), 2)
    right = np.arange(300, 900)
    texts = values.text(np.arange(900))
    apart = np.array([OSA.distance(texts[one], texts[other]) for one, other in zip(left, right, strict=True)])
    near = values.may_be_near(left, right)
    assert near[apart <= 2].all()
    assert np.mean(near[apart > 4]) < 0.5, "strangers are left out"
