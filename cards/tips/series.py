"""Tips that come by themselves: what there is, choosing day and hour, the tip itself, and stopping in one press."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from microsoft_teams.cards import Action, CardElement

from cards.inputs import choice_input, time_input
from cards.kit import Card, buttons, card, group, heading, press, pressable, row, text, text_input
from cards.tips.answers import Question, Suggested, answer, ask_the_desk, did_it_help
from domain.tip_series.rules import monday_of
from domain.tip_series.series import WEEK, PlannedWeek, Series, Subscription
from domain.tips.tip import Tip
from locales import N_, Translator

DAYS = (
    N_("Monday"),
    N_("Tuesday"),
    N_("Wednesday"),
    N_("Thursday"),
    N_("Friday"),
)
USUAL = ("1", "09:00")
QUESTION_LIMIT = 200


@dataclass(frozen=True, slots=True)
class SeriesForm:
    """As typed; `problems` by the name of the box."""

    weekday: str
    at: str
    problems: Mapping[str, str] = field(default_factory=dict)


def started(series: Series) -> SeriesForm:
    """With what is so now, or what is usual."""
    now = series.subscription
    return SeriesForm(str(now.weekday), f"{now.at:%H:%M}") if now else SeriesForm(*USUAL)


def overview(t: Translator, found: Sequence[Series], *, author: bool) -> Card:
    """All there is, with what the person gets already first in sight."""
    return card(
        heading(t("Tips that come by themselves")),
        text(t("One short tip a week, in this chat, on the day and at the hour you choose.")),
        *(
            pressable(
                name_of(t, one), "tip_series.form", {"series": one.id}, detail=_when(t, one.subscription)
            )
            for one in sorted(found, key=lambda one: one.subscription is None)
        ),
        actions=[
            press(t("This week's tip"), "tip_series.this_week"),
            *([press(t("Plan the tip of the week"), "tip_series.plan")] if author else []),
        ],
        language=t.language,
    )


def form(t: Translator, series: Series, values: SeriesForm) -> Card:
    problem = values.problems.get
    days = [(str(number), t(name)) for number, name in enumerate(DAYS)]
    subscribed = series.subscription is not None
    return card(
        heading(name_of(t, series)),
        text(
            t("Everybody who gets it gets the same tip in a week.")
            if series.id == WEEK
            else t("Every week the next tip of this theme, until you had them all.")
        ),
        choice_input(
            "weekday", t("On which day?"), days, value=values.weekday, problem=problem("weekday", "")
        ),
        time_input("at", t("At what time?"), value=values.at, problem=problem("at", "")),
        text(t("Is the city closed that day? Then it comes on the next working day."), subtle=True),
        actions=[
            press(
                t("Save") if subscribed else t("Send me these tips"),
                "tip_series.subscribe",
                {"series": series.id},
                style="positive",
            ),
            *([_stop(t, series.id)] if subscribed else []),
            press(t("All series"), "tip_series.list", inputs=False),
        ],
        language=t.language,
    )


def subscribed(t: Translator, series: Series) -> Card:
    now = series.subscription
    coming = t("The first one comes on {moment}.", moment=t.moment(now.next_at)) if now else ""
    return card(
        heading(name_of(t, series)),
        group(text(_when(t, now)), text(coming, spacing="Small"), tone="good"),
        actions=[_stop(t, series.id), press(t("All series"), "tip_series.list")],
        language=t.language,
    )


def stopped(t: Translator, series: Series) -> Card:
    """`series` as it was until now: a slip of the finger is mended in one press too."""
    before = series.subscription
    again: list[Action] = []
    if before is not None:
        data = {"series": series.id, "weekday": str(before.weekday), "at": f"{before.at:%H:%M}"}
        again = [press(t("Send them again after all"), "tip_series.subscribe", data)]
    return card(
        heading(name_of(t, series)),
        text(t("You do not get these tips any more.")),
        actions=[*again, press(t("All series"), "tip_series.list")],
        language=t.language,
    )


def sent(t: Translator, tip: Tip, series_id: str) -> Card:
    """A tip that came by itself. `t` speaks the language of the tip."""
    title = t("Tip of the week") if series_id == WEEK else t("Your weekly tip: {theme}", theme=tip.theme_name)
    question = Question("", "")
    return card(
        heading(title, size="Medium"),
        *answer(t, tip),
        text(t("Did this help?"), bold=True),
        actions=[
            *did_it_help(t, tip, question),
            ask_the_desk(t, question, tip),
            press(t("Another day or hour"), "tip_series.form", {"series": series_id}),
            _stop(t, series_id),
        ],
        speak=f"{title}: {tip.title}",
        language=t.language,
    )


def done(t: Translator, series: Series) -> Card:
    return card(
        heading(t("You had all tips about {theme}", theme=series.name), size="Medium"),
        text(t("So this series stops. Choose another one, or begin it again.")),
        actions=[
            press(t("All series"), "tip_series.list"),
            press(t("Begin again"), "tip_series.form", {"series": series.id}),
        ],
        language=t.language,
    )


def plan(
    t: Translator,
    planned: Sequence[PlannedWeek],
    found: Sequence[Suggested] = (),
    *,
    typed: str = "",
    problem: str = "",
) -> Card:
    """For authors: the coming weeks, and the tips that fit what was typed."""
    return card(
        heading(t("Plan the tip of the week")),
        text(t("A week without a choice gets by itself what is asked most.")),
        *(_week(t, one) for one in planned),
        text_input(
            "text", t("Which tip comes next?"), value=typed, max_length=QUESTION_LIMIT, problem=problem
        ),
        *(
            [
                text(t("Press the tip you mean:"), bold=True),
                *(pressable(tip.title, "tip_series.plan_tip", {"tip": tip.id}) for tip in found),
            ]
            if found
            else []
        ),
        actions=[
            press(t("Search"), "tip_series.plan", style="positive"),
            press(t("All series"), "tip_series.list", inputs=False),
        ],
        language=t.language,
    )


def name_of(t: Translator, series: Series) -> str:
    return t("Tip of the week") if series.id == WEEK else series.name


def _week(t: Translator, one: PlannedWeek) -> CardElement:
    monday: date = monday_of(one.week)
    days = f"{t.near_day(monday)} – {t.near_day(monday + timedelta(days=6))}"
    return row(
        [text(one.title, bold=True), text(days, subtle=True, spacing="None")],
        [buttons(press(t("Take out"), "tip_series.unplan", {"week": one.week}, inputs=False))],
        separator=True,
    )


def _when(t: Translator, now: Subscription | None) -> str:
    if now is None:
        return t("You do not get this one.")
    return t("Every week on {day} at {time}.", day=t(DAYS[now.weekday]), time=f"{now.at:%H:%M}")


def _stop(t: Translator, series_id: str) -> Action:
    return press(t("Stop these tips"), "tip_series.stop", {"series": series_id}, inputs=False)
