"""Fit the confidence of the tip search, language by language: `python -m scripts.calibrate_tips` writes
adapters/search/calibration.json.

Nobody has to label anything. Titles and alternates are asked as they stand, with a slip of the fingers or without one
of their words. In turn a fifth of the alternates is kept out of the index and asked: the tip they belong to is right.
A third of the tips is kept out as a whole: what is found for those is wrong, however near.
Questions about something else (bench/data/tips_calibration.jsonl) have no answer either. The questions of
bench/data/tips.jsonl and tips_oos.jsonl are not used here: `python -m bench.tips` measures on those.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from adapters.organisation.tips import Tips, load_tips
from adapters.search.confidence import CALIBRATION, SIGNALS, signals
from adapters.search.index import Index
from adapters.search.segment import Document

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = ("nl", "en", "fr")
"""The first has most tips: the others keep to its numbers, as far as their own questions do not tell otherwise."""
FOLDS = 5
MISSING = 3
"""One tip in so many is kept out as a whole, in turn."""
SHARES = {"known": 0.45, "asked": 0.2, "missing": 0.15, "elsewhere": 0.2}
"""How often we expect a question in words that are known, in other words, one that a tip is missing for, and one about
something else."""
RIDGE = 0.5
LIKE_THE_FIRST = 30.0
"""How much the other languages are held to the numbers of the first."""


@dataclass(frozen=True, slots=True)
class Example:
    kind: str
    signals: tuple[float, ...]
    right: bool


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m scripts.calibrate_tips", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.parse_args()
    found = load_tips(ROOT / "organisation")
    lines = (ROOT / "bench" / "data" / "tips_calibration.jsonl").read_text("utf-8").splitlines()
    elsewhere = [(line["query"], line.get("language", LANGUAGES[0])) for line in map(json.loads, lines)]
    numbers: dict[str, object] = {}
    first: NDArray[np.float64] | None = None
    for code in LANGUAGES:
        tips = Tips(
            tuple(tip for tip in found.tips if tip.language == code),
            tuple(group for group in found.synonyms if group.language == code),
        )
        examples = list(_examples(tips, code, [query for query, language in elsewhere if language == code]))
        weights = _fit(examples, first)
        first = weights if first is None else first
        numbers[code] = {
            "intercept": round(float(weights[0]), 4),
            "weights": {name: round(float(w), 4) for name, w in zip(SIGNALS, weights[1:], strict=True)},
        }
        print(code)
        _report(examples, weights)
    CALIBRATION.write_text(json.dumps(numbers, indent=2) + "\n", "utf-8")


def _examples(tips: Tips, code: str, elsewhere: Iterable[str]) -> Iterator[Example]:
    synonyms = [group.words for group in tips.synonyms]
    for fold in range(FOLDS):
        index = Index.of(_documents(tips, fold), code, synonyms)
        for tip in tips.tips:
            for question in tip.alternates[fold::FOLDS]:
                yield from _example("asked", index, question, tip.id)
    index = Index.of(_documents(tips), code, synonyms)
    for tip in tips.tips:
        for phrase in (tip.title, *tip.alternates):
            for question in (phrase, *_slips(phrase)):
                yield from _example("known", index, question, tip.id)
    for question in elsewhere:
        yield from _example("elsewhere", index, question, None)
    for part in range(MISSING):
        kept = Tips(tuple(tip for n, tip in enumerate(tips.tips) if n % MISSING != part), tips.synonyms)
        index = Index.of(_documents(kept), code, synonyms)
        for tip in tips.tips[part::MISSING]:
            for question in (tip.title, *tip.alternates):
                yield from _example("missing", index, question, None)


def _slips(phrase: str) -> Iterator[str]:
    """The same with two letters of its longest word swapped, and without the word in its middle."""
    words = phrase.split()
    longest = max(words, key=len)
    at = len(longest) // 2
    yield phrase.replace(longest, longest[: at - 1] + longest[at] + longest[at - 1] + longest[at + 1 :])
    if len(words) > 3:
        yield " ".join(words[: len(words) // 2] + words[len(words) // 2 + 1 :])


def _documents(tips: Tips, fold: int | None = None) -> Sequence[Document]:
    return [
        Document(
            tip.id,
            tip.title,
            [phrase for n, phrase in enumerate(tip.alternates) if fold is None or n % FOLDS != fold],
            tip.text,
        )
        for tip in tips.tips
    ]


def _example(kind: str, index: Index, question: str, tip_id: str | None) -> Iterator[Example]:
    matches, read = index.search(question, 1)
    for match in matches:
        if read is not None:
            yield Example(kind, signals(match, read), match.id == tip_id)


def _fit(examples: Sequence[Example], like: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
    """Logistic regression with a ridge (around `like`, or zero), by Newton's method; every kind of question counts
    for its share."""
    x = np.array([(1.0, *example.signals) for example in examples])
    y = np.array([example.right for example in examples], dtype=np.float64)
    kinds = [example.kind for example in examples]
    counts = np.array([SHARES[kind] / kinds.count(kind) for kind in kinds]) * len(examples)
    around = np.zeros(x.shape[1]) if like is None else like
    ridge = np.diag([0.0] + [RIDGE if like is None else LIKE_THE_FIRST] * (x.shape[1] - 1))
    w = around.copy()
    for _ in range(50):
        p = 1 / (1 + np.exp(-(x @ w)))
        gradient = x.T @ (counts * (p - y)) + ridge @ (w - around)
        step = np.linalg.solve((x.T * (counts * p * (1 - p))) @ x + ridge, gradient)
        w -= step
        if np.abs(step).max() < 1e-9:
            break
    return w


def _report(examples: Sequence[Example], weights: NDArray[np.float64]) -> None:
    from domain.tips.rules import ANSWER_FROM, CHOOSE_FROM

    print(f"{'kind':<10} {'n':>5} {'right':>6} {'answer':>7} {'(right)':>8} {'choose':>7} {'unknown':>8}")
    for kind in SHARES:
        of_kind = [example for example in examples if example.kind == kind]
        x = np.array([(1.0, *example.signals) for example in of_kind])
        sure = 1 / (1 + np.exp(-(x @ weights)))
        right = np.array([example.right for example in of_kind])
        answer, unknown = sure >= ANSWER_FROM, sure < CHOOSE_FROM
        print(
            f"{kind:<10} {len(of_kind):>5} {right.mean():>6.3f} {answer.mean():>7.3f} "
            f"{right[answer].mean() if answer.any() else 0:>8.3f} "
            f"{(~answer & ~unknown).mean():>7.3f} {unknown.mean():>8.3f}"
        )


if __name__ == "__main__":
    main()
