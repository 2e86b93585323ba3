"""What tip authors see: what waits for them, in piles, and a tip as they look after it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from microsoft_teams.cards import Action, CardElement

from cards.authoring_parts import (
    LANGUAGE_WORDS,
    Names,
    audience,
    back,
    broken_link,
    concerns,
    entry_row,
    preview,
    validity,
    ways,
)
from cards.kit import (
    Card,
    buttons,
    card,
    facts,
    group,
    heading,
    press,
    pressable,
    run,
    runs,
    text,
    text_input,
    unfold,
)
from domain.tips.concerns import Concern, Worry
from domain.tips.links import BrokenLink
from domain.tips.piles import MOST_COUNTED, Entry, Pile
from domain.tips.tip import Tip, TipState
from locales import N_, Translator

PILE_WORDS = {
    Pile.REVIEW: N_("Waits for your look"),
    Pile.PROPOSED: N_("Proposed by colleagues"),
    Pile.DRAFTS: N_("Your drafts"),
    Pile.DUE: N_("Time to review"),
    Pile.BROKEN_LINKS: N_("Links that do not work"),
    Pile.FEW_WAYS: N_("Few ways of asking"),
    Pile.UNTRANSLATED: N_("Not in every language yet"),
    Pile.PUBLISHED: N_("All tips"),
    Pile.RETIRED: N_("Out of use"),
}
WORK = (Pile.REVIEW, Pile.PROPOSED, Pile.DRAFTS, Pile.DUE)
"""Shown with their first entries."""
BETTER = (Pile.BROKEN_LINKS, Pile.FEW_WAYS, Pile.UNTRANSLATED, Pile.PUBLISHED, Pile.RETIRED)


@dataclass(frozen=True, slots=True)
class Overview:
    """`first` has the first entries of the piles with work in them."""

    counts: Mapping[Pile, int]
    first: Mapping[Pile, Sequence[Entry]]
    names: Names


@dataclass(frozen=True, slots=True)
class TipFace:
    """A tip as its authors look after it. `translations` are tips by language, `team` the name of the team it is for.
    `drafted` is the open draft of it, `missing` the languages it can be translated into."""

    tip: Tip
    state: TipState
    version: int
    author: str
    reviewer: str
    concerns: Sequence[Concern]
    team: str = ""
    drafted: str = ""
    missing: Sequence[str] = ()


def overview(t: Translator, shown: Overview) -> Card:
    """Everything that waits, most urgent first; quiet when nothing does."""
    waiting = [pile for pile in WORK if shown.counts[pile]]
    calm = [group(text(t("Nothing waits for you. Well done!")), tone="good")]
    return card(
        heading(t("My tips")),
        *([] if waiting else calm),
        *(element for pile in waiting for element in _work(t, pile, shown)),
        text(t("Look after the others"), bold=True, spacing="Large"),
        pressable(t("Plan the tip of the week"), "tip_series.plan"),
        *(
            pressable(
                f"{t(PILE_WORDS[pile])} ({_count(shown.counts[pile])})",
                "authoring.pile",
                {"pile": pile.value},
            )
            for pile in BETTER
            if shown.counts[pile]
        ),
        text_input("text", t("Find a tip"), placeholder=t("A word, or a question"), max_length=200),
        buttons(press(t("Find"), "authoring.find")),
        actions=[
            press(t("New tip"), "authoring.new", style="positive", inputs=False),
            press(t("Questions without a tip"), "tip_clusters.list", inputs=False),
            press(t("Synonyms"), "authoring.synonyms", inputs=False),
        ],
        language=t.language,
    )


def pile(
    t: Translator, which: Pile, entries: Sequence[Entry], names: Names, cursor: str | None, *, first: bool
) -> Card:
    """A page of a pile."""
    more = press(t("Show more"), "authoring.pile", {"pile": which.value, "cursor": cursor or ""})
    return card(
        heading(t(PILE_WORDS[which])),
        *([] if entries else [text(t("There is nothing here (any more)."))]),
        *(entry_row(t, entry, names) for entry in entries),
        actions=[*([more] if cursor else []), *([] if first else [_start(t, which)]), back(t)],
        language=t.language,
    )


def found(t: Translator, typed: str, entries: Sequence[Entry], names: Names) -> Card:
    """Tips that may be meant by what was typed."""
    return card(
        heading(t("Tips that may be it")) if entries else heading(t("No such tip")),
        text_input("text", t("Find a tip"), value=typed, max_length=200),
        *(entry_row(t, entry, names) for entry in entries),
        actions=[
            press(t("Find"), "authoring.find"),
            press(t("New tip"), "authoring.new", {"title": typed}, inputs=False),
            back(t),
        ],
        language=t.language,
    )


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
        *preview(t, one),
        *ways(t, one),
        actions=[
            *_go_on(t, face),
            press(t("Versions"), "authoring.versions", {"id": one.id}),
            *([_translate(t, one, face.missing)] if published and face.missing else []),
            *([_retire(t, mark)] if published else []),
            back(t),
        ],
        speak=one.title,
        language=t.language,
    )


def due(t: Translator, entries: Sequence[Entry], names: Names, *, more: bool) -> Card:
    """News: tips nobody looked at for long."""
    return card(
        heading(t("Time to review your tips")),
        text(t("Look whether these are still right. One press is enough when nothing changed.")),
        *(entry_row(t, entry, names) for entry in entries),
        *([pressable(t("Show all"), "authoring.pile", {"pile": Pile.DUE.value})] if more else []),
        language=t.language,
    )


def links(t: Translator, found: Sequence[BrokenLink], *, more: bool) -> Card:
    """News: addresses in tips that lead nowhere any more, the tips they stand in, and a way to each."""
    tips_of: dict[str, list[BrokenLink]] = {}
    for link in found:
        tips_of.setdefault(link.tip_id, []).append(link)
    return card(
        heading(t("Links that do not work")),
        text(t("People who press these come out nowhere. Open a tip to mend its links.")),
        *(
            group(
                pressable(of_tip[0].title, "authoring.tip", {"id": tip_id}),
                *(broken_link(t, link) for link in of_tip),
            )
            for tip_id, of_tip in tips_of.items()
        ),
        *([pressable(t("Show all"), "authoring.pile", {"pile": Pile.BROKEN_LINKS.value})] if more else []),
        language=t.language,
    )


def _work(t: Translator, which: Pile, shown: Overview) -> list[CardElement]:
    count, entries = shown.counts[which], shown.first.get(which, ())
    title = runs(
        run(t(PILE_WORDS[which]), bold=True), run(f"  {_count(count)}", subtle=True), spacing="Large"
    )
    # What goes without saying in a pile is left out: whose it is, and that it waits.
    names = {} if which is Pile.DRAFTS else shown.names
    rows = [
        entry_row(t, replace(entry, waits=which is Pile.DRAFTS and entry.waits), names) for entry in entries
    ]
    if count > len(entries):
        rows.append(pressable(t("Show all"), "authoring.pile", {"pile": which.value}))
    return [title, *rows]


def _count(count: int) -> str:
    return f"{MOST_COUNTED}+" if count >= MOST_COUNTED else str(count)


def _start(t: Translator, which: Pile) -> Action:
    return press(t("From the start"), "authoring.pile", {"pile": which.value})


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
    if face.state is not TipState.PUBLISHED:
        return [change]
    mark = {"id": one.id, "version": str(face.version)}
    right = press(t("Still right"), "authoring.confirm", mark, style="positive" if due else "default")
    return [right, change] if due else [change, right]


def _translate(t: Translator, one: Tip, missing: Sequence[str]) -> Action:
    return unfold(
        t("Translate"),
        text(t("You get a draft with these words, to write over.")),
        actions=[
            press(t(LANGUAGE_WORDS[code]), "authoring.translate", {"id": one.id, "language": code})
            for code in missing
        ],
    )


def _retire(t: Translator, mark: Mapping[str, str]) -> Action:
    return unfold(
        t("Take it out of use"),
        text(t("Nobody finds this tip any more. You can bring it back later.")),
        actions=[press(t("Take it out of use"), "authoring.retire", mark, style="destructive")],
    )
