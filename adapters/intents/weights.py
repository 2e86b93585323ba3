"""The learned weights: their file, and how they judge a message.

The file is gzip over one line of JSON (everything that is text) and a matrix of signed bytes: a row of weights per
known feature, a column per intent. The three kinds of features are weighed apart, each divided by the square
root of how many the message has, so that a long message does not shout.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from math import sqrt
from pathlib import Path
from typing import TYPE_CHECKING, Any

from adapters.intents.features import Feature, Features, Wording, pieces
from domain.intents.models import Intent

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

KINDS = ("words", "pieces", "signs")
MOST_REMEMBERED = 20_000
"""Words of which the summed pieces are kept; people's vocabulary is small."""


@dataclass(frozen=True, slots=True)
class Weights:
    digest: str
    """Of the examples and the words these were learned from."""
    intents: Sequence[Intent]
    wording: Wording
    rows: Sequence[Mapping[Feature, int]]
    """Per kind of feature: where the weights of each are."""
    matrix: NDArray[np.int8]
    scales: Sequence[float]
    """Per kind: what one step of a weight is worth."""
    bias: Sequence[float]
    sure_from: float
    _spelled: dict[str, tuple[NDArray[np.int64], int]] = field(default_factory=dict)

    def chances(self, found: Features) -> dict[Intent, float]:
        """How likely each intent is; together 1, the likeliest first."""
        import numpy as np

        words, _, signs = self.rows
        scores = np.array(self.bias)
        if found.words:
            scores += self._sum(words, found.words) * (self.scales[0] / sqrt(len(found.words)))
        if found.spelled:
            sums, counts = zip(*map(self._pieces, found.spelled), strict=True)
            scores += np.sum(sums, axis=0) * (self.scales[1] / sqrt(sum(counts) or 1))
        scores += self._sum(signs, found.signs) * (self.scales[2] / sqrt(len(found.signs)))
        exponents = np.exp(scores - scores.max())
        likely = (exponents / exponents.sum()).tolist()
        return dict(sorted(zip(self.intents, likely, strict=True), key=lambda pair: -pair[1]))

    def _sum(self, rows: Mapping[Feature, int], found: Iterable[Feature]) -> NDArray[np.int64]:
        import numpy as np

        known = [row for feature in found if (row := rows.get(feature)) is not None]
        summed: NDArray[np.int64] = self.matrix[known].sum(axis=0, dtype=np.int64)
        return summed

    def _pieces(self, word: str) -> tuple[NDArray[np.int64], int]:
        """The weights of a word's pieces together, and how many pieces it has."""
        spelled = self._spelled.get(word)
        if spelled is None:
            parts = pieces(word)
            spelled = self._sum(self.rows[1], parts), len(parts)
            if len(self._spelled) < MOST_REMEMBERED:
                self._spelled[word] = spelled
        return spelled


def write_weights(path: Path, texts: Mapping[str, Any], matrix: NDArray[np.int8]) -> None:
    """`texts` are the fields of the JSON line; the same weights give the same bytes."""
    line = json.dumps(texts, ensure_ascii=True, separators=(",", ":"), sort_keys=True).encode()
    path.write_bytes(gzip.compress(line + b"\n" + matrix.tobytes(), mtime=0))


def read_weights(path: Path) -> Weights:
    """Raises OSError or ValueError when the file is missing or is not ours."""
    import numpy as np

    line, _, cells = gzip.decompress(path.read_bytes()).partition(b"\n")
    texts = json.loads(line)
    vocabulary = [list(map(_feature, texts["features"][kind].split("\t"))) for kind in KINDS]
    positions = iter(range(sum(map(len, vocabulary))))
    rows = [dict(zip(known, positions, strict=False)) for known in vocabulary]
    intents = [Intent(name) for name in texts["intents"]]
    matrix = np.frombuffer(cells, dtype=np.int8).reshape(
        len(list(chain.from_iterable(vocabulary))), len(intents)
    )
    return Weights(
        digest=texts["digest"],
        intents=intents,
        wording=Wording.of(**texts["wording"]),
        rows=rows,
        matrix=matrix,
        scales=texts["scales"],
        bias=texts["bias"],
        sure_from=texts["sure_from"],
    )


PAIR = "|"
"""Between the two parts of a paired feature in the file; no word has it."""


def _feature(written: str) -> Feature:
    first, pair, second = written.partition(PAIR)
    return (first, second) if pair else written


def written(feature: Feature) -> str:
    return feature if isinstance(feature, str) else PAIR.join(feature)
