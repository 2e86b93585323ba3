"""Charts as pictures, drawn with Pillow: for clients that know no charts. Blocking."""

from __future__ import annotations

import io
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

from cards.charts import Chart
from cards.literal import shorten

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont, ImageFont

WIDTH, HEIGHT, LINE = 720, 300, 34
"""Pixels: twice what a narrow card shows, so that it stays sharp."""
LEFT, RIGHT, TOP, BOTTOM = 64, 20, 40, 48
INK, SOFT, GROUND = "#242424", "#8A8A8A", "#FFFFFF"
"""A picture has one ground for light and dark clients: white, as a sheet of paper."""
COLOURS = ("#0B5C63", "#D9752B")


def draw(chart: Chart) -> bytes:
    """A PNG."""
    from PIL import Image, ImageDraw

    height = LINE * len(chart.labels) + 20 if chart.shape == "bars" else HEIGHT
    image = Image.new("RGB", (WIDTH, height), GROUND)
    canvas = ImageDraw.Draw(image)
    _legend(canvas, chart)
    match chart.shape:
        case "bars":
            _bars(canvas, chart)
        case "columns":
            _columns(canvas, chart, height)
        case "line":
            _line(canvas, chart, height)
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()


def _legend(canvas: ImageDraw, chart: Chart) -> None:
    if len(chart.series) < 2:
        return
    x = LEFT
    for place, (name, _) in enumerate(chart.series):
        canvas.rectangle((x, 12, x + 16, 28), fill=COLOURS[place % 2])
        canvas.text((x + 24, 10), name, fill=INK, font=_font(18))
        x += 48 + int(canvas.textlength(name, font=_font(18)))


def _bars(canvas: ImageDraw, chart: Chart) -> None:
    [(_, values)] = chart.series
    labels = [shorten(label, 26) for label in chart.labels]
    start = 20 + int(max(canvas.textlength(label, font=_font(18)) for label in labels))
    unit = (WIDTH - start - RIGHT - 60) / (max(values) or 1)
    for place, (label, value) in enumerate(zip(labels, values, strict=True)):
        y = 14 + place * LINE
        canvas.text((start - 10, y + 2), label, fill=INK, font=_font(18), anchor="ra")
        canvas.rectangle((start, y, start + max(2, value * unit), y + 22), fill=COLOURS[0])
        canvas.text((start + value * unit + 8, y + 2), str(value), fill=INK, font=_font(18))


def _columns(canvas: ImageDraw, chart: Chart, height: int) -> None:
    top = _grid(canvas, chart, height)
    slot = (WIDTH - LEFT - RIGHT) / len(chart.labels)
    wide = min(90.0, slot * 0.7) / len(chart.series)
    floor = height - BOTTOM
    for nth, (_, values) in enumerate(chart.series):
        for place, value in enumerate(values):
            x = LEFT + place * slot + (slot - wide * len(chart.series)) / 2 + nth * wide
            y = floor - (floor - TOP) * value / top
            canvas.rectangle((x, y, x + wide - 2, floor), fill=COLOURS[nth % 2])
            canvas.text((x + wide / 2, y - 4), str(value), fill=INK, font=_font(18), anchor="mb")
    _names(canvas, chart.labels, slot, height)


def _line(canvas: ImageDraw, chart: Chart, height: int) -> None:
    top = _grid(canvas, chart, height)
    slot = (WIDTH - LEFT - RIGHT) / len(chart.labels)
    floor = height - BOTTOM
    for nth, (_, values) in enumerate(chart.series):
        points = [
            (LEFT + (place + 0.5) * slot, floor - (floor - TOP) * value / top)
            for place, value in enumerate(values)
        ]
        canvas.line(points, fill=COLOURS[nth % 2], width=4, joint="curve")
        for x, y in points:
            canvas.ellipse((x - 4, y - 4, x + 4, y + 4), fill=COLOURS[nth % 2])
    _names(canvas, chart.labels, slot, height)


def _grid(canvas: ImageDraw, chart: Chart, height: int) -> int:
    """The lines of the scale; gives its top."""
    most = max((max(values) for _, values in chart.series), default=1) or 1
    steps = (unit * int(10**zeros) for zeros in range(9) for unit in (1, 2, 5))
    step = next(step for step in steps if step * 4 >= most)
    top, floor = step * 4, height - BOTTOM
    for value in range(0, top + 1, step):
        y = floor - (floor - TOP) * value / top
        canvas.line((LEFT, y, WIDTH - RIGHT, y), fill="#E0E0E0")
        canvas.text((LEFT - 10, y), str(value), fill=SOFT, font=_font(16), anchor="rm")
    return top


def _names(canvas: ImageDraw, labels: Sequence[str], slot: float, height: int) -> None:
    """Under the scale: every one, or as many as fit."""
    widest = max(canvas.textlength(label, font=_font(16)) for label in labels) + 12
    every = max(1, -(-int(widest) // max(1, int(slot))))
    for place in range(0, len(labels), every):
        x = LEFT + (place + 0.5) * slot
        canvas.text((x, height - BOTTOM + 8), labels[place], fill=SOFT, font=_font(16), anchor="ma")


@cache
def _font(size: int) -> FreeTypeFont | ImageFont:
    from PIL import ImageFont

    return ImageFont.load_default(size)  # Aileron, which comes with Pillow and has all letters we write
