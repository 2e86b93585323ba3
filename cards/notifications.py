"""How a person is told: choosing it, and what was told together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from microsoft_teams.cards import CardElement

from cards.inputs import choice_input, time_input
from cards.kit import Card, buttons, card, facts, group, heading, press, row, run, runs, text
from cards.literal import shorten
from domain.notifications.policy import Kind, Mode, Settings
from locales import N_, Translator

LINE_LIMIT = 90

_KINDS = {
    Kind.ANSWER: N_("The helpdesk answers you"),
    Kind.APPROVAL: N_("Somebody asks for your approval"),
    Kind.MAJOR: N_("News of a big disturbance"),
    Kind.RESULT: N_("What you asked for was decided or is ready"),
    Kind.PROGRESS: N_("Other news of what you asked for"),
    Kind.REPLY: N_("Somebody replies on a ticket you handle"),
    Kind.WORK: N_("A ticket for the helpdesk"),
    Kind.DEADLINE: N_("A ticket of yours is at risk or late"),
}
_MODES = {
    Mode.ALWAYS: N_("At once, in quiet hours too"),
    Mode.AT_ONCE: N_("At once, but not in quiet hours"),
    Mode.BUNDLED: N_("Together, when much comes at once"),
    Mode.DAILY: N_("Together, once a day"),
}


@dataclass(frozen=True, slots=True)
class BundleLine:
    """One thing that was told with others: what happened, and to what."""

    id: str
    what: str
    about: str


def settings(
    t: Translator,
    chosen: Settings,
    kinds: Sequence[Kind],
    *,
    typed: Mapping[str, Any] | None = None,
    problems: Mapping[str, str] | None = None,
) -> Card:
    """What is so now, or what was typed and what is wrong with it."""
    wrong, given = problems or {}, typed or {}
    quiet = chosen.quiet

    def value(name: str, now: str) -> str:
        return str(given.get(name, now))

    modes = [(mode.value, t(words)) for mode, words in _MODES.items()]
    yes_no = [("yes", t("Yes")), ("no", t("No"))]
    return card(
        heading(t("Your messages")),
        text(t("When do you want to hear from me? Nothing gets lost: what waits comes later.")),
        *(
            choice_input(kind.value, t(_KINDS[kind]), modes, value=value(kind, chosen.modes[kind]))
            for kind in kinds
        ),
        choice_input("quiet", t("Quiet hours?"), yes_no, value=value("quiet", "yes" if quiet else "no")),
        time_input(
            "quiet_from", t("Quiet from"), value=value("quiet_from", f"{quiet.start:%H:%M}" if quiet else "")
        ),
        time_input(
            "quiet_until",
            t("Quiet until"),
            value=value("quiet_until", f"{quiet.until:%H:%M}" if quiet else ""),
            problem=wrong.get("quiet_until", ""),
        ),
        choice_input(
            "closed_days",
            t("Quiet at weekends and on holidays too?"),
            yes_no,
            value=value("closed_days", "yes" if quiet is None or quiet.closed_days else "no"),
        ),
        time_input(
            "digest_at",
            t("What comes once a day comes at"),
            value=value("digest_at", f"{chosen.digest_at:%H:%M}"),
            problem=wrong.get("digest_at", ""),
        ),
        actions=[press(t("Save"), "notifications.save", style="positive")],
        language=t.language,
    )


def saved(t: Translator, chosen: Settings, kinds: Sequence[Kind]) -> Card:
    """What holds from now on."""
    return card(
        heading(t("Your messages")),
        group(text(t("Saved. From now on it goes like this.")), tone="good"),
        facts(t, [(t(_KINDS[kind]), t(_MODES[chosen.modes[kind]])) for kind in kinds]),
        facts(t, [(t("Quiet hours"), _quiet(t, chosen)), (t("Once a day"), f"{chosen.digest_at:%H:%M}")]),
        actions=[press(t("Change"), "notifications.choose", inputs=False)],
        language=t.language,
    )


def bundle(t: Translator, bundle_id: str, lines: Sequence[BundleLine]) -> Card:
    """News that came together, each with a button that shows it below."""
    return card(
        heading(t.plural("{n} message for you", "{n} messages for you", len(lines))),
        *(_line(t, bundle_id, line) for line in lines),
        actions=[press(t("Choose when I hear this"), "notifications.choose", inputs=False)],
        language=t.language,
    )


def waits_for(t: Translator, first_name: str, *, refused: bool) -> CardElement:
    """For the desk: what it says does not arrive yet."""
    told = (
        t(
            "{name} has no chat with me and cannot be given one. What you say waits: call when it is urgent.",
            name=first_name,
        )
        if refused
        else t("{name} has no chat with me yet. What you say waits until it is there.", name=first_name)
    )
    return group(text(told), tone="warning", spacing="Small")


def all_opened(t: Translator) -> Card:
    return card(
        heading(t("Your messages")),
        text(t("You have opened them all. They stand below.")),
        language=t.language,
    )


def _line(t: Translator, bundle_id: str, line: BundleLine) -> CardElement:
    return row(
        [
            runs(run(shorten(line.what, LINE_LIMIT), bold=True)),
            *([runs(run(shorten(line.about, LINE_LIMIT)), spacing="None")] if line.about else []),
        ],
        [buttons(press(t("Show"), "notifications.open", {"bundle": bundle_id, "id": line.id}, inputs=False))],
        separator=True,
    )


def _quiet(t: Translator, chosen: Settings) -> str:
    quiet = chosen.quiet
    if quiet is None:
        return t("none")
    hours = t("{start} to {until}", start=f"{quiet.start:%H:%M}", until=f"{quiet.until:%H:%M}")
    return t("{hours}, at weekends and on holidays too", hours=hours) if quiet.closed_days else hours
