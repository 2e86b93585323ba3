"""The form a ticket is reported with, and the question whether a message belongs to a ticket that is there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from microsoft_teams.cards import CardElement

from cards.helpdesk.requester import TicketFace
from cards.helpdesk.words import IMPACT_CHOICES, KIND_TITLES, KIND_WORDS, URGENCY_CHOICES
from cards.kit import (
    INPUT_LIMIT,
    Card,
    buttons,
    card,
    choice_input,
    group,
    heading,
    press,
    pressable,
    text,
    text_input,
    typed_text,
    user_text,
)
from domain.helpdesk.majors import Major
from domain.helpdesk.rules import Kind, Step
from locales import N_, Translator


@dataclass(frozen=True, slots=True)
class TicketForm:
    """What stands in the form. `problems` are sentences by field; sending one `form_id` twice reports once."""

    form_id: str
    kind: Kind
    text: str = ""
    impact: str = ""
    urgency: str = ""
    problems: Mapping[str, str] = field(default_factory=dict)
    has_password: bool = False


@dataclass(frozen=True, slots=True)
class FirstHelp:
    """What may be quicker than a ticket. `tips` are `(id, title)`, `digicoach` is the id of one of the own team."""

    major: Major | None = None
    tips: Sequence[tuple[str, str]] = ()
    digicoach: str | None = None


NO_HELP = FirstHelp()


def which_kind(t: Translator, typed: str) -> Card:
    """The one question that tells the kinds apart, in everyday words."""
    answers = (
        (Kind.INCIDENT, N_("Yes: it worked before, and now I cannot go on")),
        (Kind.REQUEST, N_("No, I need something the helpdesk offers, such as a licence or a screen")),
        (Kind.CHANGE, N_("No, I want something new, or something to work differently")),
    )
    return card(
        heading(t("Did it work before, and can you not go on now?")),
        *([typed_text(t, typed)] if typed else []),
        *(
            pressable(
                t(words), "catalogue.open" if kind is Kind.REQUEST else "helpdesk.form", {"kind": kind.value}
            )
            for kind, words in answers
        ),
        language=t.language,
    )


def following(t: Translator, major: Major) -> Card:
    """Instead of a ticket: the person hears how the major incident goes."""
    return card(
        heading(t("I keep you informed")),
        text(f"{major.number}: {major.title}"),
        text(t("You read here how it goes, and when it is solved. You do not need to report anything.")),
        actions=[
            press(t("Stop following"), "majors.unfollow", {"major": major.ticket_id}),
            press(t("My problem is another one"), "helpdesk.form", {"kind": "incident"}),
        ],
        language=t.language,
    )


def form(t: Translator, values: TicketForm, first: FirstHelp = NO_HELP) -> Card:
    """Nothing is required by the card itself, so that another kind can be chosen without losing what was typed."""
    ask = KIND_WORDS[values.kind]
    problem = values.problems.get
    others = [kind for kind in Kind if kind is not values.kind]
    return card(
        heading(t(KIND_TITLES[values.kind])),
        text(t(ask.means), subtle=True),
        *_known(t, values, first.major),
        *_quicker(t, values, first),
        *_secret(t, values),
        text_input(
            "text",
            t(ask.what),
            value=values.text,
            multiline=True,
            max_length=INPUT_LIMIT,
            problem=problem("text", ""),
        ),
        choice_input(
            "urgency",
            t(ask.urgency),
            [(urgency.value, t(words)) for urgency, words in URGENCY_CHOICES[values.kind].items()],
            value=values.urgency,
            expanded=True,
            problem=problem("urgency", ""),
        ),
        choice_input(
            "impact",
            t(ask.impact),
            [(impact.value, t(words)) for impact, words in IMPACT_CHOICES.items()],
            value=values.impact,
            expanded=True,
            problem=problem("impact", ""),
        ),
        text(t("Is it something else?"), subtle=True),
        *(
            pressable(
                t(KIND_WORDS[kind].means),
                "catalogue.open" if kind is Kind.REQUEST else "helpdesk.form",
                {"kind": kind.value, "form": values.form_id},
            )
            for kind in others
        ),
        actions=[
            press(
                t("Send to the helpdesk"),
                "helpdesk.submit",
                {"kind": values.kind.value, "form": values.form_id},
                style="positive",
            )
        ],
        language=t.language,
    )


def _known(t: Translator, values: TicketForm, major: Major | None) -> list[CardElement]:
    """That others have this too, and that the desk is at it."""
    if major is None:
        return []
    data = {"major": major.ticket_id, "form": values.form_id, "kind": values.kind.value}
    return [
        group(
            text(t("This is known: the helpdesk is working on it"), bold=True),
            user_text(t, major.title, spacing="Small"),
            buttons(press(t("Keep me informed"), "helpdesk.follow", data, style="positive", inputs=False)),
            text(t("Is it something else at your place? Then go on below."), subtle=True, spacing="Small"),
            tone="accent",
        )
    ]


def _secret(t: Translator, values: TicketForm) -> list[CardElement]:
    """A warning, and no more: only the person knows whether it is one, and what the desk has to read."""
    if not values.has_password:
        return []
    said = t("There seems to be a password in your text. Take it out: the helpdesk never needs it.")
    return [group(text(said), tone="warning")]


def _quicker(t: Translator, values: TicketForm, first: FirstHelp) -> list[CardElement]:
    """Tips and the colleague's digicoach: taking one ends it without a ticket."""
    data = {"form": values.form_id, "kind": values.kind.value}
    offers = [pressable(title, "helpdesk.tip", {**data, "id": tip_id}) for tip_id, title in first.tips]
    if first.digicoach is not None:
        offers.append(
            pressable(
                t("Ask a digicoach of your team"),
                "helpdesk.digicoach",
                {**data, "coach": first.digicoach},
            )
        )
    return [text(t("Perhaps this helps at once:"), bold=True), *offers] if offers else []


def belongs(t: Translator, faces: Sequence[TicketFace], typed: str) -> Card:
    """Asks whether a typed message is meant for the agent who answered last, or who answered on another ticket before
    that. The text stands in it once."""
    first, several = faces[0], len(faces) > 1

    def to(face: TicketFace, step: Step) -> dict[str, str | int]:
        return {"id": face.ticket.id, "seen": face.ticket.version, "step": step.value}

    def words(face: TicketFace, step: Step) -> str:
        on = {"name": face.who, "number": face.ticket.number}
        if several:
            said = {
                Step.REPLY: N_("To {name} on {number}"),
                Step.CLOSE: N_("On {number}: it works, thank you"),
                Step.REOPEN: N_("On {number}: it does not work yet"),
            }
        else:
            said = {
                Step.REPLY: N_("Yes, send it to {name}"),
                Step.CLOSE: N_("Yes: it works, thank you"),
                Step.REOPEN: N_("Yes: it does not work yet"),
            }
        return t(said[step], **on)

    return card(
        heading(
            t("Which ticket does this belong to?")
            if several
            else t("Does this belong to {number}?", number=first.ticket.number)
        ),
        *(
            text(
                t(
                    "{name} has {number}: “{title}”.",
                    name=face.who,
                    number=face.ticket.number,
                    title=face.ticket.title,
                ),
                spacing="Small",
            )
            for face in faces
        ),
        typed_text(t, typed),
        *(
            pressable(words(face, step), "helpdesk.belongs", to(face, step))
            for face in faces
            for step in (Step.REPLY, Step.CLOSE, Step.REOPEN)
            if step in face.possible
        ),
        pressable(t("No, it is about something new"), "helpdesk.aside", {"id": first.ticket.id}),
        language=t.language,
    )
