"""Tips for flows: asked, searched, suggested and rated, as in chat."""

from __future__ import annotations

from collections.abc import Sequence

from connector.acting import key_of, on_behalf
from connector.authentication import Caller
from connector.operation import Answer, Call, Operation, Parameter
from connector.shapes import lookups
from connector.shapes import tips as shapes
from connector.shapes.base import present
from domain.actor import Actor
from domain.api_keys.models import Scope
from domain.authoring.writing import list_themes
from domain.desk import Desk
from domain.errors import Invalid
from domain.tables import is_id
from domain.tips.actions import RateTip, rate_tip, record_question
from domain.tips.finding import find_tips
from domain.tips.ports import Hit
from domain.tips.reading import access_tip, get_tips, list_tips
from domain.tips.rules import redact, searchable, to_show, zone_of
from domain.tips.tip import Tip, Zone
from domain.unit import Unit

TIP = {"tipId": Parameter("Tip ID", "The key of the tip.")}


async def ask(desk: Desk, caller: Caller, call: Call[None, shapes.Question]) -> Answer:
    """With a tip, up to three to choose from, or nothing. The question is kept, so that what nobody could answer
    becomes a tip."""
    wanted = call.body
    actor = await _asker(desk, caller, wanted.on_behalf_of)
    language = wanted.language or actor.language
    found = await find_tips(desk.tips, wanted.question, language, actor.team_id)
    asked = found.asked_by(actor.id, language, actor.team_id)
    async with desk.units() as unit:
        question_id = await record_question(
            unit, actor, asked, key_of("question", call.key, wanted.external_id)
        )
        tips = await _found(unit, actor, found.shown)
    answered = found.zone is Zone.ANSWER and bool(tips)
    return Answer(
        present(
            shapes.TipAnswer(
                questionId=question_id,
                answered=answered,
                zone=found.zone,
                answer=tips[0]["text"] if answered else None,
                tips=tips,
            )
        )
    )


async def search(desk: Desk, caller: Caller, call: Call[shapes.TipSearch, None]) -> Answer:
    """What comes nearest, without keeping the question."""
    wanted = call.query
    language = wanted.language or caller.actor.language
    asked, team_id = redact(searchable(wanted.text)).text, caller.actor.team_id
    hits = await desk.tips.search(asked, language, limit=wanted.top, team_id=team_id)
    async with desk.units.read() as unit:
        return Answer(shapes.Tips(value=await _found(unit, caller.actor, hits)))


async def suggest(desk: Desk, caller: Caller, call: Call[shapes.Suggestion, None]) -> Answer:
    """The tips that may make a ticket unneeded; none when nothing comes near."""
    language = call.query.language or caller.actor.language
    asked, team_id = redact(searchable(call.query.text)).text, caller.actor.team_id
    hits = await desk.tips.search(asked, language, team_id=team_id)
    near = () if zone_of(hits) is Zone.UNKNOWN else to_show(Zone.CHOOSE, hits)
    async with desk.units.read() as unit:
        return Answer(shapes.Tips(value=await _found(unit, caller.actor, near)))


async def find(desk: Desk, caller: Caller, call: Call[shapes.TipFilter, None]) -> Answer:
    wanted = call.query
    async with desk.units.read() as unit:
        page = await list_tips(unit, theme=wanted.theme, limit=wanted.top, cursor=wanted.skiptoken)
    value = [shape_of(stored.tip) for stored in page.tips if stored.tip.is_for(caller.actor.team_id)]
    return Answer(present(shapes.TipPage(value=value, nextLink=call.next_link(page.cursor))))


async def get(desk: Desk, caller: Caller, call: Call[None, None]) -> Answer:
    async with desk.units.read() as unit:
        return Answer(shape_of((await access_tip(unit, caller.actor, call.path["tipId"])).tip))


async def rate(desk: Desk, caller: Caller, call: Call[None, shapes.Rating]) -> Answer:
    """Whether it helped: the first word about a question stands."""
    wanted = call.body
    if wanted.question_id is not None and not is_id(wanted.question_id):
        raise Invalid("There is no such question.", field="questionId")
    actor = await _asker(desk, caller, wanted.on_behalf_of)
    command = RateTip(call.path["tipId"], wanted.helped, wanted.question_id)
    await desk.questions.drain()
    async with desk.units() as unit:
        rated = await rate_tip(unit, actor, command, key_of("rating", call.key, wanted.external_id))
    return Answer(shape_of(rated.tip))


async def themes(desk: Desk, caller: Caller, call: Call[None, None]) -> Answer:
    async with desk.units.read() as unit:
        known = await list_themes(unit, call.language)
    return Answer(lookups.Options(value=[lookups.Option(id=one, name=name) for one, name in known.items()]))


async def _asker(desk: Desk, caller: Caller, email: str | None) -> Actor:
    person = await on_behalf(desk, caller, email)
    return person.as_actor() if person else caller.actor


async def _found(unit: Unit, actor: Actor, hits: Sequence[Hit]) -> list[shapes.Tip]:
    sure = {hit.tip_id: hit.confidence for hit in hits}
    stored = await get_tips(unit, list(sure)) if sure else []
    return [shape_of(one.tip, sure[one.tip.id]) for one in stored if one.tip.is_for(actor.team_id)]


def shape_of(tip: Tip, confidence: float | None = None) -> shapes.Tip:
    steps = [f"{place}. {step}" for place, step in enumerate(tip.steps, 1)]
    return present(
        shapes.Tip(
            id=tip.id,
            language=tip.language,
            title=tip.title,
            intro=tip.intro,
            steps=list(tip.steps),
            phone=tip.phone,
            note=tip.note,
            text="\n".join(filter(None, (tip.intro, *steps, tip.phone, tip.note))),
            theme=tip.theme_name,
            source=tip.source.name,
            sourceAddress=tip.source.url,
            checkedOn=tip.checked,
            confidence=confidence,
        )
    )


OPERATIONS = (
    Operation(
        id="AskTips",
        method="POST",
        path="/tips/questions",
        summary="Ask the tips a question",
        description="Answers a question with a tip, with some tips that come near, or with nothing, and keeps it.",
        scope=Scope.TIPS_READ,
        handler=ask,
        body=shapes.Question,
        answer=shapes.TipAnswer,
        important=True,
    ),
    Operation(
        id="SearchTips",
        method="GET",
        path="/tips/search",
        summary="Search the tips",
        description="Gets the tips that come nearest to some words, the likeliest first.",
        scope=Scope.TIPS_READ,
        handler=search,
        query=shapes.TipSearch,
        answer=shapes.Tips,
    ),
    Operation(
        id="SuggestTips",
        method="GET",
        path="/tips/suggestions",
        summary="Suggest tips for a text",
        description="Gets up to three tips that may answer what somebody typed, such as a ticket, or none.",
        scope=Scope.TIPS_READ,
        handler=suggest,
        query=shapes.Suggestion,
        answer=shapes.Tips,
    ),
    Operation(
        id="ListTips",
        method="GET",
        path="/tips",
        summary="List tips",
        description="Gets all tips that are published, in the order of their keys.",
        scope=Scope.TIPS_READ,
        handler=find,
        query=shapes.TipFilter,
        answer=shapes.TipPage,
        pageable=True,
    ),
    Operation(
        id="GetTip",
        method="GET",
        path="/tips/items/{tipId}",
        summary="Get a tip",
        description="Gets one tip by its key.",
        scope=Scope.TIPS_READ,
        handler=get,
        parameters=TIP,
        answer=shapes.Tip,
    ),
    Operation(
        id="RateTip",
        method="POST",
        path="/tips/items/{tipId}/ratings",
        summary="Rate a tip",
        description="Says whether a tip helped.",
        scope=Scope.TIPS_RATE,
        handler=rate,
        parameters=TIP,
        body=shapes.Rating,
        answer=shapes.Tip,
    ),
    Operation(
        id="ListThemes",
        method="GET",
        path="/lookups/themes",
        summary="List themes of tips",
        description="Gets the themes of tips to choose from.",
        scope=None,
        handler=themes,
        answer=lookups.Options,
        internal=True,
    ),
)
