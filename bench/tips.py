"""How well and how fast the tip search answers.

    python -m bench.tips [DOCS.jsonl QUERIES.jsonl] [--language nl] [--oos OOS.jsonl]

Without files: the city's own tips, and two questions for each that their authors wrote without looking at what the
search found. Document lines are `{id, title, alternates?, text, language}`, query lines `{query, relevant_id}` (null:
there is no answer). Documents go the way of every tip: into the database, and through the search port. Another process
writes them, as other workers do in a city, so that `rss_mb` is the most that a process which only answers ever held:
Python, the database driver and the index while it was made.

`python -m bench.collections.tips` makes a large set. `p99_cpu_ms` is the same as `p99_ms`, without the time that other
programs took.

`answered_right` and `answered_wrong` are shares of the questions with an answer that the shipped threshold shows a tip
for; `offered` of those it lets the person choose for, the right one among them. `oos_answered` and `oos_offered` are
the same for questions without an answer, and `auroc` is how well the confidence tells the two kinds apart.
`calibration_error` is how far on average the confidence is from the share of first tips that are right. The last
line printed is one JSON object.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import resource
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from adapters.database.engine import DatabaseUnits, open_engine
from adapters.search.embedded import EmbeddedSearch
from domain.tables import Table
from domain.tips.bringing import import_tips, published_row, upsert_tips
from domain.tips.ports import Hit
from domain.tips.reading import Synonyms
from domain.tips.rules import to_show, zone_of
from domain.tips.tip import Audience, Origin, Source, Tip, Zone

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "bench" / "data"
DEEP = 10
PAGE = 500


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, the id of its answer (None: it has none), and what was found."""

    answer: str | None
    hits: Sequence[Hit]

    @property
    def rank(self) -> int | None:
        ids = [hit.tip_id for hit in self.hits]
        return ids.index(self.answer) + 1 if self.answer in ids else None

    @property
    def zone(self) -> Zone:
        return zone_of(self.hits)

    @property
    def shown(self) -> bool:
        """Whether the right tip is among what the person gets to see."""
        return self.answer in [hit.tip_id for hit in to_show(self.zone, self.hits)]


class NoDoorbell:
    async def ring(self, job_id: str, due: object) -> None:
        """Importing tips leaves no jobs."""


def documents(path: Path, language: str) -> Iterator[Tip]:
    """One by one: a hundred thousand of them are not to be in memory beside the index."""
    with path.open(encoding="utf-8") as lines:
        for line in map(json.loads, lines):
            yield Tip(
                id=line["id"],
                language=line.get("language") or language,
                theme="bench",
                theme_name="Bench",
                audience=Audience.EVERYONE,
                title=line["title"],
                alternates=tuple(line.get("alternates") or ()),
                intro=line["text"],
                steps=(),
                phone=None,
                note=None,
                source=Source(path.name),
                related=(),
                checked=date(2026, 1, 1),
            )


async def store(units: DatabaseUnits, tips: Iterable[Tip], synonyms: Sequence[Synonyms]) -> int:
    """Publish all tips, a page at a time. Returns how many."""
    async with units() as unit:
        await import_tips(unit, (), synonyms)
    count = 0
    waiting = iter(tips)
    while page := list(islice(waiting, PAGE)):
        async with units() as unit:
            by_file = {"origin": Origin.FILE, "author_id": None, "published_by": None}
            await upsert_tips(unit, [published_row(unit, tip) | by_file for tip in page])
        count += len(page)
    return count


def questions(path: Path) -> list[tuple[str, str | None]]:
    lines = map(json.loads, path.read_text("utf-8").splitlines())
    return [(line["query"], line.get("relevant_id")) for line in lines]


async def _publish(url: str, docs: Path | None, language: str) -> int:
    """The documents, or without any the city's own tips; with the city's synonyms."""
    from adapters.organisation.tips import load_tips

    own = load_tips(ROOT / "organisation")
    engine = open_engine(url)
    try:
        async with engine.begin() as connection:
            await connection.run_sync(Table.metadata.create_all)
        tips = own.tips if docs is None else documents(docs, language)
        return await store(DatabaseUnits(engine, NoDoorbell()), tips, own.synonyms)
    finally:
        await engine.dispose()


def publish(url: str, docs: Path | None, language: str) -> int:
    return asyncio.run(_publish(url, docs, language))


async def measure(
    docs: Path | None,
    asked: Sequence[tuple[str, str | None]],
    elsewhere: Sequence[tuple[str, str | None]],
    language: str,
) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        url = f"sqlite+aiosqlite:///{folder}/tips.db"
        with ProcessPoolExecutor(1, get_context("spawn")) as another:
            stored = await asyncio.wrap_future(another.submit(publish, url, docs, language))
        engine = open_engine(url)
        search = EmbeddedSearch(DatabaseUnits(engine, NoDoorbell()))
        try:
            started = time.perf_counter()
            await search.refresh()
            index_s = time.perf_counter() - started
            found, took, worked = [], [], []
            for question, answer in asked:
                started, began = time.perf_counter(), time.thread_time()
                hits = await search.search(question, language, limit=DEEP)
                took.append(time.perf_counter() - started)
                worked.append(time.thread_time() - began)
                found.append(Asked(answer, hits))
            others = [Asked(None, await search.search(q, language, limit=DEEP)) for q, _ in elsewhere]
        finally:
            await search.close()
            await engine.dispose()
    with_answer = [one for one in found if one.answer is not None]
    figures: dict[str, Any] = {
        "tips": stored,
        "queries": len(with_answer),
        "recall_at_1": _share(one.rank == 1 for one in with_answer),
        "recall_at_3": _share((one.rank or 99) <= 3 for one in with_answer),
        "mrr_at_10": round(sum(1 / one.rank for one in with_answer if one.rank) / (len(with_answer) or 1), 4),
        "queries_per_s": round(len(took) / sum(took), 1),
        "p99_ms": round(sorted(took)[int(len(took) * 0.99)] * 1000, 3),
        "p99_cpu_ms": round(sorted(worked)[int(len(worked) * 0.99)] * 1000, 3),
        "index_s": round(index_s, 3),
        "rss_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
        "answered_right": _share(one.zone is Zone.ANSWER and one.shown for one in with_answer),
        "answered_wrong": _share(one.zone is Zone.ANSWER and not one.shown for one in with_answer),
        "offered": _share(one.zone is Zone.CHOOSE and one.shown for one in with_answer),
        "not_known": _share(one.zone is Zone.UNKNOWN for one in with_answer),
        "calibration_error": _calibration_error([(_sure(one), one.rank == 1) for one in with_answer]),
    }
    without = others + [one for one in found if one.answer is None]
    if without:
        figures |= {
            "auroc": _auroc([_sure(one) for one in with_answer], [_sure(one) for one in without]),
            "oos_answered": _share(one.zone is Zone.ANSWER for one in without),
            "oos_offered": _share(one.zone is Zone.CHOOSE for one in without),
        }
    return figures


def _sure(one: Asked) -> float:
    return one.hits[0].confidence if one.hits else 0.0


def _calibration_error(sure: Sequence[tuple[float, bool]]) -> float:
    """The expected calibration error over tenths of the confidence: 0 when of the tips that we are 70 % sure of,
    70 % are right."""
    tenths: dict[int, list[tuple[float, bool]]] = {}
    for one in sure:
        tenths.setdefault(min(int(one[0] * 10), 9), []).append(one)
    gaps = [abs(sum(p - right for p, right in tenth)) for tenth in tenths.values()]
    return round(sum(gaps) / (len(sure) or 1), 4)


def _share(hits: Any) -> float:
    values = list(hits)
    return round(sum(values) / len(values), 4) if values else 0.0


def _auroc(inside: Sequence[float], outside: Sequence[float]) -> float:
    """How often a question with an answer has the higher confidence of a random pair; ties count for half."""
    wins = sum((one > other) + 0.5 * (one == other) for one in inside for other in outside)
    return round(wins / (len(inside) * len(outside)), 4)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.tips", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("docs", type=Path, nargs="?")
    parser.add_argument("queries", type=Path, nargs="?")
    parser.add_argument("--language", default="nl")
    parser.add_argument("--oos", type=Path)
    given = parser.parse_args()
    if given.docs is None:
        queries, oos = DATA / "tips.jsonl", given.oos or DATA / "tips_oos.jsonl"
    elif given.queries is None:
        parser.error("give both DOCS.jsonl and QUERIES.jsonl, or neither")
    else:
        queries, oos = given.queries, given.oos
    figures = asyncio.run(
        measure(given.docs, questions(queries), questions(oos) if oos else [], given.language)
    )
    for name, value in figures.items():
        print(f"{name:<16} {value:>10}")
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
