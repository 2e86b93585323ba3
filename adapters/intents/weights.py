"""The learned weights: their file, and how they judge a message.

The file is gzip over one line of JSON (everything that is text) and a matrix of signed bytes: a row of weights per
known feature, a column per intent; `scales` tells what one step of a byte is worth. The three kinds of features are
weighed apart, each divided by the square root of how many the message has, so that a long message does not shout.
"""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from math import exp, sqrt
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from adapters.intents.features import Feature, Features, Wording, pieces
from domain.intents.models import Intent
from domain.intents.rules import LONGEST_COMPOUND, MOST_KNOWN

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

KINDS = ("words", "pieces", "signs")


@dataclass(frozen=True, slots=True)
class Weights:
    digest: str
    """Of the files these were learned from."""
    reading: str
    """Of how the code read them: as features. Other code would need other weights."""
    intents: Sequence[Intent]
    wording: Wording
    rows: Sequence[Mapping[Feature, int]]
    """Per kind of feature: where the weights of each are."""
    matrix: NDArray[np.float32]
    bias: NDArray[np.float64]
    sure_from: float
    _spelled: dict[str, tuple[Sequence[int], int]] = field(default_factory=dict)

    def chances(self, found: Features) -> dict[Intent, float]:
        """How likely each intent is; together 1, the likeliest first."""
        import numpy as np

        words, _, signs = self.rows
        spelled = [self._pieces(word) for word in found.spelled]
        known: list[int] = []
        shares: list[float] = []
        for rows, count in (
            (_known(words, found.words), len(found.words)),
            (list(chain.from_iterable(rows for rows, _ in spelled)), sum(parts for _, parts in spelled)),
            (_known(signs, found.signs), len(found.signs)),
        ):
            known += rows
            shares += [1 / sqrt(count or 1)] * len(rows)
        # a product sums rows faster than sum() does
        scores = (
            np.array(shares, np.float32).dot(self.matrix.take(np.array(known, np.intp), axis=0)) + self.bias
        )
        return _likely(dict(zip(self.intents, scores.tolist(), strict=True)))

    def _pieces(self, word: str) -> tuple[Sequence[int], int]:
        """Where the weights of a word's pieces are, and how many pieces it has."""
        spelled = self._spelled.get(word)
        if spelled is None:
            parts = pieces(word)
            spelled = _known(self.rows[1], parts), len(parts)
            if len(self._spelled) < MOST_KNOWN and len(word) <= LONGEST_COMPOUND:
                self._spelled[word] = spelled
        return spelled


def _likely(scores: Mapping[Intent, float]) -> dict[Intent, float]:
    """Scores as chances. A dozen of them: without NumPy that is quicker."""
    best = max(scores.values())
    exponents = {intent: exp(score - best) for intent, score in scores.items()}
    total = sum(exponents.values())
    ranked = sorted(exponents.items(), key=itemgetter(1), reverse=True)
    return {intent: exponent / total for intent, exponent in ranked}


def _known(rows: Mapping[Feature, int], found: Iterable[Feature]) -> list[int]:
    return [row for row in map(rows.get, found) if row is not None]


def write_weights(path: Path, texts: Mapping[str, Any], matrix: NDArray[np.int8]) -> None:
    """`texts` are the fields of the JSON line; the same weights give the same bytes."""
    line = json.dumps(texts, ensure_ascii=True, separators=(",", ":"), sort_keys=True).encode()
    path.write_bytes(gzip.compress(line + b"\n" + matrix.tobytes(), mtime=0))


def read_weights(path: Path) -> Weights:
    """Raises OSError when there is no such file, ValueError when it does not hold weights."""
    try:
        line, _, cells = gzip.decompress(path.read_bytes()).partition(b"\n")
        return _weights(json.loads(line), cells)
    except (gzip.BadGzipFile, EOFError, zlib.error, ValueError, KeyError, TypeError) as error:
        raise ValueError(f"{path} does not hold weights: {error}") from error


def _weights(texts: Mapping[str, Any], cells: bytes) -> Weights:
    import numpy as np

    vocabulary = [list(map(_feature, texts["features"][kind].split("\t"))) for kind in KINDS]
    sizes = list(map(len, vocabulary))
    positions = iter(range(sum(sizes)))
    intents = [Intent(name) for name in texts["intents"]]
    steps = np.frombuffer(cells, np.int8).reshape(sum(sizes), len(intents))
    return Weights(
        digest=texts["digest"],
        reading=texts["reading"],
        intents=intents,
        wording=Wording.of(**texts["wording"]),
        rows=[dict(zip(known, positions, strict=False)) for known in vocabulary],
        matrix=steps * np.repeat(np.array(texts["scales"], np.float32), sizes)[:, None],
        bias=np.array(texts["bias"]),
        sure_from=texts["sure_from"],
    )


PAIR = "|"
"""Between the two parts of a paired feature in the file; no word has it."""


def _feature(written: str) -> Feature:
    first, pair, second = written.partition(PAIR)
    return (first, second) if pair else written


def written(feature: Feature) -> str:
    return feature if isinstance(feature, str) else PAIR.join(feature)
