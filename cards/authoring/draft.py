"""A draft on a card: how far it is, what people will see, what stands out, and what can be done with it now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from microsoft_teams.cards import Action, CardElement, SubmitAction

from cards.authoring.parts import LANGUAGE_WORDS, audience, back, concerns, preview, validity, ways
from cards.kit import (
    Card,
    Tone,
    buttons,
    card,
    facts,
    group,
    heading,
    press,
    text,
    text_input,
    unfold,
    user_text,
)
from domain.authoring.concerns import Concern
from domain.authoring.draft import Draft, DraftState
from domain.authoring.rules import Act
from domain.tips.tip import Source, Tip
from locales import N_, Translator

STATE_WORDS = {
    DraftState.DRAFT: N_("Draft: nobody else sees this yet"),
    DraftState.REVIEW: N_("Waits for a colleague to look"),
    DraftState.PUBLISHED: N_("Published: people find it from now on"),
    DraftState.DISCARDED: N_("Thrown away"),
}
TONES: Mapping[DraftState, Tone] = {
    DraftState.DRAFT: "accent",
    DraftState.REVIEW: "accent",
    DraftState.PUBLISHED: "good",
    DraftState.DISCARDED: "attention",
}
MISSING = "…"
"""What a preview shows for what is not written yet."""
COMMENT_LIMIT = 1000


@dataclass(frozen=True, slots=True)
class DraftFace:
    """A draft as one author sees it. `problems` say what is missing or why a press was late; `names` has everybody
    the card mentions; `team` is the name of the team it is for. `later` is the first day of a tip that was published
    before it; `ticket` the id and number of the ticket it was made of, the id for who may open that."""

    draft: Draft
    possible: frozenset[Act]
    names: Mapping[str, str]
    concerns: Sequence[Concern] = ()
    team: str = ""
    problems: Sequence[str] = ()
    comment: str = ""
    comment_problem: str = ""
    later: date | None = None
    ticket: tuple[str, str] | None = None


def draft(t: Translator, face: DraftFace) -> Card:
    one = face.draft
    return card(
        _state(t, face),
        *([group(*(text(line) for line in face.problems), tone="attention")] if face.problems else []),
        *_returned(t, face),
        *(concerns(t, face.concerns) if one.open else []),
        *preview(t, whole(one.tip)),
        *ways(t, one.tip),
        *_buttons(t, face),
        actions=[*_decide(t, face), back(t)],
        speak=one.tip.title or t("Draft of a tip"),
        language=t.language,
    )


def proposed(t: Translator, face: DraftFace) -> Card:
    """News for authors: a colleague proposes a tip."""
    who = face.names.get(face.draft.proposer_id or "", "")
    return card(
        heading(t("{name} proposes a tip", name=who)),
        user_text(t, face.draft.tip.title, bold=True),
        *([user_text(t, face.draft.tip.intro, limit=300)] if face.draft.tip.intro else []),
        actions=[press(t("Look at it"), "authoring.draft", {"id": face.draft.id}, style="positive")],
        language=t.language,
    )


def review(t: Translator, face: DraftFace) -> Card:
    """News for the other authors: a draft waits for a look. Afterwards it says how that went."""
    one = face.draft
    who = face.names.get(one.author_id or "", "")
    if one.state is not DraftState.REVIEW:
        decider = face.names.get(one.reviewer_id or "", "")
        back_then = t("Back with its author") if one.state is DraftState.DRAFT else _state_words(t, face)
        return card(
            heading(back_then, size="Medium"),
            user_text(t, one.tip.title, bold=True),
            *([text(t("By {name}", name=decider), subtle=True)] if decider else []),
            language=t.language,
        )
    return card(
        heading(t("{name} asks you to look at a tip", name=who)),
        user_text(t, one.tip.title, bold=True),
        user_text(t, one.tip.intro, limit=300),
        actions=[press(t("Look at it"), "authoring.draft", {"id": one.id}, style="positive")],
        language=t.language,
    )


def result(t: Translator, face: DraftFace, *, author: bool) -> Card:
    """News for who wrote or proposed it: what became of it."""
    one = face.draft
    who = face.names.get(one.reviewer_id or "", "")
    said = {
        DraftState.PUBLISHED: N_("Your tip is published"),
        DraftState.DISCARDED: N_("Your tip is not published"),
    }.get(one.state, N_("Your tip is back for a change"))
    return card(
        heading(t(said)),
        user_text(t, one.tip.title, bold=True),
        *([text(t("By {name}", name=who), subtle=True, spacing="None")] if who else []),
        *([user_text(t, one.comment)] if one.comment else []),
        *([text(_thanks(t, face))] if one.state is DraftState.PUBLISHED else []),
        actions=[press(t("Look at it"), "authoring.draft", {"id": one.id})] if author else (),
        language=t.language,
    )


def whole(tip: Tip) -> Tip:
    """The same with a mark in place of what is not written yet."""
    return replace(
        tip,
        title=tip.title or MISSING,
        intro=tip.intro or MISSING,
        theme_name=tip.theme_name or MISSING,
        source=Source(tip.source.name or MISSING, tip.source.url),
    )


def _state_words(t: Translator, face: DraftFace) -> str:
    one, day, team = face.draft, t.day(face.later) if face.later else "", face.team
    if one.state is DraftState.PUBLISHED and team:
        if day:
            return t("Published: only {team} finds it, from {day} on", team=team, day=day)
        return t("Published: only {team} finds it, from now on", team=team)
    return t("Published: people find it from {day} on", day=day) if day else t(STATE_WORDS[one.state])


def _thanks(t: Translator, face: DraftFace) -> str:
    day, team = t.day(face.later) if face.later else "", face.team
    if team and day:
        return t("Thank you: {team} finds it from {day} on, and nobody else.", team=team, day=day)
    if team:
        return t("Thank you: {team} finds it from now on, and nobody else.", team=team)
    if day:
        return t("Thank you: colleagues find it from {day} on.", day=day)
    return t("Thank you: colleagues find it from now on.")


def _state(t: Translator, face: DraftFace) -> CardElement:
    one = face.draft
    pairs = [
        (t("Written by"), face.names.get(one.author_id or "", "")),
        (t("Proposed by"), face.names.get(one.proposer_id or "", "")),
        (t("Made of"), face.ticket[1] if face.ticket else ""),
        (t("Looked at by"), "" if one.open else face.names.get(one.reviewer_id or "", "")),
        (t("Changed"), t.moment(one.changed_at)),
        (t("For"), audience(t, one.tip, face.team)),
        (t("Language"), t(LANGUAGE_WORDS.get(one.tip.language, one.tip.language))),
        (t("Seen"), validity(t, one.tip)),
    ]
    kind = t("New tip") if one.is_new else t("Next version of a tip")
    return group(
        text(_state_words(t, face), bold=True),
        facts(t, [(t("Kind"), kind), *((label, value) for label, value in pairs if value)], spacing="Small"),
        tone=TONES[one.state],
    )


def _returned(t: Translator, face: DraftFace) -> list[CardElement]:
    one = face.draft
    if not one.comment or one.state is not DraftState.DRAFT:
        return []
    who = face.names.get(one.reviewer_id or "", "")
    return [group(text(t("{name} asks:", name=who), bold=True), user_text(t, one.comment), tone="warning")]


def _buttons(t: Translator, face: DraftFace) -> list[CardElement]:
    """To write on, and to see what is different."""
    one, made = face.draft, list[Action]()
    if Act.EDIT in face.possible:
        made.append(press(t("Write on"), "authoring.edit", {"id": one.id}))
        made.append(window(t("Write in a window"), "authoring.edit", {"id": one.id}))
    if not one.is_new and one.open:
        made.append(press(t("What changes"), "authoring.compare", {"id": one.id}))
    if face.ticket and face.ticket[0]:
        made.append(press(t("Open the ticket"), "helpdesk.open", {"id": face.ticket[0]}))
    if one.state is DraftState.PUBLISHED:
        made.append(press(t("Open the tip"), "authoring.tip", {"id": one.tip.id}))
    return [buttons(*made, spacing="Medium")] if made else []


def _decide(t: Translator, face: DraftFace) -> list[Action]:
    one = face.draft
    mark = {"id": one.id, "revision": str(one.revision)}
    made = list[Action]()
    if Act.PUBLISH in face.possible:
        made.append(press(t("Publish"), "authoring.publish", mark, style="positive", inputs=False))
    if Act.SUBMIT in face.possible:
        made.append(press(t("Have it looked at"), "authoring.submit", mark, style="positive", inputs=False))
    if Act.SEND_BACK in face.possible:
        made.append(_send_back(t, face, mark))
    if Act.TAKE_BACK in face.possible:
        made.append(press(t("Take it back"), "authoring.take_back", mark, inputs=False))
    if Act.DISCARD in face.possible:
        sure = press(t("Throw it away"), "authoring.discard", mark, style="destructive")
        made.append(
            unfold(t("Throw away"), text(t("What you wrote in this draft is gone then.")), actions=[sure])
        )
    return made


def _send_back(t: Translator, face: DraftFace, mark: Mapping[str, str]) -> Action:
    return unfold(
        t("Ask for a change"),
        text_input(
            "comment",
            t("What has to change?"),
            value=face.comment,
            required=True,
            error=t("Say what has to change."),
            multiline=True,
            max_length=COMMENT_LIMIT,
            problem=face.comment_problem,
        ),
        actions=[press(t("Send it back"), "authoring.send_back", mark, style="positive")],
    )


def window(title: str, verb: str, data: Mapping[str, str]) -> Action:
    """A button that opens a dialog of Teams; a client without dialogs sends it as a plain press."""
    return SubmitAction(title=title, data={**data, "verb": verb, "msteams": {"type": "task/fetch"}})


__all__ = ["DraftFace", "draft", "proposed", "result", "review", "whole", "window"]
