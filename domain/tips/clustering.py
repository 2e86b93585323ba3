"""Puts each question that no tip answered with its like, and follows what becomes of them: run by a timer.

A cluster is led by its first question: what is like that one joins, so that a cluster never drifts away from what it
was about. Where to look is written down word by word: a question costs the same among a million as among a hundred.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from sqlalchemy import Row, exists, insert, select, text, update

from domain.actor import Role
from domain.authoring.draft import OPEN
from domain.chats.actions import show
from domain.desk import Desk
from domain.tables import new_id
from domain.tips.askers import tell_askers
from domain.tips.cluster import ClusterState
from domain.tips.clusters import VIEW, forget_words
from domain.tips.feedback import HandedTo
from domain.tips.feedback_models import ClusterRow, ClusterWordRow
from domain.tips.likeness import ALIKE, Gist, gist_of, likeness
from domain.tips.models import LOOSE, QuestionRow, TipDraftRow, TipRow
from domain.tips.tip import TipState
from domain.unit import Unit

BITE = 50
"""Questions per transaction."""
PER_WORD = 200
"""Clusters with one word that are looked at, the latest first."""
COMPARED = 25
"""Clusters that share the most words with a question, and are read."""


async def sweep_questions(desk: Desk) -> int:
    """Put what came in with its like. How many questions."""
    swept, page = 0, BITE
    while page == BITE:
        async with desk.units() as unit:
            await unit.hold("tip_clusters")
            loose = select(QuestionRow).where(text(LOOSE)).order_by(QuestionRow.id).limit(BITE)
            rows = (await unit.db.execute(loose)).all()
            for row in rows:
                cluster_id = await _join(unit, row)
                if row.handed_to == HandedTo.AUTHORS:
                    await tell_authors(unit, desk, cluster_id)
        page = len(rows)
        swept += page
    return swept


async def sweep_answered(desk: Desk) -> int:
    """Follow the tips that are being written: once one is published its askers are told, and when its draft was thrown
    away the questions are back on the list. How many clusters."""
    settled, after = 0, ""
    while True:
        async with desk.units() as unit:
            rows = await _drafted(unit, after)
            for row in rows:
                settled += await _settle(unit, row)
        if len(rows) < BITE:
            return settled
        after = rows[-1].id


async def tell_authors(unit: Unit, desk: Desk, cluster_id: str) -> None:
    """Somebody waits for their answer: a card for each author, or the one they have changes."""
    for author in await desk.directory.with_role(Role.TIP_AUTHOR):
        await show(unit, VIEW, cluster_id, author.id)


async def _join(unit: Unit, question: Row[Any]) -> str:
    gist = gist_of(question.text)
    cluster_id = await _like(unit, question.language, gist)
    unhelped = int(question.helped is False)
    if cluster_id is None:
        cluster_id = new_id()
        await _begin(unit, cluster_id, question, gist, unhelped)
    else:
        more = {
            "asked": ClusterRow.asked + 1,
            "unhelped": ClusterRow.unhelped + unhelped,
            "last_at": question.at,
        }
        await unit.db.execute(update(ClusterRow).where(ClusterRow.id == cluster_id).values(more))
    await unit.db.execute(
        update(QuestionRow).where(QuestionRow.id == question.id).values(cluster_id=cluster_id)
    )
    return cluster_id


async def _like(unit: Unit, language: str, gist: Gist) -> str | None:
    """The cluster whose first question is most like this one, if any is."""
    shared: Counter[str] = Counter()
    for key in sorted(gist.keys):
        known = (
            select(ClusterWordRow.cluster_id)
            .where(ClusterWordRow.language == language, ClusterWordRow.word == key)
            .order_by(ClusterWordRow.cluster_id.desc())
            .limit(PER_WORD)
        )
        shared.update((await unit.db.execute(known)).scalars())
    if not shared:
        return None
    nearest = [cluster_id for cluster_id, _ in shared.most_common(COMPARED)]
    leaders = await unit.db.execute(
        select(ClusterRow.id, ClusterRow.text).where(ClusterRow.id.in_(nearest)).order_by(ClusterRow.id)
    )
    likely, best = max((likeness(gist, gist_of(row.text)), row.id) for row in leaders)
    return str(best) if likely >= ALIKE else None


async def _begin(unit: Unit, cluster_id: str, question: Row[Any], gist: Gist, unhelped: int) -> None:
    row = {
        "id": cluster_id,
        "language": question.language,
        "state": ClusterState.OPEN,
        "text": question.text,
        "asked": 1,
        "unhelped": unhelped,
        "tip_id": None,
        "by_id": None,
        "first_at": question.at,
        "last_at": question.at,
        "changed_at": unit.now,
    }
    await unit.db.execute(insert(ClusterRow), row)
    keys = [
        {"language": question.language, "word": key, "cluster_id": cluster_id} for key in sorted(gist.keys)
    ]
    await unit.db.execute(insert(ClusterWordRow), keys)


async def _drafted(unit: Unit, after: str) -> list[Any]:
    """A page of clusters for which a tip is written, with when that was published and whether a draft of it is open."""
    working = exists().where(TipDraftRow.tip_id == ClusterRow.tip_id, TipDraftRow.state.in_(OPEN))
    page = (
        select(ClusterRow.id, ClusterRow.changed_at, TipRow.published_at, working.label("working"))
        .join(TipRow, (TipRow.id == ClusterRow.tip_id) & (TipRow.state == TipState.PUBLISHED), isouter=True)
        .where(ClusterRow.state == ClusterState.DRAFTED)
        .order_by(ClusterRow.id)
        .limit(BITE)
    )
    return list(await unit.db.execute(page.where(ClusterRow.id > after) if after else page))


async def _settle(unit: Unit, row: Row[Any]) -> int:
    """1 when its state changed."""
    answered = row.published_at is not None and row.published_at >= row.changed_at
    if not answered and row.working:
        return 0
    values: dict[str, Any] = {
        "state": ClusterState.ANSWERED if answered else ClusterState.OPEN,
        "changed_at": unit.now,
    }
    drafted = (ClusterRow.id == row.id, ClusterRow.state == ClusterState.DRAFTED)
    settled = await unit.db.execute(update(ClusterRow).where(*drafted).values(values))
    if settled.rowcount == 1 and answered:
        await forget_words(unit, row.id)
        await tell_askers(unit, row.id)
    return int(settled.rowcount)
