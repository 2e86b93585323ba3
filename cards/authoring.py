"""What tip authors see: what waits for them, in piles, and a tip as they look after it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from microsoft_teams.cards import Action, CardElement

from cards import tips
from cards.kit import (
    Card,
    Plain,
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
    user_text,
)
from domain.tips.authoring_rules import ENOUGH_WAYS
from domain.tips.concerns import Concern, Worry
from domain.tips.links import BrokenLink, Trouble
from domain.tips.piles import MOST_COUNTED, Entry, Pile
from domain.tips.tip import Audience, Tip, TipState
from locales import N_, Translator, translator

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
AUDIENCE_WORDS = {
    Audience.EVERYONE: N_("Everyone"),
    Audience.FRONTLINE: N_("Colleagues without a desk"),
    Audience.SUPERVISORS: N_("Supervisors"),
    Audience.TEAM_OWNERS: N_("Team owners"),
    Audience.TEAM: N_("One team"),
}
TROUBLE_WORDS = {
    Trouble.GONE: N_("this page is gone"),
    Trouble.INSIDE: N_("this address is inside our own network"),
    Trouble.INSECURE: N_("this page is not secure"),
    Trouble.LOOPS: N_("this address keeps sending on"),
    Trouble.UNREACHABLE: N_("this site does not answer"),
}
LANGUAGE_WORDS = {"nl": N_("Dutch"), "en": N_("English"), "fr": N_("French")}

Names = Mapping[str, str]
"""Person id → name, of everybody a card mentions."""


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
        pressable(t("Asked, and not answered"), "tip_clusters.list"),
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
            else facts(_facts(t, face), spacing="None"),
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


# --- parts ------------------------------------------------------------------------------------------------


def concerns(t: Translator, found: Sequence[Concern]) -> list[CardElement]:
    """What an author may want to mend, each in a sentence."""
    return [group(*_concern(t, concern), tone="warning", spacing="Small") for concern in found]


def broken_link(t: Translator, link: BrokenLink) -> CardElement:
    """An address, as it was typed, and what is wrong with it. Nobody is sent there."""
    return runs(run(link.url), run(f"\n{t(TROUBLE_WORDS[link.trouble])}", subtle=True, size="Small"))


def preview(t: Translator, one: Tip) -> list[CardElement | Plain]:
    """What people see of a tip, in its own language."""
    shown = tips.answer(translator(one.language), one)
    framed: Plain = {"type": "Container", "style": "emphasis", "separator": True, "items": list(shown)}
    return [text(t("What people see:"), bold=True, spacing="Large"), framed]


def ways(t: Translator, one: Tip) -> list[CardElement]:
    """The other ways of asking, as they were typed."""
    if not one.alternates:
        return []
    return [
        text(t("People also ask it like this:"), bold=True),
        user_text(t, "\n".join(f"– {way}" for way in one.alternates), limit=1500, spacing="Small"),
    ]


def audience(t: Translator, one: Tip, team: str) -> str:
    return team if one.audience is Audience.TEAM and team else t(AUDIENCE_WORDS[one.audience])


def validity(t: Translator, one: Tip) -> str:
    """From when until when people see it; empty for always."""
    if one.valid_from and one.valid_until:
        return t("{first} to {last}", first=t.day(one.valid_from), last=t.day(one.valid_until))
    if one.valid_from:
        return t("from {first}", first=t.day(one.valid_from))
    return t("until {last}", last=t.day(one.valid_until)) if one.valid_until else ""


def back(t: Translator) -> Action:
    return press(t("My tips"), "authoring.home", inputs=False)


def entry_row(t: Translator, entry: Entry, names: Names) -> CardElement:
    """A draft or tip to press, with what there is to know of it."""
    verb = "authoring.draft" if entry.is_draft else "authoring.tip"
    return pressable(
        entry.title or t("(no title yet)"), verb, {"id": entry.id}, detail=_detail(t, entry, names)
    )


def _detail(t: Translator, entry: Entry, names: Names) -> str:
    who = names.get(entry.who or "", "")
    pieces = [
        t("waits for a colleague") if entry.waits else t("to be changed") if entry.returned else "",
        who,
        entry.theme,
        t(LANGUAGE_WORDS[entry.language]) if entry.language in ("en", "fr") else "",
        t.moment(entry.at) if entry.at else "",
        _checked(t, entry.checked) if entry.checked else "",
    ]
    return " · ".join(filter(None, pieces))


def _checked(t: Translator, day: date) -> str:
    return t("checked on {day}", day=t.day(day))


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


def _concern(t: Translator, concern: Concern) -> list[CardElement]:
    match concern.worry:
        case Worry.DUE:
            said = t(
                "Nobody looked at this tip since {day}. Is it still right?",
                day=t.day(concern.since or date.min),
            )
        case Worry.FEW_WAYS:
            said = t.plural(
                "There is {n} other way of asking. With {enough} people find it much better.",
                "There are {n} other ways of asking. With {enough} people find it much better.",
                concern.count,
                enough=ENOUGH_WAYS,
            )
        case Worry.UNTRANSLATED:
            languages = ", ".join(t(LANGUAGE_WORDS[code]) for code in concern.languages)
            said = t("Not there yet in: {languages}.", languages=languages)
        case Worry.BROKEN_LINKS:
            said = t("These links do not work (any more). Mend them, or take them out.")
        case Worry.ALIKE:
            said = t("This is nearly the same question. Is one tip enough?")
    rows = [
        pressable(one.title, "authoring.draft" if one.is_draft else "authoring.tip", {"id": one.id})
        for one in concern.like
    ]
    return [text(said), *rows, *(broken_link(t, link) for link in concern.links)]


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


__all__ = [
    "AUDIENCE_WORDS",
    "LANGUAGE_WORDS",
    "Overview",
    "TipFace",
    "audience",
    "back",
    "concerns",
    "due",
    "entry_row",
    "found",
    "overview",
    "pile",
    "preview",
    "tip",
    "validity",
    "ways",
]
