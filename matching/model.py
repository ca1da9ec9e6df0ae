"""A trained model as a file.

The weights, what they were learned from, and how sure the run was of them. Training is apart from prediction.
"""

import json
from dataclasses import asdict, dataclass, field
from typing import Any, Literal, Self

from matching.label_checks import LabelChecks
from matching.positions import Places
from matching.weights import WeightTable

FORMAT = 6


@dataclass(frozen=True)
class LinkModel:
    """Weights, with the figures of the training run that made them.

    ``learned_from``: ``labels`` (identifier-confirmed pairs) or ``em``. ``kept``: which of the two models was better on held-back labels.
    ``absent_share``: share of absent people that the weights were fitted with; ``absent``: the shares then found, by what a record lacks
    (``*``: overall). ``checks``: what the labels say of the links; nothing where the weights come from EM.
    ``places``: where houses and neighbourhoods are, where the spec names positions: such a model is personal data.
    """

    weights: WeightTable
    learned_from: Literal["labels", "em"]
    kept: Literal["additive", "interacting"]
    absent_share: float
    labels: int = 0
    held_back_loss: dict[str, float] = field(default_factory=dict)
    absent: dict[str, float] = field(default_factory=dict)
    checks: LabelChecks | None = None
    places: Places | None = None

    def to_json(self) -> str:
        """The model as JSON text; equal models give equal text."""
        content: dict[str, Any] = {
            "format": FORMAT,
            "learned_from": self.learned_from,
            "kept": self.kept,
            "absent_share": self.absent_share,
            "labels": self.labels,
            "held_back_loss": self.held_back_loss,
            "absent": self.absent,
            "checks": None if self.checks is None else asdict(self.checks),
            "places": None if self.places is None else self.places.to_dict(),
            "weights": self.weights.to_dict(),
        }
        return json.dumps(content, indent=1, sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read what :meth:`to_json` wrote; a file of another format is refused."""
        content = json.loads(text)
        if content.get("format") != FORMAT:
            raise ValueError(f"this is a model of format {content.get('format')!r}; this version reads format {FORMAT}: train again")
        return cls(
            WeightTable.from_dict(content["weights"]),
            content["learned_from"],
            content["kept"],
            float(content["absent_share"]),
            int(content["labels"]),
            {name: float(loss) for name, loss in content["held_back_loss"].items()},
            {name: float(share) for name, share in content["absent"].items()},
            None if content["checks"] is None else LabelChecks.from_dict(content["checks"]),
            None if content["places"] is None else Places.from_dict(content["places"]),
        )
