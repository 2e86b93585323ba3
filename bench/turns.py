"""What one turn of a conversation costs, and what a cold start costs.

    python -m bench.turns [--seconds 3] [--rounds 3]

Four bots answer the same load in turns, through the same connector, each in a process of its own:

- `stock_echo`  Microsoft's echo sample on botbuilder, its authentication off;
- `tip`         Wijzer answers a question with a tip out of all shipped ones, authentication on;
- `ticket`      Wijzer makes a ticket of a filled-in form, with its commit in SQLite, authentication on;
- `floor`       aiohttp and pydantic read an activity and post a reply, nothing more.

`cpu_ms` is CPU time of the serving process per turn; a turn lasts from the request until its answer, with the reply
posted in between. Rounds are interleaved and the median round counts. `slow_connector` has replies that take 150 ms, at
64 turns at once. `cold_start` compares importing the function app with importing just the packages that it cannot do
without, best of fresh processes. The last line printed is one JSON object.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import statistics
import tempfile
from itertools import count, islice
from pathlib import Path
from typing import Any

import aiohttp

from adapters.organisation.tips import load_tips
from bench.serving.imports import cold_start
from bench.serving.load import Bodies, Bot, Load, Make, Round, activities, serving
from tests.servers.token_issuer import APP_ID, PASSWORD, TENANT_ID, TokenIssuer
from wiring.settings import ROOT

AT_ONCE = 8
AT_ONCE_SLOW = 64
CANDIDATES = 150
PEOPLE = 20
ORGANISATION = ROOT / "organisation"
INCIDENT = {
    "kind": "incident",
    "text": "Mijn laptop start niet meer op en ik kan niet verder.",
    "urgency": "high",
    "impact": "low",
}


async def answered_by_a_tip(load: Load, desk: Bot, make: Make) -> list[str]:
    """Ways of asking that the desk answers with a tip at once: it is free to take some for something else."""
    asked = [way for tip in load_tips(ORGANISATION).tips if tip.language == "nl" for way in tip.alternates]
    kept = []
    for question in random.Random(8500).sample(asked, min(CANDIDATES, len(asked))):  # noqa: S311
        before = (await load.counted()).get("tips", 0)
        await load.turn(desk, make({"text": question}), load.service_url)
        if (await load.counted()).get("tips", 0) > before:
            kept.append(question)
    print(
        f"{len(kept)} of {min(CANDIDATES, len(asked))} ways of asking are answered with a tip at once: those are used."
    )
    return kept


def repeated(make: Make, more: list[dict[str, Any]]) -> Bodies:
    for number in count():
        yield make(more[number % len(more)])


async def people_of(folder: Path) -> list[tuple[str, str]]:
    """Those who read the language of the questions: others are offered a choice where these get the answer."""
    from adapters.organisation.loader import load_organisation

    organisation = await asyncio.to_thread(load_organisation, folder)
    reading = (person for person in organisation.people if person.language == "nl")
    return [(person.id, person.object_id) for person in islice(reading, PEOPLE)]


async def measure(seconds: float, rounds: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        async with (
            TokenIssuer(Path(folder)) as issuer,
            serving("connector") as connector,
            serving("stock_echo") as stock,
            serving("floor") as floor,
            serving(
                "desk",
                DATABASE_URL=f"sqlite+aiosqlite:///{folder}/bench.db",
                WIJZER_BOT_APP_ID=APP_ID,
                WIJZER_BOT_APP_PASSWORD=PASSWORD,
                WIJZER_BOT_TENANT_ID=TENANT_ID,
                WIJZER_OPENID_METADATA_URL=issuer.metadata_url,
                WIJZER_LOGIN_URL=issuer.login_url,
                SSL_CERT_FILE=str(issuer.ca_file),
            ) as desk,
            aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session,
        ):
            load = Load(session, issuer, connector)
            people = await people_of(ORGANISATION)
            make = activities(load.service_url, people)
            questions: list[dict[str, Any]] = [
                {"text": text} for text in await answered_by_a_tip(load, desk, make)
            ]
            if not questions:
                raise SystemExit("no question is answered with a tip")
            slow = activities(load.slow_url, people)
            pressed = {"action": {"type": "Action.Execute", "verb": "helpdesk.submit", "data": INCIDENT}}
            press = activities(
                load.service_url,
                people,
                type="invoke",
                name="adaptiveCard/action",
                value=pressed,
                replyToId="act-1",
            )
            answer = await load.turn(desk, press({}), load.service_url)
            if "I-2" not in json.dumps(answer):
                raise SystemExit(f"the form made no ticket: {json.dumps(answer)[:300]}")

            kinds: dict[str, tuple[Bot, Bodies]] = {
                "stock_echo": (stock, repeated(make, questions)),
                "tip": (desk, repeated(make, questions)),
                "ticket": (desk, repeated(press, [{}])),
                "floor": (floor, repeated(make, questions)),
            }
            slow_kinds = {
                "tip": (desk, repeated(slow, questions)),
                "floor": (floor, repeated(slow, questions)),
            }
            for bot, bodies in kinds.values():
                await load.round(bot, bodies, load.service_url, AT_ONCE, 0.5)  # warm up
            measured: dict[str, list[Round]] = {name: [] for name in kinds}
            measured_slow: dict[str, list[float]] = {name: [] for name in slow_kinds}
            for _ in range(rounds):
                for name, (bot, bodies) in kinds.items():
                    measured[name].append(await load.round(bot, bodies, load.service_url, AT_ONCE, seconds))
                for name, (bot, bodies) in slow_kinds.items():
                    one = await load.round(bot, bodies, load.slow_url, AT_ONCE_SLOW, seconds)
                    measured_slow[name].append(one.turns_per_s)
    figures: dict[str, Any] = {name: median_of(found) for name, found in measured.items()}
    figures["slow_connector"] = {
        name: round(statistics.median(found), 1) for name, found in measured_slow.items()
    }
    return figures


def median_of(found: list[Round]) -> dict[str, float]:
    return {
        name: round(statistics.median(getattr(one, name) for one in found), 2)
        for name in ("turns_per_s", "cpu_ms", "p50_ms", "p99_ms")
    }


def show(figures: dict[str, Any]) -> None:
    stock = figures["stock_echo"]["turns_per_s"]
    print(f"{'':12}{'turns/s':>10}{'x stock':>9}{'CPU ms':>9}{'p50 ms':>9}{'p99 ms':>9}")
    for name in ("stock_echo", "tip", "ticket", "floor"):
        row = figures[name]
        print(
            f"{name:12}{row['turns_per_s']:10.0f}{row['turns_per_s'] / stock:9.1f}"
            f"{row['cpu_ms']:9.2f}{row['p50_ms']:9.1f}{row['p99_ms']:9.1f}"
        )
    slow, cold = figures["slow_connector"], figures["cold_start"]
    print(
        f"\nreplies of 150 ms, {AT_ONCE_SLOW} at once: tip {slow['tip']:.0f} turns/s, floor {slow['floor']:.0f}: "
        f"{slow['tip'] / slow['floor']:.0%}"
    )
    print(
        f"cold start: {cold['import_s']:.2f} s to import, of which {cold['unavoidable_import_s']:.2f} s unavoidable "
        f"({cold['import_s'] / cold['unavoidable_import_s']:.2f} x), {cold['rss_mb']:.0f} MB"
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m bench.turns", description=(__doc__ or "").split("\n\n")[0]
    )
    parser.add_argument("--seconds", type=float, default=3.0, help="per bot and round (3)")
    parser.add_argument("--rounds", type=int, default=3, help="(3)")
    given = parser.parse_args()
    figures = asyncio.run(measure(given.seconds, given.rounds))
    figures["cold_start"] = cold_start()
    show(figures)
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
