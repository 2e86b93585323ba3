"""What tip authors see: what waits for them, in piles, and a tip as they look after it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from microsoft_teams.cards import Action, CardElement

from cards.authoring.parts import (
    Names,
    back,
    broken_link,
    entry_row,
)
from cards.kit import (
    Card,
    buttons,
    card,
    group,
    heading,
    press,
    pressable,
    run,
    runs,
    text,
    text_input,
)
from domain.authoring.links import BrokenLink
from domain.authoring.piles import MOST_COUNTED, Entry, Pile
from locales import N_, Translator

PILE_WORDS = {
    Pile.REVIEW: N_("Waits for your look"),
    Pile.PROPOSED: N_("Proposed by colleagues"),
    Pile.DRAFTS: N_("Your drafts"),
    Pile.DUE: N_("Time to review"),
    Pile.MISSED: N_("Colleagues missed something"),
    Pile.BROKEN_LINKS: N_("Links that do not work"),
    Pile.FEW_WAYS: N_("Few ways of asking"),
    Pile.UNTRANSLATED: N_("Not in every language yet"),
    Pile.PUBLISHED: N_("All tips"),
    Pile.RETIRED: N_("Out of use"),
}
WORK = (Pile.REVIEW, Pile.PROPOSED, Pile.DRAFTS, Pile.MISSED, Pile.DUE)
"""Shown with their first entries."""
BETTER = (Pile.BROKEN_LINKS, Pile.FEW_WAYS, Pile.UNTRANSLATED, Pile.PUBLISHED, Pile.RETIRED)


@dataclass(frozen=True, slots=True)
class Overview:
    """`first` has the first entries of the piles with work in them."""

    counts: Mapping[Pile, int]
    first: Mapping[Pile, Sequence[Entry]]
    names: Names


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
