"""The decision log of a period: who decided what, when, in whose place and why; as pages, as CSV and as JSON."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum

from sqlalchemy import or_, select

from domain.actor import Actor, Role
from domain.approvals.approval import LogLine
from domain.approvals.models import ApprovalRow, DecisionRow
from domain.approvals.reading import log_line
from domain.errors import Conflict, Forbidden, Invalid
from domain.people.names import names_of
from domain.people.ports import Directory
from domain.unit import Unit, Units

LINK = "decisions"
"""The kind of a link to an export; its subject is `FIRST:LAST:TYPE`."""
PAGE = 500
LONGEST = timedelta(days=366 * 3)
COLUMNS = (
    "at",
    "number",
    "kind",
    "title",
    "requester_id",
    "requester",
    "round",
    "stage",
    "event",
    "person_id",
    "person",
    "in_place_of",
    "to",
    "comment",
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class FileType(StrEnum):
    CSV = "csv"
    JSON = "json"

    @property
    def content_type(self) -> str:
        return "text/csv" if self is FileType.CSV else "application/json"


@dataclass(frozen=True, slots=True)
class Period:
    """Days as the city counts them, both included."""

    first_day: date
    last_day: date

    def moments(self, zone: tzinfo) -> tuple[datetime, datetime]:
        """From the first moment of it to the first moment after it, in UTC."""
        start = datetime.combine(self.first_day, time(), zone)
        end = datetime.combine(self.last_day + timedelta(days=1), time(), zone)
        return start.astimezone(UTC), end.astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the log, and the approval that it is about."""

    id: str
    number: str
    kind: str
    title: str
    requester_id: str
    line: LogLine


@dataclass(frozen=True, slots=True)
class Export:
    period: Period
    file_type: FileType

    @property
    def name(self) -> str:
        days = f"{self.period.first_day}-{self.period.last_day}"
        return f"beslissingen-{days}.{self.file_type.value}"

    @property
    def subject(self) -> str:
        return f"{self.period.first_day}:{self.period.last_day}:{self.file_type.value}"


def may_export(actor: Actor) -> bool:
    return actor.has(Role.INFORMATION_MANAGER) or actor.has(Role.ADMIN)


def check_export(actor: Actor, first_day: date, last_day: date, file_type: FileType) -> Export:
    """Raises `Forbidden` for who may not have it, and `Invalid` (field `last_day`) for a period that is none."""
    if not may_export(actor):
        raise Forbidden("The decision log is for information managers.")
    if last_day < first_day:
        raise Invalid("The last day comes before the first.", field="last_day")
    if last_day - first_day > LONGEST:
        raise Invalid("At most three years at a time.", field="last_day")
    return Export(Period(first_day, last_day), file_type)


async def redeem(unit: Unit, actor: Actor, subject: str, token: str) -> Export:
    """What a link is good for: once, and for who may have it now. Raises `Conflict` the second time."""
    first, last, file_type = subject.split(":")
    export = check_export(actor, date.fromisoformat(first), date.fromisoformat(last), FileType(file_type))
    key = hashlib.sha256(token.encode()).hexdigest()
    if await unit.once(actor.id, f"{LINK}:{key}", subject, subject) is not None:
        raise Conflict("This link was used already. Ask for a new one in Teams.")
    return export


async def log_page(
    unit: Unit, period: Period, zone: tzinfo, *, after: tuple[datetime, str] | None = None, limit: int = PAGE
) -> list[Entry]:
    """Lines of this period, the oldest first, after the one with this moment and id."""
    start, end = period.moments(zone)
    where = [DecisionRow.at >= start, DecisionRow.at < end]
    if after is not None:
        at, last = after
        where += [DecisionRow.at >= at, or_(DecisionRow.at > at, DecisionRow.id > last)]
    about = (ApprovalRow.number, ApprovalRow.kind, ApprovalRow.title, ApprovalRow.requester_id)
    rows = await unit.db.execute(
        select(DecisionRow, *about)
        .join(ApprovalRow, ApprovalRow.id == DecisionRow.approval_id)
        .where(*where)
        .order_by(DecisionRow.at, DecisionRow.id)
        .limit(limit)
    )
    return [Entry(row.id, row.number, row.kind, row.title, row.requester_id, log_line(row)) for row in rows]


async def write_log(units: Units, directory: Directory, zone: tzinfo, export: Export) -> AsyncIterator[bytes]:
    """The file, a page at a time: however long the period, no more than a page is in memory."""
    writer = _csv if export.file_type is FileType.CSV else _json
    first, after = True, None
    while True:
        async with units.read() as unit:
            page = await log_page(unit, export.period, zone, after=after)
        lines = [await _values(directory, entry) for entry in page]
        yield writer(lines, first)
        first = False
        if len(page) < PAGE:
            break
        after = (page[-1].line.at, page[-1].id)
    if export.file_type is FileType.JSON:
        yield b"\n]\n"


async def _values(directory: Directory, entry: Entry) -> dict[str, str | int]:
    line = entry.line
    people = [entry.requester_id, line.person_id, *line.to_ids, *([line.for_id] if line.for_id else [])]
    names = await names_of(directory, people)
    return {
        "at": line.at.isoformat(timespec="seconds"),
        "number": entry.number,
        "kind": entry.kind,
        "title": entry.title,
        "requester_id": entry.requester_id,
        "requester": names[entry.requester_id],
        "round": line.round,
        "stage": line.stage + 1,
        "event": line.event.value,
        "person_id": line.person_id,
        "person": names[line.person_id],
        "in_place_of": names[line.for_id] if line.for_id else "",
        "to": ", ".join(names[person] for person in line.to_ids),
        "comment": line.comment,
    }


def _csv(lines: Sequence[Mapping[str, str | int]], first: bool) -> bytes:
    """With semicolons and a byte order mark, as a spreadsheet here opens it. A cell that a spreadsheet would take for
    a formula starts with an apostrophe: people typed these texts."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    if first:
        text.write("\ufeff")
        writer.writerow(COLUMNS)
    for line in lines:
        writer.writerow([_cell(line[name]) for name in COLUMNS])
    return text.getvalue().encode()


def _cell(value: str | int) -> str | int:
    if isinstance(value, str) and value.lstrip(" \n\ufeff").startswith(_FORMULA):
        return f"'{value}"
    return value


def _json(lines: Sequence[Mapping[str, str | int]], first: bool) -> bytes:
    written = ",\n".join(json.dumps(line, ensure_ascii=False) for line in lines)
    opening = "[\n" if first else ",\n" if written else ""
    return f"{opening}{written}".encode()
