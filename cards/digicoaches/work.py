"""What a digicoach has: their questions and figures, how they work, help on the floor, and the thanks of the year."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from microsoft_teams.cards import Action

from cards.authoring.parts import LANGUAGE_WORDS
from cards.digicoaches.parts import questions, register_rows
from cards.inputs import choice_input, date_input, number_input, time_input
from cards.kit import Card, card, facts, group, heading, press, text
from domain.digicoaches.coach import Coach
from domain.digicoaches.help import Figures
from domain.digicoaches.register import MOST_PER_WEEK
from locales import N_, Translator

DAY_NAMES = (
    N_("Monday"),
    N_("Tuesday"),
    N_("Wednesday"),
    N_("Thursday"),
    N_("Friday"),
    N_("Saturday"),
    N_("Sunday"),
)


@dataclass(frozen=True, slots=True)
class Work:
    """What a digicoach has. `lines` are `(id, text, detail)` of open questions, `cursor` of the next page."""

    coach: Coach
    service: str
    this_week: int
    year: Figures
    lines: Sequence[tuple[str, str, str]]
    cursor: str | None = None


@dataclass(frozen=True, slots=True)
class ProfileForm:
    """As typed: lists with commas between, times and days as ISO text."""

    languages: str = ""
    places: str = ""
    days: str = ""
    start: str = ""
    until: str = ""
    per_week: str = ""
    pause_until: str = ""
    problems: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, coach: Coach) -> ProfileForm:
        return cls(
            ",".join(sorted(coach.languages)),
            ",".join(coach.places),
            ",".join(str(day) for day in sorted(coach.hours.days)),
            coach.hours.start.isoformat("minutes"),
            coach.hours.end.isoformat("minutes"),
            str(coach.per_week),
            coach.pause_until.isoformat() if coach.pause_until else "",
        )


def work(t: Translator, work: Work, *, contact: bool) -> Card:
    """`contact`: the person is a contact person of a service as well."""
    return card(
        heading(t("You as a digicoach")),
        facts(
            t,
            [
                (t("Service"), work.service),
                (t("This week"), t("{n} of at most {most}", n=work.this_week, most=work.coach.per_week)),
                (t("This year"), helped_in_words(t, work.year)),
            ],
        ),
        *(
            questions(
                t,
                t("Your questions"),
                work.lines,
                more=("digicoaches.more", work.cursor) if work.cursor else None,
            )
            if work.lines
            else [text(t("Nothing waits for you."))]
        ),
        actions=[
            press(t("Note help on the floor"), "digicoaches.floor", inputs=False),
            press(t("How I work"), "digicoaches.profile", inputs=False),
            press(t("New systems"), "digicoaches.systems", inputs=False),
            *([press(t("My service"), "digicoaches.service", inputs=False)] if contact else []),
        ],
        language=t.language,
    )


def floor(t: Translator, form_id: str) -> Card:
    """One press registers help that did not come through Wijzer."""
    return card(
        heading(t("Help on the floor")),
        text(t("How did it go, and how long did it take? One press, and it counts.")),
        *register_rows(t, "digicoaches.note_floor", {"form": form_id}),
        language=t.language,
    )


def noted(t: Translator, this_week: int) -> Card:
    return card(
        heading(t("Registered, thank you")),
        text(t.plural("That makes {n} this week.", "That makes {n} this week.", this_week)),
        actions=[
            press(t("Another one"), "digicoaches.floor", inputs=False),
            press(t("My questions"), "digicoaches.work", inputs=False),
        ],
        language=t.language,
    )


def profile(t: Translator, form: ProfileForm, places: Sequence[str]) -> Card:
    problems = form.problems
    return card(
        heading(t("How you work as a digicoach")),
        text(t("You only get questions that fit this.")),
        choice_input(
            "languages",
            t("Which languages do you speak?"),
            [(code, t(name)) for code, name in LANGUAGE_WORDS.items()],
            value=form.languages,
            required=True,
            error=t("Choose a language at least."),
            expanded=True,
            multiple=True,
            problem=problems.get("languages", ""),
        ),
        *(
            [
                choice_input(
                    "places",
                    t("To which places do you come?"),
                    [(place, place) for place in places],
                    value=form.places,
                    expanded=True,
                    multiple=True,
                    problem=problems.get("places", ""),
                )
            ]
            if places
            else []
        ),
        choice_input(
            "days",
            t("On which days?"),
            [(str(day), t(name)) for day, name in enumerate(DAY_NAMES)],
            value=form.days,
            required=True,
            error=t("Choose a day at least."),
            expanded=True,
            multiple=True,
            problem=problems.get("days", ""),
        ),
        time_input(
            "start",
            t("From what time?"),
            value=form.start,
            required=True,
            error=t("Choose a time."),
            problem=problems.get("start", ""),
        ),
        time_input(
            "until",
            t("Until what time?"),
            value=form.until,
            required=True,
            error=t("Choose a time."),
            problem=problems.get("until", ""),
        ),
        number_input(
            "per_week",
            t("How many questions a week at most?"),
            value=form.per_week,
            required=True,
            error=t("Type a number."),
            minimum=1,
            maximum=MOST_PER_WEEK,
            problem=problems.get("per_week", ""),
        ),
        date_input(
            "pause_until",
            t("No questions until this day (not required)"),
            value=form.pause_until,
            problem=problems.get("pause_until", ""),
        ),
        actions=[press(t("Keep"), "digicoaches.save", style="positive")],
        language=t.language,
    )


def kept(t: Translator, coach: Coach) -> Card:
    pause = [(t("No questions until"), t.day(coach.pause_until))] if coach.pause_until else []
    return card(
        heading(t("Kept")),
        facts(t, [*how(t, coach), *pause]),
        actions=[
            press(t("Change"), "digicoaches.profile", inputs=False),
            press(t("My questions"), "digicoaches.work", inputs=False),
        ],
        language=t.language,
    )


def welcome(t: Translator, service: str, coach: Coach) -> Card:
    """For who became a digicoach."""
    return card(
        heading(t("You are a digicoach of {service}", service=service)),
        text(
            t(
                "Colleagues with a short digital question can come to you. You choose when you have time for it."
            )
        ),
        facts(t, how(t, coach)),
        actions=_firsts(t),
        language=t.language,
    )


def thanks(t: Translator, first_name: str, mine: Figures, all_of_us: Figures) -> Card:
    """Once a year, with the figures of the digicoach; and of all together, when others helped too."""
    shared = t(
        "All digicoaches together helped {n} times. Without you that would not have worked.",
        n=all_of_us.helps,
    )
    return card(
        heading(t("Thank you, {name}!", name=first_name)),
        group(
            text(
                t.plural(
                    "In the past year you helped a colleague once.",
                    "In the past year you helped {n} times.",
                    mine.helps,
                ),
                size="Medium",
                bold=True,
            ),
            facts(
                t,
                [
                    (t("Helped"), str(mine.helped)),
                    (t("Wanted to practise more"), str(mine.practice)),
                    (t("In all"), time_in_words(t, mine.minutes)),
                ],
            ),
            tone="good",
        ),
        *([text(shared)] if all_of_us.helps > mine.helps else []),
        language=t.language,
    )


def how(t: Translator, coach: Coach) -> list[tuple[str, str]]:
    """How a digicoach works, a fact a line."""
    times = f"{coach.hours.start.isoformat('minutes')}-{coach.hours.end.isoformat('minutes')}"
    return [
        (t("Languages"), ", ".join(t(LANGUAGE_WORDS[code]) for code in sorted(coach.languages))),
        *([(t("Places"), ", ".join(coach.places))] if coach.places else []),
        (t("When"), f"{days_in_words(t, coach.hours.days)}, {times}"),
        (t("A week"), t.plural("{n} question at most", "{n} questions at most", coach.per_week)),
    ]


def days_in_words(t: Translator, days: Collection[int]) -> str:
    """`maandag tot en met vrijdag`, and days that do not follow each other one by one."""
    names = [t(name).lower() for name in DAY_NAMES]
    first, last = min(days), max(days)
    if len(days) > 2 and len(days) == last - first + 1:
        return t("{first} to {last}", first=names[first], last=names[last])
    return ", ".join(names[day] for day in sorted(days))


def helped_in_words(t: Translator, figures: Figures) -> str:
    if not figures.helps:
        return t("nobody helped yet")
    times = t.plural("helped once", "helped {n} times", figures.helps)
    return f"{times}, {time_in_words(t, figures.minutes)}"


def time_in_words(t: Translator, minutes: int) -> str:
    if minutes < 60:
        return t("{n} minutes", n=minutes)
    return t("{hours} hours and {minutes} minutes", hours=minutes // 60, minutes=minutes % 60)


def _firsts(t: Translator) -> list[Action]:
    return [
        press(t("How I work"), "digicoaches.profile", inputs=False),
        press(t("My questions"), "digicoaches.work", inputs=False),
    ]
