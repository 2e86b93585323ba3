"""A service and its digicoaches for its contact person, and all services side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from microsoft_teams.cards import CardElement

from cards.digicoaches.work import helped_in_words, how
from cards.inputs import text_input
from cards.kit import Card, buttons, card, facts, group, heading, press, pressable, row, text
from domain.digicoaches.help import Figures
from domain.digicoaches.services import Member, Standing
from locales import Translator

SHOWN = 12
"""Digicoaches on the card of a service; a big one has a dozen."""


@dataclass(frozen=True, slots=True)
class AddForm:
    typed: str = ""
    problem: str = ""


NOTHING_TYPED = AddForm()


@dataclass(frozen=True, slots=True)
class ServiceLine:
    """A service in the list of all of them."""

    id: str
    name: str
    coaches: int
    wanted: int
    year: Figures


def service(
    t: Translator,
    standing: Standing,
    names: Mapping[str, str],
    form: AddForm = NOTHING_TYPED,
    *,
    others: Sequence[tuple[str, str]] = (),
) -> Card:
    """`others` are the id and name of further services of this contact person."""
    members = standing.members
    return card(
        heading(t("Digicoaches of {service}", service=standing.name)),
        *_missing(t, standing),
        facts(
            t,
            [
                (t("Colleagues"), str(standing.people)),
                (t("Digicoaches"), t("{n} of {wanted}", n=len(members), wanted=standing.wanted)),
                (t("This year"), helped_in_words(t, standing.year)),
            ],
        ),
        *(_member(t, standing, member, names) for member in members[:SHOWN]),
        *([text(t("And {n} more.", n=len(members) - SHOWN), subtle=True)] if len(members) > SHOWN else []),
        text_input(
            "colleague",
            t("Who becomes a digicoach?"),
            value=form.typed,
            max_length=120,
            placeholder=t("A name or an e-mail address"),
            problem=form.problem,
        ),
        buttons(press(t("Make a digicoach"), "digicoaches.add", {"service": standing.service.team_id})),
        *(
            [
                text(t("Your other services"), bold=True),
                *(pressable(name, "digicoaches.service", {"service": team}) for team, name in others),
            ]
            if others
            else []
        ),
        language=t.language,
    )


def _missing(t: Translator, standing: Standing) -> list[CardElement]:
    """What lacks, on a coloured ground; nothing when all is well."""
    if not standing.is_short:
        return []
    short = standing.wanted - len(standing.members)
    said = []
    if short > 0:
        said.append(
            text(
                t.plural(
                    "You need one digicoach more: ask who likes to help.",
                    "You need {n} digicoaches more: ask who likes to help.",
                    short,
                )
            )
        )
    if standing.places_without:
        places = ", ".join(standing.places_without)
        said.append(text(t("No digicoach comes to: {places}.", places=places)))
    return [group(*said, tone="warning")]


def _member(t: Translator, standing: Standing, member: Member, names: Mapping[str, str]) -> CardElement:
    coach = member.coach
    facts_of = " · ".join(value for _, value in how(t, coach))
    state = (
        t("away")
        if member.away
        else t("this week {n} of {most}", n=member.load.this_week, most=coach.per_week)
    )
    data = {"service": standing.service.team_id, "person": coach.person_id}
    return row(
        [
            text(names.get(coach.person_id, coach.person_id), bold=True),
            text(f"{state} · {helped_in_words(t, member.year)}", spacing="None"),
            text(facts_of, subtle=True, size="Small", spacing="None"),
        ],
        [buttons(press(t("Remove"), "digicoaches.remove", data, inputs=False))],
        separator=True,
    )


def overview(
    t: Translator, year: int, all_of_us: Figures, lines: Sequence[ServiceLine], cursor: str | None
) -> Card:
    """All services, by name: how many digicoaches of how many, and how often they helped this year."""
    return card(
        heading(t("Digicoaches in {year}", year=year)),
        text(helped_in_words(t, all_of_us), bold=True),
        facts(
            t,
            [
                (t("Helped"), str(all_of_us.helped)),
                (t("Wanted to practise more"), str(all_of_us.practice)),
                (t("Did not work out yet"), str(all_of_us.not_yet)),
            ],
        ),
        *(
            pressable(
                line.name,
                "digicoaches.service",
                {"service": line.id},
                detail=_line(t, line),
            )
            for line in lines
        ),
        *([buttons(press(t("More"), "digicoaches.overview", {"cursor": cursor}))] if cursor else []),
        language=t.language,
    )


def _line(t: Translator, line: ServiceLine) -> str:
    count = t("{n} of {wanted} digicoaches", n=line.coaches, wanted=line.wanted)
    return f"{count} · {helped_in_words(t, line.year)}"
