"""Charts: drawn by Teams where it can, and else a picture of the same figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from microsoft_teams.cards import (
    BarChartDataValue,
    CardElement,
    GroupedVerticalBarChart,
    GroupedVerticalBarChartData,
    HorizontalBarChart,
    HorizontalBarChartDataValue,
    Image,
    LineChart,
    LineChartData,
    LineChartValue,
)

from cards.literal import shorten

LABEL = 30


@dataclass(frozen=True, slots=True)
class Chart:
    """One or two `series`, each a name with a value for every label."""

    shape: Literal["line", "columns", "bars"]
    title: str
    labels: Sequence[str]
    series: Sequence[tuple[str, Sequence[int]]]

    @property
    def spoken(self) -> str:
        """The figures in words, for who cannot see them."""
        lines = (
            f"{name}: "
            + ", ".join(f"{label} {value}" for label, value in zip(self.labels, values, strict=True))
            for name, values in self.series
        )
        return shorten(f"{self.title}. " + "; ".join(lines), 1000)


def chart(given: Chart, picture: str) -> CardElement:
    """The chart, and the `picture` of it at an address for clients that know no charts."""
    fallback = Image(url=picture, alt_text=given.spoken, size="Stretch")
    labels = [shorten(label, LABEL) for label in given.labels]
    match given.shape:
        case "line":
            return LineChart(
                title=given.title,
                show_legend=True,
                y_min=0,
                data=[
                    LineChartData(
                        legend=name,
                        values=[LineChartValue(x=x, y=y) for x, y in zip(labels, values, strict=True)],
                    )
                    for name, values in given.series
                ],
                fallback=fallback,
            )
        case "columns":
            return GroupedVerticalBarChart(
                title=given.title,
                show_legend=len(given.series) > 1,
                show_bar_values=True,
                data=[
                    GroupedVerticalBarChartData(
                        legend=name,
                        values=[BarChartDataValue(x=x, y=y) for x, y in zip(labels, values, strict=True)],
                    )
                    for name, values in given.series
                ],
                fallback=fallback,
            )
        case "bars":
            [(_name, values)] = given.series
            return HorizontalBarChart(
                title=given.title,
                data=[HorizontalBarChartDataValue(x=x, y=y) for x, y in zip(labels, values, strict=True)],
                fallback=fallback,
            )
