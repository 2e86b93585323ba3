"""Who asked what no tip answered hears of the tip that does, once it is there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from domain.actor import Actor
from domain.chats.actions import show
from domain.desk import Desk
from domain.errors import NotFound
from domain.jobs.handling import ClaimedJob, JobHandler
from domain.tips.cluster import ClusterState
from domain.tips.clusters import find_cluster
from domain.tips.finding import tip_for
from domain.tips.models import QuestionRow
from domain.tips.tip import Tip
from domain.unit import Unit

TELL_ASKERS = "tips.tell_askers"
"""Job kind: a page of the people who asked the questions of a cluster. Payload `{cluster, after}`."""
ANSWERED = "tips.answered"
"""View of an answered cluster for somebody who asked it."""
PAGE = 100
STILL_ASKING = timedelta(days=180)
"""Who asked longer ago than this has found another way by now."""


@dataclass(frozen=True, slots=True)
class LateAnswer:
    """What somebody asked at the time, and the tip that answers it."""

    question_id: str
    text: str
    tip: Tip


async def tell_askers(unit: Unit, cluster_id: str, after: str = "") -> None:
    payload = {"cluster": cluster_id, "after": after}
    await unit.enqueue(TELL_ASKERS, payload, key=f"askers:{cluster_id}:{after}")


async def access_late_answer(unit: Unit, actor: Actor, cluster_id: str) -> LateAnswer:
    """For who asked one of its questions. Raises `NotFound` for all others, and while there is no tip that is for
    them."""
    cluster = await find_cluster(unit, cluster_id)
    if cluster is None or cluster.state is not ClusterState.ANSWERED or cluster.tip_id is None:
        raise NotFound("This tip does not exist (any more).")
    mine = (
        select(QuestionRow.id, QuestionRow.text)
        .where(QuestionRow.cluster_id == cluster.id, QuestionRow.person_id == actor.id)
        .order_by(QuestionRow.id.desc())
        .limit(1)
    )
    question = (await unit.db.execute(mine)).one_or_none()
    if question is None:
        raise NotFound("This tip does not exist (any more).")
    return LateAnswer(question.id, question.text, await tip_for(unit, actor, cluster.tip_id))


def handlers(desk: Desk) -> dict[str, JobHandler]:
    async def tell(job: ClaimedJob) -> None:
        """Repeating it shows the same card in the same place once more."""
        cluster_id, after = job.payload["cluster"], job.payload["after"]
        async with desk.units() as unit:
            waiting = (
                select(QuestionRow.person_id)
                .where(
                    QuestionRow.cluster_id == cluster_id,
                    QuestionRow.person_id > after,
                    QuestionRow.at > unit.now - STILL_ASKING,
                )
                .group_by(QuestionRow.person_id)
                .order_by(QuestionRow.person_id)
                .limit(PAGE)
            )
            people = (await unit.db.execute(waiting)).scalars().all()
            for person_id in people:
                person = await desk.directory.person(person_id)
                if person is not None and person.active:
                    await show(unit, ANSWERED, cluster_id, person_id)
            if len(people) == PAGE:
                await tell_askers(unit, cluster_id, people[-1])

    return {TELL_ASKERS: tell}
