"""A tip as its authors look after it: what stands out, what colleagues said of it, and what can be done with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from microsoft_teams.cards import Action, CardElement

from cards.authoring.parts import LANGUAGE_WORDS, audience, back, concerns, preview, validity, ways
from cards.kit import Card, card, facts, group, press, pressable, run, runs, text, unfold
from cards.literal import shorten
from domain.authoring.concerns import Concern, Worry
from domain.authoring.review import Relative
from domain.tips.remarks import Opinion
from domain.tips.tip import Tip, TipState
from locales import Translator

NOBODY = Opinion()
"""Nobody said anything."""
WORDS_LIMIT = 300


@dataclass(frozen=True, slots=True)
class TipFace:
    """A tip as its authors look after it. `team` is the name of the team it is for, `drafted` the open draft of it,
    `missing` the languages it can be translated into, `family` what people find of it in others."""

    tip: Tip
    state: TipState
    version: int
    author: str
    reviewer: str
    concerns: Sequence[Concern]
    team: str = ""
    drafted: str = ""
    missing: Sequence[str] = ()
    family: Sequence[Relative] = ()
    opinion: Opinion = NOBODY


def tip(t: Translator, face: TipFace) -> Card:
    """A published or retired tip: what stands out, what people see, and what its authors can do."""
    one, published = face.tip, face.state is TipState.PUBLISHED
    mark = {"id": one.id, "version": str(face.version)}
    return card(
        group(
            text(t("Published") if published else t("Out of use"), bold=True),
            text(t("Nobody finds this tip any more."), spacing="None")
            if not published
            else facts(t, _facts(t, face), spacing="None"),
            tone="good" if published else "warning",
        ),
        *concerns(t, face.concerns),
        *_opinion(t, face.opinion),
        *preview(t, one),
        *ways(t, one),
        *_family(t, face.family),
        actions=[
            *_go_on(t, face),
            press(t("Versions"), "authoring.versions", {"id": one.id}),
            *([_translate(t, one, face.missing)] if published and face.missing else []),
            *([_retire(t, mark, face.family)] if published else []),
            back(t),
        ],
        speak=one.title,
        language=t.language,
    )


def _facts(t: Translator, face: TipFace) -> list[tuple[str, str]]:
    one = face.tip
    pairs = [
        (t("Version"), str(face.version)),
        (t("Written by"), face.author or t("the city's own files")),
        (t("Looked at by"), face.reviewer),
        (t("Checked on"), t.day(one.checked)),
        (t("For"), audience(t, one, face.team)),
        (t("Language"), t(LANGUAGE_WORDS.get(one.language, one.language))),
        (t("Seen"), validity(t, one)),
    ]
    return [(label, value) for label, value in pairs if value]


def _go_on(t: Translator, face: TipFace) -> list[Action]:
    """The likeliest first: to say that it is still right when that is asked, else to change it."""
    one, due = face.tip, any(concern.worry is Worry.DUE for concern in face.concerns)
    style: Literal["default", "positive"] = "default" if due else "positive"
    if face.drafted:
        change = press(t("Go on with the draft"), "authoring.draft", {"id": face.drafted}, style=style)
    else:
        change = press(t("Change it"), "authoring.edit_tip", {"id": one.id}, style=style)
    mark = {"id": one.id, "version": str(face.version)}
    if face.state is not TipState.PUBLISHED:
        bring = press(t("Bring it back"), "authoring.restore", mark, style="positive")
        return (
            [change] if face.drafted else [bring, press(t("Change it"), "authoring.edit_tip", {"id": one.id})]
        )
    right = press(t("Still right"), "authoring.confirm", mark, style="positive" if due else "default")
    return [right, change] if due else [change, right]


def _opinion(t: Translator, opinion: Opinion) -> list[CardElement]:
    """What colleagues said since it was last looked at, as they typed it."""
    counts = (
        (t("Helped"), t.plural("{n} time", "{n} times", opinion.helped)),
        (t("Did not help"), t.plural("{n} time", "{n} times", opinion.not_helped)),
    )
    if not opinion.helped and not opinion.not_helped:
        return []
    said = [
        runs(
            run(f"“{shorten(one.words, WORDS_LIMIT)}”"),
            run(f"  {t.day(one.at)}", subtle=True, size="Small"),
            spacing="Small",
        )
        for one in opinion.said
    ]
    missed = [text(t("What colleagues missed:"), bold=True), *said] if said else []
    since = text(t("Since it was last looked at:"), bold=True)
    return [group(since, facts(t, counts, spacing="None"), *missed, tone="warning" if said else "emphasis")]


def _family(t: Translator, family: Sequence[Relative]) -> list[CardElement]:
    if not family:
        return []
    rows = [
        pressable(
            one.title,
            "authoring.tip",
            {"id": one.id},
            detail=t(LANGUAGE_WORDS.get(one.language, one.language)),
        )
        for one in family
    ]
    return [text(t("In other languages:"), bold=True), *rows]


def _translate(t: Translator, one: Tip, missing: Sequence[str]) -> Action:
    return unfold(
        t("Translate"),
        text(t("You get a draft with these words, to write over.")),
        actions=[
            press(t(LANGUAGE_WORDS[code]), "authoring.translate", {"id": one.id, "language": code})
            for code in missing
        ],
    )


def _retire(t: Translator, mark: Mapping[str, str], family: Sequence[Relative]) -> Action:
    others = ", ".join(t(LANGUAGE_WORDS.get(one.language, one.language)) for one in family)
    stay = t(
        "It stays in use in other languages ({languages}): take those out too, if they should go.",
        languages=others,
    )
    return unfold(
        t("Take it out of use"),
        text(t("Nobody finds this tip any more. You can bring it back later.")),
        *([text(stay)] if family else []),
        actions=[press(t("Take it out of use"), "authoring.retire", mark, style="destructive")],
    )
