"""A large collection of tips to measure the search on: `python -m bench.collections.tips 100000 FOLDER`.

Writes `docs.jsonl` and `queries.jsonl` for `python -m bench.tips`. Every tip is mixed from sentences, titles and ways
of asking of the city's own Dutch tips, so that its words are as usual and as alike as those of real ones. Collections
grow new words for ever, about with the square root of their size (Heaps' law), most of them compounds, names and codes:
such a word is made of two that there are, and told again in some later tips. A question is what a tip was made from:
one of its ways of asking, with a word left out, and sometimes a slip of the fingers. The same number gives the same
collection.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
NEW_WORDS = 150
"""Times the square root of the number of tips: how many words it has that the city's own tips do not have."""
QUESTIONS = 300
SLIPS = 0.3


def collection(tips: int, seed: int = 1) -> tuple[Iterator[dict[str, Any]], list[dict[str, str]]]:
    """The documents, one by one, and questions that some of them answer. Ask for the questions when all documents were
    made."""
    from adapters.organisation.tips import load_tips

    random_ = random.Random(seed)  # noqa: S311 - nobody has to be unable to guess it
    own = [tip for tip in load_tips(ROOT / "organisation").tips if tip.language == "nl"]
    asked = [phrase.split() for tip in own for phrase in (tip.title, *tip.alternates)]
    sentences = [sentence for tip in own for sentence in tip.text.replace("\n", " ").split(". ") if sentence]
    words = sorted({word.lower() for sentence in sentences for word in sentence.split() if word.isalpha()})
    lengths = [len(tip.text.replace("\n", " ").split(". ")) for tip in own]
    queries: list[dict[str, str]] = []
    asks = set(random_.sample(range(tips), min(QUESTIONS, tips)))

    def mixed() -> list[str]:
        """The beginning of one way of asking, and the end of another."""
        one, other = random_.choice(asked), random_.choice(asked)
        return one[: (len(one) + 1) // 2] + other[len(other) // 2 :]

    def documents() -> Iterator[dict[str, Any]]:
        made: list[str] = []
        for number in range(tips):
            rare = random_.choice(made) if made and random_.random() < 0.2 else ""
            while len(made) < NEW_WORDS * (number + 1) ** 0.5:
                rare = random_.choice(words) + random_.choice(words)
                made.append(rare)
            phrases = [mixed() for _ in range(random_.randint(1, 6))]
            text = [*random_.choices(sentences, k=random_.choice(lengths)), rare]
            if rare and random_.random() < 0.3:
                phrases[-1].append(rare)
            if number in asks:
                queries.append({"query": _asked(random_, phrases[-1]), "relevant_id": f"tip-{number:06}"})
            title, *alternates = map(" ".join, phrases)
            yield {
                "id": f"tip-{number:06}",
                "title": title,
                "alternates": alternates,
                "text": ". ".join(text),
                "language": "nl",
            }

    return documents(), queries


def _asked(random_: random.Random, phrase: list[str]) -> str:
    words = list(phrase)
    if len(words) > 3:
        del words[random_.randrange(len(words))]
    if random_.random() < SLIPS:
        at = max(range(len(words)), key=lambda place: len(words[place]))
        swapped = random_.randrange(1, max(2, len(words[at]) - 1))
        pairs = list(pairwise(words[at]))
        if swapped < len(pairs):
            one, other = pairs[swapped]
            words[at] = words[at][:swapped] + other + one + words[at][swapped + 2 :]
    return " ".join(words)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("tips", type=int)
    parser.add_argument("folder", type=Path)
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    documents, queries = collection(given.tips)
    for name, lines in (("docs", documents), ("queries", queries)):
        with (given.folder / f"{name}.jsonl").open("w", encoding="utf-8") as file:
            file.writelines(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)


if __name__ == "__main__":
    main()
