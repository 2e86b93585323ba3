"""The decision log as a file: whole, in order, safe in a spreadsheet, and only for who may have it, once."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import os
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, text

from adapters.database import schema
from adapters.database.engine import DatabaseUnits, open_engine
from bot.approvals import decision_log as feature
from bot.turn import NOTHING
from domain.approvals.decision_log import (
    COLUMNS,
    LINK,
    PAGE,
    Export,
    FileType,
    Period,
    check_export,
    log_page,
    write_log,
)
from domain.approvals.models import DecisionRow
from domain.errors import Conflict, DeskError, Forbidden, Invalid
from domain.tables import new_id
from functions import files
from tests.approvals.conftest import Office
from tests.approvals.test_bot import CHANNEL, said, turn
from tests.cast import ORGANISATION, person
from tests.conftest import RungBells

TODAY = date(2026, 11, 23)
WEEK = Period(TODAY, TODAY + timedelta(days=6))


async def written(office: Office, file_type: FileType, period: Period = WEEK) -> str:
    zone = office.desk.organisation.calendar.zone
    export = Export(period, file_type)
    parts = [part async for part in write_log(office.units, office.desk.directory, zone, export)]
    return b"".join(parts).decode()


async def some(office: Office) -> None:
    one, two = await office.ask(), await office.ask()
    office.clock.forward(hours=1)
    await office.approve(one, "bram", '=HYPERLINK(1);"ja"\nen nog iets')
    office.clock.forward(days=1)
    await office.delegate(two, "carla", "dirk")
    await office.refuse(two, "dirk", "-2+3 is te duur")


async def test_the_same_lines_as_csv_and_as_json_the_oldest_first(office: Office) -> None:
    await some(office)
    rows = list(
        csv.DictReader(io.StringIO((await written(office, FileType.CSV)).lstrip("\ufeff")), delimiter=";")
    )
    lines = json.loads(await written(office, FileType.JSON))
    assert [row["event"] for row in rows] == ["asked", "asked", "approved", "delegated", "refused"]
    assert [line["event"] for line in lines] == [row["event"] for row in rows]
    assert tuple(rows[0]) == COLUMNS == tuple(lines[0])
    assert (rows[4]["person"], rows[4]["in_place_of"]) == ("Dirk Peeters", "Carla Maes")
    assert rows[3]["to"] == "Dirk Peeters"
    assert lines[2]["comment"] == '=HYPERLINK(1);"ja"\nen nog iets'
    assert rows[2]["comment"] == '\'=HYPERLINK(1);"ja"\nen nog iets'
    assert rows[4]["comment"].startswith("'-2+3")


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", " =", "\n@"])
async def test_no_cell_starts_a_formula(office: Office, start: str) -> None:
    asked = await office.ask()
    async with office.units() as unit:
        await unit.db.execute(text("UPDATE approvals SET title = :title"), {"title": f"{start}SUM(A1)"})
    read = csv.reader(
        io.StringIO((await written(office, FileType.CSV)).lstrip("\ufeff"), newline=""), delimiter=";"
    )
    cells = [cell for row in read for cell in row]
    assert not [cell for cell in cells if cell.lstrip(" \n").startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert asked.title == "Een ding"


async def test_a_period_has_its_days_as_the_city_counts_them_and_no_others(office: Office) -> None:
    office.at("2026-11-22T22:59:00+00:00")  # a minute before Monday in Brussels
    await office.ask()
    office.at("2026-11-22T23:00:00+00:00")
    await office.ask()
    office.at("2026-11-29T22:59:59+00:00")  # the last second of Sunday
    await office.ask()
    office.at("2026-11-29T23:00:00+00:00")
    await office.ask()
    assert len(json.loads(await written(office, FileType.JSON))) == 2
    empty = Period(date(2020, 1, 1), date(2020, 1, 2))
    assert json.loads(await written(office, FileType.JSON, empty)) == []
    assert (await written(office, FileType.CSV, empty)).count("\n") == 1


async def test_many_lines_come_page_by_page_and_none_twice(office: Office) -> None:
    asked = await office.ask()
    same = {
        "approval_id": asked.id,
        "person_id": "bram",
        "outcome": "reminded",
        "comment": "",
        "at": office.clock.now,
    }
    async with office.units() as unit:  # all at one moment: the id tells them apart
        await unit.db.execute(insert(DecisionRow), [{"id": new_id(), **same} for _ in range(2 * PAGE + 3)])
    assert len(json.loads(await written(office, FileType.JSON))) == 2 * PAGE + 4


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_page_is_read_from_an_index(office: Office) -> None:
    async with office.units.read() as unit:
        await log_page(unit, WEEK, office.desk.organisation.calendar.zone)
        steps = (
            await unit.db.execute(
                text(
                    "EXPLAIN QUERY PLAN SELECT * FROM approval_decisions"
                    " WHERE at >= '2026' AND at < '2027' AND at >= '2026-03' AND (at > '2026-03' OR id > 'x')"
                    " ORDER BY at, id LIMIT 500"
                )
            )
        ).all()
    assert [step[3].split(" (")[0] for step in steps] == [
        "SEARCH approval_decisions USING INDEX ix_approval_decisions_at"
    ]


@pytest.mark.parametrize("who", ["amina", "bram", "fatima"])
async def test_it_is_for_information_managers_and_administrators(office: Office, who: str) -> None:
    with pytest.raises(Forbidden):
        check_export(person(who).as_actor(), TODAY, TODAY, FileType.CSV)
    with pytest.raises(Forbidden):
        await feature.form(turn(office, who))
    with pytest.raises(Forbidden):
        await feature.export(turn(office, who, first_day="2026-11-23", last_day="2026-11-29"))
    assert await feature.claims(turn(office, who, text="beslissingen exporteren")) == NOTHING


async def test_a_period_that_is_none_is_refused() -> None:
    els = person("els").as_actor()
    for first, last in ((TODAY, TODAY - timedelta(days=1)), (TODAY, TODAY + timedelta(days=5000))):
        with pytest.raises(Invalid):
            check_export(els, first, last, FileType.CSV)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_the_link_from_the_chat_works_once_for_who_asked_and_while_they_may(office: Office) -> None:
    await some(office)
    form = await feature.claims(turn(office, "els", text="Beslissingen exporteren"))
    assert "The decision log" in said(form.card)
    wrong = await feature.export(turn(office, "els", first_day="2026-11-29", last_day="2026-11-23"))
    assert "The last day comes before the first." in said(wrong.card)
    reply = await feature.export(
        turn(office, "els", first_day="2026-11-23", last_day="2026-11-29", file_type="csv")
    )
    assert reply.card is not None
    token = reply.card["actions"][0]["url"].rpartition("/")[2]
    opened = office.desk.links.open(token, office.clock.now)
    assert (opened.kind, opened.person_id) == (LINK, "els")
    answer = await files._decisions(office.desk, opened, token)
    assert answer.status_code == 200
    assert answer.get_body().decode("utf-8-sig").count("\r\n") == 6
    assert 'filename="beslissingen-2026-11-23-2026-11-29.csv"' in answer.headers["Content-Disposition"]
    with pytest.raises(Conflict):
        await files._decisions(office.desk, opened, token)
    with pytest.raises(DeskError):
        office.desk.links.open(token, office.clock.now + timedelta(hours=2))
    channel = await feature.claims(turn(office, "els", text="beslissingen exporteren", place=CHANNEL))
    assert channel.card is None


async def test_the_command_writes_the_same_file(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path / 'log.db'}"
    await schema.upgrade(url)
    engine = open_engine(url)
    async with DatabaseUnits(engine, RungBells())() as unit:
        row = {
            "id": new_id(),
            "kind": "site",
            "subject_id": new_id(),
            "number": "S-1",
            "title": "Été",
            "role": "",
        }
        approval = {**row, "requester_id": "amina", "state": "pending", "asked_at": unit.now}
        from domain.approvals.models import ApprovalRow

        await unit.db.execute(insert(ApprovalRow).values(approval))
        line = {
            "id": new_id(),
            "approval_id": row["id"],
            "person_id": "amina",
            "outcome": "asked",
            "comment": "",
        }
        await unit.db.execute(insert(DecisionRow).values(**line, at=unit.now))
        today = unit.now.date()
    await engine.dispose()
    period = ("--from", str(today - timedelta(days=1)), "--to", str(today + timedelta(days=1)))
    command = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "scripts.decisions", *period, "--format", "json"),
        stdout=asyncio.subprocess.PIPE,
        env=os.environ | {"DATABASE_URL": url, "WIJZER_ORGANISATION": str(ORGANISATION)},
    )
    output, _ = await command.communicate()
    assert command.returncode == 0
    (found,) = json.loads(output)
    assert (found["title"], found["requester"]) == ("Été", "Amina El Idrissi")
