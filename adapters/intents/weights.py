"""The learned weights: their file, and how they judge a message.

The file is gzip over one line of JSON (everything that is text) and a matrix of signed bytes: a row of weights per
known feature, a column per intent. The three kinds of features are weighed apart, each as a mean over
the square root of how many the message has, so that a long message does not shout.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from math import sqrt
from pathlib import Path
from typing import TYPE_CHECKING, Any

from adapters.intents.features import Features, Wording
from domain.intents.models import Intent

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

KINDS = ("words", "pieces", "signs")


@dataclass(frozen=True, slots=True)
class Weights:
    digest: str
    """Of the examples and the words these were learned from."""
    intents: Sequence[Intent]
    wording: Wording
    rows: Sequence[Mapping[str, int]]
    """Per kind of feature: where the weights of each are."""
    matrix: NDArray[np.int8]
    scales: Sequence[float]
    """Per kind: what one step of a weight is worth."""
    bias: Sequence[float]
    sure_from: float

    def chances(self, found: Features) -> dict[Intent, float]:
        """How likely each intent is; together 1, the likeliest first."""
        import numpy as np

        scores = np.array(self.bias)
        for kind, rows, scale in zip(
            (found.words, found.pieces, found.signs), self.rows, self.scales, strict=True
        ):
            known = [row for feature in kind if (row := rows.get(feature)) is not None]
            if known:
                scores += self.matrix[known].sum(axis=0, dtype=np.int64) * (scale / sqrt(len(kind)))
        exponents = np.exp(scores - scores.max())
        likely = (exponents / exponents.sum()).tolist()
        return dict(sorted(zip(self.intents, likely, strict=True), key=lambda pair: -pair[1]))


def write_weights(path: Path, texts: Mapping[str, Any], matrix: NDArray[np.int8]) -> None:
    """`texts` are the fields of the JSON line; the same weights give the same bytes."""
    line = json.dumps(texts, ensure_ascii=True, separators=(",", ":"), sort_keys=True).encode()
    path.write_bytes(gzip.compress(line + b"\n" + matrix.tobytes(), mtime=0))


def read_weights(path: Path) -> Weights:
    """Raises OSError or ValueError when the file is missing or is not ours."""
    import numpy as np

    line, _, cells = gzip.decompress(path.read_bytes()).partition(b"\n")
    texts = json.loads(line)
    vocabulary: list[list[str]] = [texts["features"][kind].split("\t") for kind in KINDS]
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
