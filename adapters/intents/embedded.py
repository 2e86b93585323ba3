"""Guessing what a message wants, on this machine: no service, no download, microseconds."""

from __future__ import annotations

import hashlib
import logging
from functools import cached_property
from itertools import islice
from pathlib import Path

from adapters.intents.features import Wording, features
from adapters.intents.weights import Weights, read_weights
from domain.intents.models import Guess

MOST_OFFERED = 4
WEIGHTS = "weights.gz"
LOGGER = logging.getLogger(__name__)


class EmbeddedIntents:
    """Implements `domain.intents.ports.Intents` with the weights that were learned from the organisation's examples.

    `folder` is the organisation's: the weights are in its `intents/weights.gz`, next to the examples. They are read
    on first use; `load` does it earlier. `python -m scripts.train_intents` renews them.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "intents"

    def load(self) -> None:
        """Read the weights. Raises OSError or ValueError when they cannot be used."""
        if self._weights.digest != digest(self._folder):
            LOGGER.warning("intent weights are older than the examples; run python -m scripts.train_intents")

    @property
    def wording(self) -> Wording:
        """How messages are read."""
        return self._weights.wording

    @cached_property
    def _weights(self) -> Weights:
        return read_weights(self._folder / WEIGHTS)

    def guess(self, text: str, language: str | None = None) -> Guess:
        """`language` is not needed: the examples of all languages are learned together, and people mix them."""
        chances = self._weights.chances(features(text, self._weights.wording))
        first, chance = next(iter(chances.items()))
        return Guess(
            first=first,
            sure=chance >= self._weights.sure_from,
            offered=tuple(islice(chances, MOST_OFFERED)),
        )


def digest(folder: Path) -> str:
    """A fingerprint of everything weights are learned from: a change of any example changes it."""
    sums = hashlib.sha256()
    for path in sorted(folder.rglob("*.yaml")):
        sums.update(path.relative_to(folder).as_posix().encode())
        sums.update(path.read_bytes().replace(b"\r\n", b"\n"))
    return sums.hexdigest()
