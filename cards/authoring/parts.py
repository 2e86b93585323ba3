"""Parts of the cards of tip authors: what stands out about a tip, what people see of it, and a line of a list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from microsoft_teams.cards import Action, CardElement

from cards.kit import (
    group,
    press,
    pressable,
    run,
    runs,
    text,
    user_text,
)
from cards.tips import answers as tips
from domain.authoring.concerns import Concern, Worry
from domain.authoring.links import BrokenLink, Trouble
from domain.authoring.piles import Entry
from domain.authoring.rules import ENOUGH_WAYS
from domain.tips.tip import Audience, Tip
from locales import N_, Translator, translator

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


def concerns(t: Translator, found: Sequence[Concern]) -> list[CardElement]:
    """What an author may want to mend, each in a sentence."""
    return [group(*_concern(t, concern), tone="warning", spacing="Small") for concern in found]


def broken_link(t: Translator, link: BrokenLink) -> CardElement:
    """An address, as it was typed, and what is wrong with it. Nobody is sent there."""
    return runs(run(link.url), run(f"\n{t(TROUBLE_WORDS[link.trouble])}", subtle=True, size="Small"))


def preview(t: Translator, one: Tip) -> list[CardElement]:
    """What people see of a tip, in its own language."""
    shown = tips.answer(translator(one.language), one)
    return [
        text(t("What people see:"), bold=True, spacing="Large"),
        group(*shown, tone="emphasis", separator=True),
    ]


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
        case Worry.OPEN_ELSEWHERE:
            languages = ", ".join(t(LANGUAGE_WORDS[code]) for code in concern.languages)
            said = t("This is for one team, but others still read it in: {languages}.", languages=languages)
        case Worry.BROKEN_LINKS:
            said = t("These links do not work (any more). Mend them, or take them out.")
        case Worry.ALIKE:
            said = t("This is nearly the same question. Is one tip enough?")
    rows = [
        pressable(one.title, "authoring.draft" if one.is_draft else "authoring.tip", {"id": one.id})
        for one in concern.like
    ]
    return [text(said), *rows, *(broken_link(t, link) for link in concern.links)]
