"""How often the desk understands what a message wants.

    python -m bench.intent [MESSAGES.jsonl] [--lines all|even|odd]

Without MESSAGES it runs on the odd lines of `bench/data/intent.jsonl`, real-style messages by a writer who saw none of
the examples. Those lines were never read while the examples were written, only their totals: they say what to expect
of new messages. The even lines were read after the first result, and examples were worded after those that were
misread; what `--lines even` gives is flattered.

Each line is `{text, language, label, also_ok}`. `first`: the share whose first guess is the label or in `also_ok`;
`offered`: the share where one of those is among what the person is offered. `sure` is the share that is acted upon at
once, and `sure_right` how many of those rightly. The last line printed is one JSON object.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from adapters.intents.embedded import EmbeddedIntents
from domain.intents.models import Guess, Intent
from wiring.settings import ROOT

MESSAGES = ROOT / "bench" / "data" / "intent.jsonl"


class Message(BaseModel):
    model_config = ConfigDict(frozen=True)

    text: str
    language: str
    label: Intent
    also_ok: tuple[Intent, ...] = ()


@dataclass(frozen=True, slots=True)
class Measured:
    message: Message
    guess: Guess

    @property
    def right(self) -> bool:
        return self._fits(self.guess.first)

    @property
    def offered(self) -> bool:
        return any(map(self._fits, self.guess.offered))

    def _fits(self, intent: Intent) -> bool:
        return intent is self.message.label or intent in self.message.also_ok


def read_messages(path: Path) -> list[Message]:
    return [
        Message.model_validate_json(line) for line in path.read_text("utf-8").splitlines() if line.strip()
    ]


def chosen(messages: Sequence[Message], lines: str) -> Sequence[Message]:
    """All messages, or those on the even or the odd lines, counted from 0."""
    return messages if lines == "all" else messages[lines == "odd" :: 2]


def share(measured: Sequence[Measured]) -> dict[str, float | int]:
    sure = [each for each in measured if each.guess.sure]
    return {
        "first": _mean([each.right for each in measured]),
        "offered": _mean([each.offered for each in measured]),
        "sure": _mean([each.guess.sure for each in measured]),
        "sure_right": _mean([each.right for each in sure]),
        "n": len(measured),
    }


def _mean(values: Sequence[bool]) -> float:
    return round(sum(values) / len(values), 4) if values else 0.0


def cpu_ms(intents: EmbeddedIntents, messages: Sequence[Message]) -> float:
    """CPU milliseconds per message, the messages repeated until the clock can tell."""
    rounds = max(1, 2_000 // len(messages))
    start = time.process_time()
    for _ in range(rounds):
        for message in messages:
            intents.guess(message.text, message.language)
    return round((time.process_time() - start) * 1000 / (rounds * len(messages)), 4)


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m bench.intent",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("messages", nargs="?", type=Path, default=MESSAGES)
    parser.add_argument("--lines", choices=["all", "even", "odd"], help="counted from 0")
    given = parser.parse_args()
    lines = given.lines or ("odd" if given.messages == MESSAGES else "all")
    messages = chosen(read_messages(given.messages), lines)
    intents = EmbeddedIntents(ROOT / "organisation")
    intents.load()
    measured = [Measured(each, intents.guess(each.text, each.language)) for each in messages]
    labels = {
        label.value: share([each for each in measured if each.message.label is label])
        for label in Intent
        if any(each.message.label is label for each in measured)
    }
    languages = {
        language: share([each for each in measured if each.message.language == language])
        for language in sorted({each.message.language for each in measured})
    }
    total = share(measured)
    for name, row in {**labels, **languages, "all": total}.items():
        print(f"{name:18}" + "  ".join(f"{column} {value:<6}" for column, value in row.items()))
    print("\ntaken for another:")
    mistaken = Counter((each.message.label, each.guess.first) for each in measured if not each.right)
    for (label, first), times in mistaken.most_common(15):
        print(f"{times:4}  {label} as {first}")
    print(
        json.dumps({**total, "labels": labels, "languages": languages, "cpu_ms": cpu_ms(intents, messages)})
    )


if __name__ == "__main__":
    main()
