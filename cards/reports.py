"""A report as a card: what counts first, charts, and where the whole of it can be had."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from microsoft_teams.cards import CardElement

from cards.charts import Chart, chart
from cards.helpdesk.words import PRIORITY_WORDS
from cards.inputs import date_input
from cards.kit import Card, card, choice_input, facts, group, heading, open_url, press, text, unfold
from domain.helpdesk.rules import Kind
from domain.reports.names import Names
from domain.reports.report import Report, Times
from domain.reports.rules import Period, Span
from locales import N_, Translator

SPAN_NAMES = {
    Span.THIS_WEEK: N_("This week"),
    Span.LAST_WEEK: N_("Last week"),
    Span.THIS_MONTH: N_("This month"),
    Span.LAST_MONTH: N_("Last month"),
    Span.THIS_QUARTER: N_("This quarter"),
    Span.LAST_QUARTER: N_("Last quarter"),
    Span.DATES: N_("From one day to another"),
}
AGE_NAMES = (N_("< 1 day"), N_("< 1 week"), N_("< 1 month"), N_("< 3 months"), N_("older"))
"""The bounds of `reports.actions.AGES`."""
DEFLECTED_BY = {"tip": N_("by a tip"), "digicoach": N_("by a digicoach"), "major": N_("by a known incident")}
SHOWN = 8
"""Categories and teams in a chart; the sheet has all of them."""


@dataclass(frozen=True, slots=True)
class PeriodForm:
    """What stands in the choice of another period. `problems` are sentences by field."""

    span: str = Span.LAST_MONTH.value
    first: str = ""
    last: str = ""
    problems: Mapping[str, str] = field(default_factory=dict)


def report(
    t: Translator, made: Report, names: Names, links: Mapping[str, str], form: PeriodForm | None = None
) -> Card:
    """`links` has the address of each chart's picture by its name, and of the files: `xlsx` and `csv`."""
    return card(
        heading(t("Report: {period}", period=period_words(t, made.period))),
        facts(t, headlines(t, made)),
        *_charts(t, made, names, links),
        text(
            t("Counted on {moment}. The files can be fetched for an hour.", moment=t.moment(made.made_at)),
            subtle=True,
        ),
        *period_problems(form),
        actions=[
            open_url(t("Excel file"), links["xlsx"]),
            open_url(t("CSV file"), links["csv"]),
            unfold(
                t("Another period"),
                *period_inputs(t, form or PeriodForm(made.period.span.value)),
                actions=[press(t("Show the report"), "reports.show", style="positive")],
            ),
        ],
        language=t.language,
    )


def headlines(t: Translator, made: Report) -> list[tuple[str, str]]:
    """The figures a desk is steered by, in words."""
    kinds = ", ".join(_so_many(t, Kind(kind), count) for kind, count in made.by_kind.items())
    backlog = sum(made.backlog)
    by = ", ".join(f"{count} {t(DEFLECTED_BY.get(how, how))}" for how, count in made.deflected.items())
    given = sum(made.ratings.values())
    rating = f"{made.rating:.1f}" if made.rating is not None else ""
    return [
        (t("Reported"), f"{made.created} ({kinds})" if kinds else str(made.created)),
        (t("Solved"), str(made.solution.count)),
        (t("First answer"), times_words(t, made.response)),
        (t("Solution"), times_words(t, made.solution)),
        (t("Promises kept"), _promises(t, made)),
        (t("Opened again"), _share(t, made.reopen_rate)),
        (t("Open now"), str(backlog)),
        (
            t("Rating"),
            t("{rating} of 5, by {n} people", rating=_decimal(t, rating), n=given)
            if given
            else t("none yet"),
        ),
        (t("Not needed"), f"{_share(t, made.deflection)} ({by})" if by else _share(t, made.deflection)),
    ]


def charts(t: Translator, made: Report, names: Names) -> dict[str, Chart]:
    """The charts of a report by name; a chart of nothing is left out."""
    found = {}
    if len(made.steps) > 1 and any(step.created or step.solved for step in made.steps):
        found["line"] = Chart(
            "line",
            t("Reported and solved"),
            [f"{step.first.day}/{step.first.month}" for step in made.steps],
            [
                (t("reported"), [step.created for step in made.steps]),
                (t("solved"), [step.solved for step in made.steps]),
            ],
        )
    for key, title, counts in (
        (
            "categories",
            t("Reported, by category"),
            {category_name(t, names, k): n for k, n in made.by_category.items()},
        ),
        ("teams", t("Reported, by team"), {team_name(t, names, k): n for k, n in made.by_team.items()}),
    ):
        if counts:
            top = list(counts.items())[:SHOWN]
            found[key] = Chart("bars", title, [k for k, _ in top], [(t("reported"), [n for _, n in top])])
    if sum(made.backlog):
        ages = [t(name) for name in AGE_NAMES]
        found["backlog"] = Chart("columns", t("Open now, by age"), ages, [(t("open"), list(made.backlog))])
    return found


def category_name(t: Translator, names: Names, category: str | None) -> str:
    return names.categories.get(category or "", "") or t("no category")


def team_name(t: Translator, names: Names, team_id: str | None) -> str:
    return names.teams.get(team_id or "", "") or t("no team")


def period_words(t: Translator, period: Period) -> str:
    days = f"{t.day(period.first)} – {t.day(period.last)}"
    return days if period.span is Span.DATES else f"{t(SPAN_NAMES[period.span])}, {days}"


def times_words(t: Translator, times: Times) -> str:
    if times.median is None or times.p90 is None:
        return t("not measured")
    return t(
        "half within {median}, 9 of 10 within {p90}",
        median=duration(t, times.median),
        p90=duration(t, times.p90),
    )


def duration(t: Translator, seconds: int) -> str:
    """Working time, such as `3 h 20 min`."""
    minutes = round(seconds / 60)
    if minutes < 60:
        return t("{minutes} min", minutes=minutes)
    hours, rest = divmod(minutes, 60)
    return t("{hours} h {minutes} min", hours=hours, minutes=rest) if rest else t("{hours} h", hours=hours)


def _so_many(t: Translator, kind: Kind, count: int) -> str:
    match kind:
        case Kind.INCIDENT:
            return t.plural("{n} incident", "{n} incidents", count)
        case Kind.REQUEST:
            return t.plural("{n} request", "{n} requests", count)
        case Kind.CHANGE:
            return t.plural("{n} change", "{n} changes", count)


def _promises(t: Translator, made: Report) -> str:
    judged = made.response.judged + made.solution.judged
    if not judged:
        return t("none were made")
    parts = [
        f"{t('first answer')} {_share(t, made.response.share)}",
        f"{t('solution')} {_share(t, made.solution.share)}",
    ]
    late = [
        f"{t(PRIORITY_WORDS[priority])} {_share(t, times.share)}"
        for priority, times in made.by_priority.items()
        if times.judged
    ]
    return ", ".join(parts) + (f" ({', '.join(late)})" if late else "")


def _charts(t: Translator, made: Report, names: Names, links: Mapping[str, str]) -> list[CardElement]:
    elements: list[CardElement] = []
    for name, given in charts(t, made, names).items():
        elements += [text(given.title, bold=True, spacing="Medium"), chart(given, links[name])]
    return elements


def period_inputs(t: Translator, form: PeriodForm) -> list[CardElement]:
    problem = form.problems.get
    return [
        choice_input(
            "span",
            t("Period"),
            [(span.value, t(name)) for span, name in SPAN_NAMES.items()],
            value=form.span,
        ),
        date_input("first", t("First day"), value=form.first, problem=problem("first", "")),
        date_input("last", t("Last day"), value=form.last, problem=problem("last", "")),
    ]


def period_problems(form: PeriodForm | None) -> list[CardElement]:
    """The form is folded away: what is wrong in it is said on the card as well."""
    wrong = [text(problem) for problem in form.problems.values()] if form else []
    return [group(*wrong, tone="attention")] if wrong else []


def _share(t: Translator, share: float | None) -> str:
    return f"{share * 100:.0f} %" if share is not None else t("not known")


def _decimal(t: Translator, number: str) -> str:
    return number if t.language == "en" else number.replace(".", ",")
