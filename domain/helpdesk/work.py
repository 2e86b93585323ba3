"""The helpdesk's jobs beside telling: turns are given, and what touches many is done page by page."""

from __future__ import annotations

from sqlalchemy import select

from domain.actor import Role
from domain.chats.actions import show
from domain.desk import Desk
from domain.errors import Conflict, NotFound
from domain.helpdesk import actions
from domain.helpdesk.actions import Say
from domain.helpdesk.assigning import SHARE, give_turn
from domain.helpdesk.majors import INFORM, PAGE, RESOLVE_PARTS
from domain.helpdesk.models import major_followers, tickets
from domain.helpdesk.reading import load_ticket
from domain.helpdesk.rules import OPEN
from domain.jobs.handling import ClaimedJob, JobHandler

NEWS = "ticket.news"
"""View of a piece of news about a major incident, for whom it touches."""


def handlers(desk: Desk) -> dict[str, JobHandler]:
    async def share(job: ClaimedJob) -> None:
        async with desk.units() as unit:
            try:
                await give_turn(unit, desk, await load_ticket(unit, job.payload["ticket"]))
            except Conflict:
                return  # an agent was first

    async def inform(job: ClaimedJob) -> None:
        """The requester of the main ticket and of its parts first, then who follows it; a page per job."""
        main, news_id, after = (job.payload[name] for name in ("ticket", "news", "after"))
        followers = job.payload.get("followers", False)
        async with desk.units() as unit:
            if followers:
                statement = (
                    select(major_followers.c.person_id, major_followers.c.person_id)
                    .where(major_followers.c.ticket_id == main, major_followers.c.person_id > after)
                    .order_by(major_followers.c.person_id)
                )
            else:
                statement = (
                    select(tickets.c.id, tickets.c.requester_id)
                    .where(tickets.c.parent_id == main)
                    .order_by(tickets.c.id)
                )
                statement = statement.where(tickets.c.id > after) if after else statement
            rows = (await unit.db.execute(statement.limit(PAGE))).all()
            people = [row[1] for row in rows]
            if not followers and not after:
                people.insert(0, (await load_ticket(unit, main)).requester_id)
            told = job.payload.get("told", "")
            for person_id in dict.fromkeys(people):
                if person_id != told and await desk.directory.person(person_id) is not None:
                    await show(unit, NEWS, news_id, person_id)
            rest = {"ticket": main, "news": news_id, "told": told}
            if len(rows) == PAGE:
                page = {**rest, "after": rows[-1][0], "followers": followers}
                await unit.enqueue(INFORM, page, key=f"inform:{news_id}:{followers}:{rows[-1][0]}")
            elif not followers:
                page = {**rest, "after": "", "followers": True}
                await unit.enqueue(INFORM, page, key=f"inform:{news_id}:followers")

    async def resolve_parts(job: ClaimedJob) -> None:
        """As the agent who asked for it, with the rights they have now. A part that moved on is left alone."""
        main, by, words, after = (job.payload[name] for name in ("ticket", "by", "text", "after"))
        person = await desk.directory.person(by)
        if person is None or Role.AGENT not in person.roles:
            return
        statement = select(tickets.c.id).where(
            tickets.c.parent_id == main, tickets.c.state.in_([state.value for state in OPEN])
        )
        statement = statement.where(tickets.c.id > after) if after else statement
        async with desk.units.read() as unit:
            page = (await unit.db.execute(statement.order_by(tickets.c.id).limit(PAGE))).scalars().all()
        for part in page:
            async with desk.units() as unit:
                try:
                    await actions.resolve(
                        unit,
                        person.as_actor(),
                        Say(part, words),
                        desk.organisation.helpdesk,
                        key=f"{job.payload['key']}:{part}",
                    )
                except (Conflict, NotFound):
                    continue
        if len(page) == PAGE:
            async with desk.units() as unit:
                rest = {**job.payload, "after": page[-1]}
                await unit.enqueue(RESOLVE_PARTS, rest, key=f"{job.payload['key']}:after:{page[-1]}")

    return {SHARE: share, INFORM: inform, RESOLVE_PARTS: resolve_parts}
