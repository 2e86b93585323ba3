"""Learns the weights of the intents from `organisation/intents/` and writes them beside the examples.

    python -m scripts.train_intents [ORGANISATION] [--check]

Run it after every change there. The examples and made-up variations of them teach a linear support vector machine.
How likely and how sure its guesses are is learned by cross-validation over examples it has not seen; `--check`
only prints that cross-validation.
"""

from __future__ import annotations

import argparse
import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import sqrt
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar  # type: ignore[import-untyped]
from scipy.sparse import csr_matrix, hstack  # type: ignore[import-untyped]
from scipy.special import log_softmax  # type: ignore[import-untyped]
from sklearn.svm import LinearSVC  # type: ignore[import-untyped]

from adapters.intents.embedded import WEIGHTS, digest
from adapters.intents.features import Feature, Features, Wording, features, pieces
from adapters.intents.weights import KINDS, write_weights, written
from adapters.organisation.intents import Example, WaysOfAsking, load_ways_of_asking
from domain.intents.models import Intent
from scripts.intent_variations import fillings, shortened, slip, telegram, told
from wiring.settings import ROOT

INTENTS = tuple(Intent)
FOLDS = 5
ROUNDS = 2
"""How often the variations of an example are made."""
RIGHT_WHEN_SURE = 0.94
"""Of the examples not seen; real messages stray further from the examples, and 0.90 is what we promise."""
SEEN_BY = 2
"""How many different examples must have a feature, as they were written, for it to count."""
SHARE = {"words": 1.0, "pieces": 1.0, "signs": 1.2}
"""How loud each kind of feature is."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Lesson:
    """A text to learn from; `group` tells which example it is a variation of."""

    found: Features
    intent: int
    group: int
    weight: float
    as_written: bool


def wording(ways: WaysOfAsking) -> dict[str, Any]:
    return {
        "spellings": dict(ways.words.spellings),
        "greetings": list(ways.words.greetings),
        "closings": list(ways.words.closings),
        "hints": {
            f"has_{group}": [word for members in languages.values() for word in members]
            for group, languages in [*ways.words.groups.items(), *ways.clues.items()]
        },
    }


def reading(ways: WaysOfAsking, read: Wording) -> str:
    """A fingerprint of how the code reads the examples. Weights learned from another reading would mean nothing."""
    sums = hashlib.sha256()
    for example in ways.examples:
        found = features(example.text, read)
        sums.update(repr((found.words, found.spelled, found.signs)).encode())
    return sums.hexdigest()


def lessons(ways: WaysOfAsking, read: Wording) -> list[Lesson]:
    """The examples and their variations; an example weighs 1, and all its variations together as much again.

    What varies depends on the text alone, so that a new example does not change what the others teach.
    """
    return [
        Lesson(features(text, read), INTENTS.index(example.intent), group, weight, as_written)
        for group, example in enumerate(ways.examples)
        for text, weight, as_written in variations(example, ways, Random(example.text))  # noqa: S311 - repeatable
    ]


def variations(example: Example, ways: WaysOfAsking, random: Random) -> Iterator[tuple[str, float, bool]]:
    groups = {group: members[example.language] for group, members in ways.words.groups.items()}
    texts = list(fillings(example.text, groups, random, 6))
    for text in texts:
        yield text, 1 / len(texts), True
    if example.intent is Intent.NONSENSE:
        return
    background = [
        text
        for sentence in ways.words.background[example.language]
        for text in fillings(sentence, groups, random, 1)
    ]
    others = [
        changed
        for _ in range(ROUNDS)
        for text in random.sample(texts, k=min(2, len(texts)))
        for changed in (
            slip(text, random),
            slip(slip(text, random), random),
            telegram(text, random),
            shortened(text, random),
            *([] if example.intent in SHORT_TALK else [told(text, background, random)]),
        )
        if changed != text
    ]
    for changed in others:
        yield changed, 1 / len(others), False


SHORT_TALK = frozenset({Intent.HELP, Intent.THANKS})


def shown(found: Features, kind: str) -> Sequence[Feature]:
    if kind == "pieces":
        return [piece for word in found.spelled for piece in pieces(word)]
    return found.words if kind == "words" else found.signs


class Learned:
    """The weights after learning: a vocabulary per kind of feature, and a column per intent."""

    def __init__(self, taught: Sequence[Lesson]) -> None:
        self.rows = {kind: self._vocabulary(taught, kind) for kind in KINDS}
        table = self.table([lesson.found for lesson in taught])
        intents = np.array([lesson.intent for lesson in taught])
        weights = np.array([lesson.weight for lesson in taught])
        machine = LinearSVC(C=0.6, tol=1e-3, random_state=0)
        machine.fit(table, intents, weights)
        self.weights: Floats = machine.coef_.T
        self.bias: Floats = machine.intercept_

    @staticmethod
    def _vocabulary(taught: Sequence[Lesson], kind: str) -> dict[Feature, int]:
        """Features that enough different examples have, in a fixed order."""
        having = {
            (feature, lesson.group)
            for lesson in taught
            if lesson.as_written
            for feature in shown(lesson.found, kind)
        }
        seen = Counter(feature for feature, _ in having)
        known = (feature for feature, times in seen.items() if times >= SEEN_BY)
        return {feature: row for row, feature in enumerate(sorted(known, key=written))}

    def table(self, found: Sequence[Features]) -> Any:
        """A row per message, weighed as `Weights.chances` does."""
        return hstack([self._part(found, kind) for kind in KINDS], format="csr")

    def _part(self, found: Sequence[Features], kind: str) -> Any:
        rows = self.rows[kind]
        starts, columns, cells = [0], [], []
        for message in found:
            showing = shown(message, kind)
            known = [rows[feature] for feature in showing if feature in rows]
            columns.extend(known)
            cells.extend([SHARE[kind] / sqrt(len(showing) or 1)] * len(known))
            starts.append(len(columns))
        return csr_matrix((cells, columns, starts), shape=(len(found), len(rows)))

    def scores(self, found: Sequence[Features]) -> Floats:
        return np.asarray(self.table(found) @ self.weights + self.bias)


def cross_validate(taught: Sequence[Lesson], plain: set[int]) -> tuple[Floats, NDArray[np.int64], list[int]]:
    """Scores of every example, by weights that saw neither it nor its variations: with the intents and groups."""
    scores: list[Floats] = []
    intents: list[int] = []
    groups: list[int] = []
    for fold in range(FOLDS):
        learned = Learned([lesson for lesson in taught if lesson.group % FOLDS != fold])
        asked = [
            lesson for index, lesson in enumerate(taught) if lesson.group % FOLDS == fold and index in plain
        ]
        scores.append(learned.scores([lesson.found for lesson in asked]))
        intents.extend(lesson.intent for lesson in asked)
        groups.extend(lesson.group for lesson in asked)
    return np.vstack(scores), np.array(intents), groups


def temperature(scores: Floats, intents: NDArray[np.int64]) -> float:
    """What to multiply scores with so that they say honestly how likely each intent is."""

    def surprise(logarithm: float) -> float:
        likely = log_softmax(scores * np.exp(logarithm), axis=1)
        return -float(likely[np.arange(len(intents)), intents].mean())

    return float(np.exp(minimize_scalar(surprise, bounds=(-4, 4), method="bounded").x))


def sure_from(likely: Floats, intents: NDArray[np.int64]) -> float:
    """The lowest chance of the first guess from which acting at once is right often enough."""
    order = np.argsort(-likely.max(axis=1))
    right = (likely.argmax(axis=1) == intents)[order]
    share = np.cumsum(right) / np.arange(1, len(right) + 1)
    enough = np.flatnonzero(share >= RIGHT_WHEN_SURE)
    return float(likely.max(axis=1)[order][enough[-1]]) if len(enough) else 1.0


def report(
    likely: Floats, intents: NDArray[np.int64], groups: Sequence[int], ways: WaysOfAsking, sure: float
) -> None:
    ranks = np.argsort(-likely, axis=1)
    first = ranks[:, 0] == intents
    offered = (ranks[:, :4] == intents[:, None]).any(axis=1)
    certain = likely.max(axis=1) >= sure
    language = np.array([ways.examples[group].language for group in groups])
    print(f"{len(intents)} examples, {FOLDS} folds")
    for name, chosen in (
        ("all", np.ones_like(first)),
        *((code, language == code) for code in ("nl", "en", "fr")),
        *((intent.value, intents == index) for index, intent in enumerate(INTENTS)),
    ):
        print(
            f"{name:16} {chosen.sum():5} first {first[chosen].mean():.3f} offered {offered[chosen].mean():.3f} "
            f"sure {certain[chosen].mean():.3f} right {first[chosen & certain].mean():.3f}"
        )


def learn(folder: Path, check: bool) -> None:
    ways = load_ways_of_asking(folder)
    texts = wording(ways)
    read = Wording.of(**texts)
    taught = lessons(ways, read)
    plain = {
        index for index, lesson in enumerate(taught) if index == 0 or taught[index - 1].group != lesson.group
    }
    scores, intents, groups = cross_validate(taught, plain)
    warmth = temperature(scores, intents)
    likely = np.exp(log_softmax(scores * warmth, axis=1))
    sure = sure_from(likely, intents)
    report(likely, intents, groups, ways, sure)
    if check:
        return
    learned = Learned(taught)
    parts, scales, start = [], [], 0
    for kind in KINDS:
        part = learned.weights[start : start + len(learned.rows[kind])] * warmth
        start += len(part)
        step = float(np.abs(part).max()) / 127
        parts.append(np.rint(part / step).astype(np.int8))
        scales.append(step * SHARE[kind])
    path = folder / WEIGHTS
    write_weights(
        path,
        {
            "digest": digest(folder),
            "reading": reading(ways, read),
            "intents": list(INTENTS),
            "wording": texts,
            "features": {kind: "\t".join(map(written, learned.rows[kind])) for kind in KINDS},
            "scales": scales,
            "bias": [round(float(value) * warmth, 6) for value in learned.bias],
            "sure_from": round(sure, 3),
        },
        np.vstack(parts),
    )
    print(f"{path}: {sum(map(len, learned.rows.values()))} features, {path.stat().st_size // 1024} kB")


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m scripts.train_intents",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("organisation", nargs="?", type=Path, default=ROOT / "organisation")
    parser.add_argument("--check", action="store_true", help="only cross-validate")
    given = parser.parse_args()
    learn(given.organisation / "intents", given.check)


if __name__ == "__main__":
    main()
