"""Writing a tip: the form on a card in the chat, or the same one in a dialog of Teams."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from bot.authoring.faces import called_in, draft_card
from bot.bridge.activities import CARD_TYPE
from bot.tips.questions import closest
from bot.turn import Card, Invoked, Reply, Turn
from cards.authoring import form as cards
from cards.authoring.form import Choices, TipForm
from domain.authoring.differences import differences
from domain.authoring.draft import Draft, DraftTip
from domain.authoring.news import DRAFT_VIEW
from domain.authoring.review import translate_tip
from domain.authoring.rules import tidy
from domain.authoring.writing import (
    SaveDraft,
    access_draft,
    check_author,
    draft_tip,
    edit_tip,
    list_themes,
    save_draft,
    theme_name,
)
from domain.chats.actions import show
from domain.errors import Conflict, InvalidForm
from domain.tables import is_id, new_id
from domain.tips.reading import get_tips
from domain.tips.tip import Audience, Link, Source, Tip
from domain.unit import Unit

SUGGESTED = 6
"""Tips that are offered to follow on from one."""
MOST_TEAMS = 100
WORDS = ("title", "alternates", "intro", "steps", "phone", "note")
DETAILS = (
    "theme",
    "source",
    "source_url",
    "audience",
    "team",
    "language",
    "valid_from",
    "valid_until",
    "links",
    "related",
)
Body = dict[str, Any]


# --- on a card --------------------------------------------------------------------------------------------


async def new(turn: Turn) -> Reply:
    check_author(turn.actor)
    return Reply(cards.words(turn.t, _empty(turn)))


async def edit(turn: Turn) -> Reply:
    async with turn.desk.units.read() as unit:
        draft = await access_draft(unit, turn.actor, turn.field("id"))
    return Reply(cards.words(turn.t, form_of(draft)))


async def edit_published(turn: Turn) -> Reply:
    """The next version of a tip: its draft, to write on."""
    async with turn.desk.units() as unit:
        draft = await edit_tip(unit, turn.actor, turn.field("id"))
    return Reply(cards.words(turn.t, form_of(draft)))


async def translate(turn: Turn) -> Reply:
    async with turn.desk.units() as unit:
        draft = await translate_tip(unit, turn.actor, turn.field("id"), turn.field("language"))
    return Reply(cards.words(turn.t, form_of(draft)))


async def save(turn: Turn) -> Reply:
    """The draft as it looks now, or the other half of the form; the form again with what is wrong at its place."""
    page, then = turn.field("page"), turn.field("then")
    draft, form = await _save(turn, turn.data)
    if draft is None:
        return Reply(await _page(turn, form, page))
    if then in ("words", "details"):
        return Reply(await _page(turn, form, then))
    async with turn.desk.units() as unit:
        card = await draft_card(unit, turn.desk, turn.person, draft)
        await turn.keep(unit, DRAFT_VIEW, draft.id)
    return Reply(card, view=DRAFT_VIEW, subject=draft.id)


# --- in a dialog ------------------------------------------------------------------------------------------


async def open_dialog(turn: Turn) -> Body:
    """Teams asks what to show in the dialog that a button opens."""
    sent = _sent(turn)
    draft_id = sent.get("id", "")
    if sent.get("verb") != "authoring.edit" or not draft_id:
        check_author(turn.actor)
        return _dialog(turn, cards.words(turn.t, _empty(turn), dialog=True))
    async with turn.desk.units.read() as unit:
        draft = await access_draft(unit, turn.actor, draft_id)
    return _dialog(turn, cards.words(turn.t, form_of(draft), dialog=True))


async def submit_dialog(turn: Turn) -> Body:
    """Saved: the other half of the form, or the end of it, with the draft on its card in the chat."""
    sent = _sent(turn)
    page, then = sent.get("page", ""), sent.get("then", "")
    draft, form = await _save(turn, sent)
    if draft is None:
        return _dialog(turn, await _page(turn, form, page, dialog=True))
    if then in ("words", "details"):
        return _dialog(turn, await _page(turn, form, then, dialog=True))
    async with turn.desk.units() as unit:
        await show(unit, DRAFT_VIEW, draft.id, turn.person.id, at_once=True)
    return {"task": {"type": "message", "value": turn.t("Saved. The draft stands in our chat.")}}


def _dialog(turn: Turn, card: Card) -> Body:
    value = {
        "title": turn.t("Write a tip"),
        "height": "large",
        "width": "medium",
        "card": {"contentType": CARD_TYPE, "content": card},
    }
    return {"task": {"type": "continue", "value": value}}


def _sent(turn: Turn) -> dict[str, str]:
    sent = turn.data.get("data")
    return (
        {name: value for name, value in sent.items() if isinstance(value, str)}
        if isinstance(sent, dict)
        else {}
    )


# --- both -------------------------------------------------------------------------------------------------


async def _save(turn: Turn, sent: Mapping[str, Any]) -> tuple[Draft | None, TipForm]:
    """Keep what was typed in one half. The draft and its form, or no draft and the form with what is wrong."""

    def field(name: str) -> str:
        value = sent.get(name)
        return value.strip() if isinstance(value, str) else ""

    form_id = field("form") if is_id(field("form")) else new_id()
    typed: dict[str, Any] = {name: field(name) for name in (WORDS if field("page") == "words" else DETAILS)}
    draft_id, revision = field("id"), field("revision")
    asked: dict[str, Any] = {"draft": draft_id, "revision": revision}
    form = TipForm(form_id, **asked, **typed)
    try:
        async with turn.desk.units() as unit:
            if not draft_id:
                made = await draft_tip(unit, turn.actor, DraftTip(typed.get("title", "")), f"form:{form_id}")
                # Sent twice, the second finds what the first wrote.
                draft_id, revision = made.id, str(made.revision)
            draft = await access_draft(unit, turn.actor, draft_id)
            form = replace(form_of(draft), form_id=form_id, **typed)
            number = int(revision) if revision.isdecimal() and len(revision) < 9 else 0
            tip = await _tip_of(unit, form, draft.tip)
            saved = await save_draft(unit, turn.actor, SaveDraft(draft.id, number, tip), turn.key)
        return saved, replace(form_of(saved), form_id=form_id)
    except InvalidForm as error:
        problems = turn.t.problems(error, "title")
        first = "" if problems.keys() & typed.keys() else turn.t.error(error)
        # What a new draft was given is undone with it.
        return None, replace(form, **asked, problems=problems, problem=first)
    except Conflict as error:
        return await _overtaken(turn, replace(form, **asked), typed, turn.t.error(error))


async def _overtaken(
    turn: Turn, form: TipForm, typed: Mapping[str, str], problem: str
) -> tuple[Draft | None, TipForm]:
    """Somebody else changed the draft meanwhile. What was typed, beside what it says now: it can be saved after all."""
    async with turn.desk.units.read() as unit:
        now = await access_draft(unit, turn.actor, form.draft)
        if not now.open:
            return None, replace(form, problem=problem, over=True)
        mine = tidy(await _tip_of(unit, replace(form_of(now), **typed), now.tip))  # type: ignore[arg-type]
        mine = replace(mine, theme_name=await theme_name(unit, mine))
        called = await called_in(unit, turn.desk, turn.person, now.tip, mine)
    theirs = differences(now.tip, mine, called)
    if not theirs:
        return now, replace(form_of(now), form_id=form.form_id)
    problem = turn.t(
        "Somebody changed this draft while you were writing. See what differs: saving again puts yours in its place."
    )
    return None, replace(form, revision=str(now.revision), problem=problem, theirs=theirs)


async def _page(turn: Turn, form: TipForm, page: str, *, dialog: bool = False) -> Card:
    if page != "details":
        return cards.words(turn.t, form, dialog=dialog)
    return cards.details(turn.t, form, await _choices(turn, form), dialog=dialog)


async def _choices(turn: Turn, form: TipForm) -> Choices:
    chosen = [tip_id for tip_id in form.related.split(",") if tip_id]
    reader = replace(turn.person, language=form.language or turn.person.language)
    near = await closest(turn.desk, reader, form.title, SUGGESTED + 1)
    async with turn.desk.units.read() as unit:
        themes = await list_themes(unit, turn.t.language)
        known = await get_tips(unit, chosen)
        draft = await access_draft(unit, turn.actor, form.draft) if form.draft else None
    related = {stored.tip.id: stored.tip.title for stored in known}
    for one in near:
        if len(related) < SUGGESTED + len(known) and (draft is None or one.id != draft.tip.id):
            related.setdefault(one.id, one.title)
    teams = sorted(await turn.desk.directory.teams(), key=lambda team: team.name)[:MOST_TEAMS]
    return Choices(list(themes.items()), [(team.id, team.name) for team in teams], list(related.items()))


def _empty(turn: Turn) -> TipForm:
    return TipForm(new_id(), title=turn.field("title"), language=turn.person.language)


def form_of(draft: Draft) -> TipForm:
    """The form with what a draft says."""
    tip = draft.tip
    return TipForm(
        form_id=new_id(),
        draft=draft.id,
        revision=str(draft.revision),
        title=tip.title,
        alternates="\n".join(tip.alternates),
        intro=tip.intro,
        steps="\n".join(tip.steps),
        phone=tip.phone or "",
        note=tip.note or "",
        theme=tip.theme,
        source=tip.source.name,
        source_url=tip.source.url or "",
        audience=tip.audience.value,
        team=tip.team_id or "",
        language=tip.language,
        valid_from=tip.valid_from.isoformat() if tip.valid_from else "",
        valid_until=tip.valid_until.isoformat() if tip.valid_until else "",
        links="\n".join(f"{link.name} {link.url}" for link in tip.links),
        related=",".join(tip.related),
    )


async def _tip_of(unit: Unit, form: TipForm, before: Tip) -> Tip:
    """What the form says; what cannot be chosen there stays as it was."""
    related = [tip_id for tip_id in form.related.split(",") if tip_id and tip_id != before.id]
    known = {stored.tip.id for stored in await get_tips(unit, related[: 2 * SUGGESTED])}
    themes = {before.theme, *await list_themes(unit, before.language)}
    audience = Audience(form.audience) if form.audience in set(Audience) else before.audience
    return replace(
        before,
        title=form.title,
        alternates=tuple(form.alternates.splitlines()),
        intro=form.intro,
        steps=tuple(form.steps.splitlines()),
        phone=form.phone or None,
        note=form.note or None,
        theme=form.theme if form.theme in themes else "",
        source=Source(form.source, form.source_url or None),
        audience=audience,
        team_id=form.team or None,
        language=form.language or before.language,
        valid_from=_day(form.valid_from),
        valid_until=_day(form.valid_until),
        links=tuple(map(_link, filter(str.strip, form.links.splitlines()))),
        related=tuple(tip_id for tip_id in related if tip_id in known),
    )


def _link(line: str) -> Link:
    """`Name of the page https://…`; an address alone is its own name."""
    name, _, url = line.strip().rpartition(" ")
    return Link(name.strip(" :-–") or url[:80], url)


def _day(given: str) -> date | None:
    try:
        return date.fromisoformat(given)
    except ValueError:
        return None


VERBS = {
    "authoring.new": new,
    "authoring.edit": edit,
    "authoring.edit_tip": edit_published,
    "authoring.translate": translate,
    "authoring.save": save,
}
INVOKES: Mapping[str, Invoked] = {"task/fetch": open_dialog, "task/submit": submit_dialog}
