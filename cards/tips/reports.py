"""How the tips are doing, as a card: what counts first, then theme by theme and team by team."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from microsoft_teams.cards import CardElement

from cards.kit import Card, card, facts, heading, open_url, press, pressable, run, runs, text, unfold
from cards.reports import PeriodForm, period_inputs, period_problems, period_words
from domain.tips.report import BadTip, TipCounts, TipReport
from locales import Translator

SHOWN = 8
"""Themes and teams on the card; the file has all of them."""

Names = Mapping[str, str]
"""By id."""


def report(
    t: Translator,
    made: TipReport,
    themes: Names,
    teams: Names,
    csv: str,
    form: PeriodForm | None = None,
    *,
    author: bool = False,
) -> Card:
    """`csv` is the address of the file."""
    return card(
        heading(t("Report of the tips: {period}", period=period_words(t, made.period))),
        facts(t, headlines(t, made)),
        *_lines(t, t("By theme"), [(theme_name(t, themes, key), one) for key, one in made.by_theme.items()]),
        *_lines(t, t("By team"), [(team_name(t, teams, key), one) for key, one in made.by_team.items()]),
        *_worst(t, made.worst, author=author),
        text(t("Counted on {moment}.", moment=t.moment(made.made_at)), subtle=True),
        *period_problems(form),
        actions=[
            open_url(t("CSV file"), csv),
            *([press(t("Questions without a tip"), "tip_clusters.list")] if author else []),
            unfold(
                t("Another period"),
                *period_inputs(t, form or PeriodForm(made.period.span.value)),
                actions=[press(t("Show the report"), "tip_reports.show", style="positive")],
            ),
        ],
        language=t.language,
    )


def headlines(t: Translator, made: TipReport) -> list[tuple[str, str]]:
    total = made.total
    return [
        (t("Questions asked"), str(total.asked)),
        (t("Answered with a tip"), _of(t, total.answered, total.asked)),
        (t("Helped"), _of(t, total.helped, total.helped + total.not_helped)),
        (t("Handed over"), _of(t, total.handed_over, total.asked)),
        (t("Tickets that were not needed"), str(total.deflected)),
        (t("Tickets solved with a tip"), str(total.solved)),
        (t("Waiting for a tip now"), t.plural("{n} question", "{n} questions", made.waiting)),
    ]


def columns(t: Translator) -> list[str]:
    """What the numbers of `TipCounts` are called, in their order."""
    return [
        t("Questions asked"),
        t("Answered with a tip"),
        t("Helped"),
        t("Did not help"),
        t("Handed over"),
        t("Tickets that were not needed"),
        t("Tickets solved with a tip"),
    ]


def theme_name(t: Translator, themes: Names, theme: str | None) -> str:
    return themes.get(theme, theme) if theme else t("no tip found")


def team_name(t: Translator, teams: Names, team_id: str | None) -> str:
    return teams.get(team_id or "", "") or t("no team")


def _lines(t: Translator, title: str, rows: Sequence[tuple[str, TipCounts]]) -> list[CardElement]:
    if not rows:
        return []
    lines = [
        runs(run(name, bold=True), run(f"\n{_counted(t, counts)}"), spacing="Small")
        for name, counts in rows[:SHOWN]
    ]
    left = len(rows) - SHOWN
    more = (
        [text(t.plural("{n} more in the file", "{n} more in the file", left), subtle=True)]
        if left > 0
        else []
    )
    return [text(title, bold=True, size="Medium", spacing="Medium"), *lines, *more]


def _counted(t: Translator, counts: TipCounts) -> str:
    said = [
        (counts.asked, t("asked")),
        (counts.answered, t("answered")),
        (counts.helped, t("helped")),
        (counts.not_helped, t("did not help")),
        (counts.handed_over, t("handed over")),
        (counts.deflected, t("tickets not needed")),
        (counts.solved, t("solved with a tip")),
    ]
    return ", ".join(f"{what} {number}" for number, what in said if number)


def _worst(t: Translator, worst: Sequence[BadTip], *, author: bool) -> list[CardElement]:
    """Tips that did not help; an author opens them from here."""
    if not worst:
        return []
    verb = "authoring.tip" if author else "tips.show"
    rows = [
        pressable(
            tip.title,
            verb,
            {"id": tip.id},
            detail=t(
                "did not help {not_helped} times, helped {helped} times",
                not_helped=tip.not_helped,
                helped=tip.helped,
            ),
        )
        for tip in worst
    ]
    return [text(t("Tips that did not help"), bold=True, size="Medium", spacing="Medium"), *rows]


def _of(t: Translator, part: int, whole: int) -> str:
    return f"{part} ({part / whole * 100:.0f} %)" if whole else str(part)
