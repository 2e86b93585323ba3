"""New systems for digicoaches: the form, the news, and the list of what is coming."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from microsoft_teams.cards import Action, CardElement

from cards.inputs import date_input, text_input
from cards.kit import Card, buttons, card, facts, group, heading, open_url, press, pressable, text, user_text
from domain.digicoaches.systems import LONGEST_LINK, LONGEST_NAME, LONGEST_TEXT, NewSystem
from locales import Translator


@dataclass(frozen=True, slots=True)
class SystemForm:
    """As typed; the day as ISO text."""

    form_id: str
    name: str = ""
    text: str = ""
    starts_on: str = ""
    link: str = ""
    problems: Mapping[str, str] = field(default_factory=dict)


def form(t: Translator, values: SystemForm, earliest: date) -> Card:
    problems = values.problems
    return card(
        heading(t("Announce a new system")),
        text(t("Digicoaches who want to know read it at once, before everybody else.")),
        text_input(
            "name",
            t("Which system is it?"),
            value=values.name,
            required=True,
            error=t("Write something here, please."),
            max_length=LONGEST_NAME,
            problem=problems.get("name", ""),
        ),
        text_input(
            "text",
            t("What changes for colleagues?"),
            value=values.text,
            required=True,
            error=t("Write something here, please."),
            multiline=True,
            max_length=LONGEST_TEXT,
            problem=problems.get("text", ""),
        ),
        date_input(
            "starts_on",
            t("From which day does everybody have it?"),
            value=values.starts_on,
            required=True,
            error=t("Choose a day."),
            earliest=earliest,
            problem=problems.get("starts_on", ""),
        ),
        text_input(
            "link",
            t("Where can they try it or read more? (not required)"),
            value=values.link,
            max_length=LONGEST_LINK,
            placeholder="https://",
            problem=problems.get("link", ""),
        ),
        actions=[
            press(t("Tell the digicoaches"), "digicoaches.tell", {"form": values.form_id}, style="positive")
        ],
        language=t.language,
    )


def told(t: Translator, system: NewSystem, *, late_by: int) -> Card:
    """What was announced. `late_by` is how many days later it is than the city wants."""
    late = t.plural(
        "That is one day later than digicoaches should hear of it.",
        "That is {n} days later than digicoaches should hear of it.",
        late_by,
    )
    return card(
        heading(t("The digicoaches hear of it")),
        user_text(t, system.name, bold=True),
        _facts(t, system),
        *([group(text(late), tone="warning")] if late_by > 0 else []),
        language=t.language,
    )


def news(t: Translator, system: NewSystem, by: str, *, wants: bool | None) -> Card:
    """`wants`: whether the reader is told of new systems; None for who is no digicoach."""
    return card(
        heading(t("New for digicoaches: {name}", name=system.name)),
        text(t("You hear it before everybody else.")),
        user_text(t, system.text),
        _facts(t, system),
        text(t("From {name}", name=by), subtle=True),
        actions=[
            *([open_url(t("Try it or read more"), system.link)] if system.link else []),
            press(t("What else is coming"), "digicoaches.systems", inputs=False),
            *([_subscription(t, wants=wants)] if wants is not None else []),
        ],
        language=t.language,
    )


def systems(
    t: Translator, coming: Sequence[NewSystem], cursor: str | None, *, wants: bool | None, tells: bool
) -> Card:
    """What is coming. `tells`: the reader may announce."""
    said = {
        True: t("You are told as soon as there is something new."),
        False: t("You are not told of new systems."),
    }
    return card(
        heading(t("New systems")),
        *([text(said[wants])] if wants is not None else []),
        *(
            pressable(
                system.name,
                "digicoaches.system",
                {"id": system.id},
                detail=t("For everybody from {day}", day=t.day(system.starts_on)),
            )
            for system in coming
        ),
        *([] if coming else [text(t("Nothing new is coming."))]),
        *(
            [buttons(press(t("More"), "digicoaches.systems", {"cursor": cursor}, inputs=False))]
            if cursor
            else []
        ),
        actions=[
            *([_subscription(t, wants=wants)] if wants is not None else []),
            *([press(t("Announce a new system"), "digicoaches.announce", inputs=False)] if tells else []),
        ],
        language=t.language,
    )


def _facts(t: Translator, system: NewSystem) -> CardElement:
    return facts(t, [(t("For everybody from"), t.day(system.starts_on))])


def _subscription(t: Translator, *, wants: bool) -> Action:
    title = t("Do not tell me any more") if wants else t("Tell me of new systems")
    return press(title, "digicoaches.subscribe", {"wants": "no" if wants else "yes"}, inputs=False)
