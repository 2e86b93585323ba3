"""Wijzer beside other chats: report a message to the helpdesk, and search tickets and tips while writing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from bot.bridge.activities import CARD_TYPE
from bot.turn import Card, Feature, Turn
from cards import extensions as cards
from cards.extensions import MessageForm
from cards.helpdesk.words import STATE_WORDS
from cards.home import chat_with_bot
from cards.tips import sharing
from domain.chats.actions import show
from domain.errors import Invalid
from domain.helpdesk.actions import ReportTicket
from domain.helpdesk.notify import REQUESTER
from domain.helpdesk.policy import Impact, Urgency
from domain.helpdesk.reading import list_tickets, sees_all
from domain.helpdesk.rules import Kind
from domain.helpdesk.search import search_tickets
from domain.helpdesk.texts import check_text, shorten_title, title_of
from domain.helpdesk.ticket import Ticket
from domain.helpdesk.urgency import urgency_in
from domain.people.names import names_of
from domain.quotes.actions import report_message
from domain.quotes.quote import Quote
from domain.quotes.teams import author_object_id, has_files, read_quote
from domain.tables import is_id, new_id
from domain.tips.finding import tips_for
from domain.tips.reading import get_tips
from domain.tips.rules import redact, searchable
from domain.tips.sharing import most_asked
from domain.tips.tip import Audience
from locales import translator

REPORT, TICKETS, TIPS = "reportMessage", "findTickets", "findTips"
"""Commands, as the manifest names them."""
PAGE, DEEPEST, PAGES = 25, 100, 20
"""Results of one page, how far a person can scroll, and how many of our pages are looked at for that: further on,
another word finds it sooner."""
Body = dict[str, Any]


# --- from a message ---------------------------------------------------------------------------------------


async def open_form(turn: Turn) -> Body:
    """The dialog beside a message."""
    quote, left_behind = await _quote(turn)
    urgency = urgency_in(quote.text) if quote else None
    return _dialog(turn, MessageForm(new_id(), quote, left_behind, urgency=urgency or ""))


async def submit_form(turn: Turn) -> Body:
    """The ticket, in the person's own chat with the desk, and a line about it to send to where the message is; or the
    dialog again with what is wrong at its place."""
    quote, left_behind = await _quote(turn)
    sent = turn.data.get("data")
    given = (
        {name: v.strip() for name, v in sent.items() if isinstance(v, str)} if isinstance(sent, dict) else {}
    )
    form = MessageForm(
        given.get("form", ""),
        quote,
        left_behind,
        given.get("kind", ""),
        given.get("text", ""),
        given.get("urgency", ""),
        given.get("impact", ""),
    )
    command, problems = _command(turn, form)
    if command is None:
        return _dialog(turn, replace(form, problems=problems))
    key = f"form:{form.form_id}" if is_id(form.form_id) else turn.key
    policy = turn.desk.organisation.helpdesk
    async with turn.desk.units() as unit:
        ticket = await report_message(unit, turn.actor, command, quote, policy, key=key)
        await show(unit, REQUESTER, ticket.id, turn.person.id)
    line = f"{ticket.number} · {ticket.title}"
    return _results([_result(cards.reported(turn.t, ticket), cards.preview_of(line, ""))])


def _command(turn: Turn, form: MessageForm) -> tuple[ReportTicket | None, Mapping[str, str]]:
    """What to report, or what is wrong by field."""
    kind = _one_of(Kind, form.kind) or Kind.INCIDENT
    urgency, impact = _one_of(Urgency, form.urgency), _one_of(Impact, form.impact)
    problems = {}
    quoted = form.quote.text if form.quote else ""
    try:
        text = check_text(form.words or quoted, "text")
    except Invalid as problem:
        problems["text"] = turn.t.error(problem)
        text = ""
    if urgency is None:
        problems["urgency"] = turn.t("Choose what fits best.")
    if impact is None:
        problems["impact"] = turn.t("Choose what fits best.")
    if problems or urgency is None or impact is None:
        return None, problems
    return ReportTicket(kind, text, impact, urgency, title=shorten_title(title_of(text))), {}


async def _quote(turn: Turn) -> tuple[Quote | None, bool]:
    """The message the dialog is beside, and whether something of it cannot come along."""
    payload = turn.data.get("messagePayload")
    if not isinstance(payload, dict):
        return None, False
    object_id = author_object_id(payload)
    author = await turn.desk.directory.by_object_id(object_id) if object_id else None
    return read_quote(payload, author.id if author else None), has_files(payload)


def _dialog(turn: Turn, form: MessageForm) -> Body:
    value = {
        "title": turn.t("Report to the helpdesk"),
        "height": "large",
        "width": "medium",
        "card": {"contentType": CARD_TYPE, "content": cards.form(turn.t, form)},
    }
    return {"task": {"type": "continue", "value": value}}


# --- search -----------------------------------------------------------------------------------------------


async def search(turn: Turn) -> Body:
    """A page of tickets or tips with the words that are being typed; before the first word, the newest tickets."""
    words = _words(turn.data)
    skip, count = _page(turn.data)
    if turn.data.get("commandId") == TIPS:
        return _results(await _tips(turn, words, skip, count))
    return _results(await _tickets(turn, words, skip, count))


async def _tickets(turn: Turn, words: str, skip: int, count: int) -> list[Body]:
    """Teams counts from the start of the list; our pages go on from the last one, so those before it are walked. One
    may be short, as a search looks at so many tickets at a time."""
    until = min(skip + count, DEEPEST)
    listed: list[Ticket] = []
    cursor: str | None = None
    async with turn.desk.units.read() as unit:
        for _ in range(PAGES):
            most = until - len(listed)
            if words:
                found = await search_tickets(unit, turn.actor, words, limit=most, cursor=cursor)
            else:
                mine = not sees_all(turn.actor)
                found = await list_tickets(unit, turn.actor, mine=mine, limit=most, cursor=cursor)
            listed += found.tickets
            cursor = found.next_cursor
            if cursor is None or len(listed) >= until:
                break
    page = listed[skip:until]
    names = await names_of(turn.desk.directory, [who for ticket in page for who in _people(ticket)])
    return [_found(turn, ticket, names) for ticket in page]


def _found(turn: Turn, ticket: Ticket, names: Mapping[str, str]) -> Body:
    handler = names[ticket.assignee_id] if ticket.assignee_id else ""
    shown = cards.found_ticket(turn.t, ticket, names[ticket.requester_id], handler)
    state = turn.t(STATE_WORDS[ticket.state])
    detail = " · ".join(filter(None, (state, handler, turn.t.moment(ticket.created_at))))
    return _result(shown, cards.preview_of(f"{ticket.number} · {ticket.title}", detail))


async def _tips(turn: Turn, words: str, skip: int, count: int) -> list[Body]:
    """Before the first word, the tips that are asked most, as this person reads them. A tip for one team is not put
    where others read it."""
    until = min(skip + count, DEEPEST)
    async with turn.desk.units.read() as unit:
        if words:
            asked = redact(searchable(words)).text
            hits = await turn.desk.tips.search(
                asked, turn.person.language, limit=until, team_id=turn.person.team_id
            )
            found = [one.tip for one in await get_tips(unit, [hit.tip_id for hit in hits[skip:until]])]
        else:
            asked_most = await most_asked(unit, until)
            read = await tips_for(unit, asked_most, turn.person.language, turn.person.team_id)
            # Asked in two languages, a tip is one line.
            found = list({read[i].id: read[i] for i in asked_most if i in read}.values())[skip:until]
    tips = [tip for tip in found if tip.audience is not Audience.TEAM]
    return [
        _result(
            sharing.in_conversation(translator(tip.language), tip, chat_with_bot(turn.place.bot_id)),
            cards.preview_of(tip.title, tip.theme_name),
        )
        for tip in tips
    ]


def _people(ticket: Ticket) -> list[str]:
    return [ticket.requester_id, *([ticket.assignee_id] if ticket.assignee_id else [])]


def _words(value: Mapping[str, Any]) -> str:
    """What is being typed, whatever the client calls it; nothing when the box has just been opened."""
    given = value.get("parameters")
    for parameter in given if isinstance(given, list) else ():
        if isinstance(parameter, dict) and parameter.get("name") != "initialRun":
            words = parameter.get("value")
            return words[:200] if isinstance(words, str) else ""
    return ""


def _page(value: Mapping[str, Any]) -> tuple[int, int]:
    """What to skip, and how many to show."""
    given = value.get("queryOptions")
    options = given if isinstance(given, dict) else {}
    skip, count = (options.get(name) for name in ("skip", "count"))
    return (
        skip if isinstance(skip, int) and skip > 0 else 0,
        min(count, PAGE) if isinstance(count, int) and count > 0 else PAGE,
    )


def _result(card: Card, preview: Mapping[str, str]) -> Body:
    """A line of the list, and the card that goes into the chat when it is chosen."""
    shown = {"contentType": "application/vnd.microsoft.card.thumbnail", "content": dict(preview)}
    return {"contentType": CARD_TYPE, "content": card, "preview": shown}


def _results(found: Sequence[Body]) -> Body:
    return {"composeExtension": {"type": "result", "attachmentLayout": "list", "attachments": list(found)}}


E = TypeVar("E", Kind, Urgency, Impact)


def _one_of(options: type[E], value: str) -> E | None:
    try:
        return options(value)
    except ValueError:
        return None


FEATURE = Feature(
    name="extensions",
    invokes={
        "composeExtension/fetchTask": open_form,
        "composeExtension/submitAction": submit_form,
        "composeExtension/query": search,
    },
)
