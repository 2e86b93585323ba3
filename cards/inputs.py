"""What people fill in: always labelled, and a required one says what to do when it is empty."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Final

from microsoft_teams.cards import (
    CardElement,
    Choice,
    ChoiceSetInput,
    Container,
    DateInput,
    NumberInput,
    RichTextBlock,
    TextInput,
    TextRun,
    TimeInput,
)

from cards.literal import literal, unmarked

INPUT_LIMIT: Final = 4000
"""Characters an input takes when nothing else is said."""

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME = re.compile(r"[0-9]{2}:[0-9]{2}")
_WHOLE = re.compile(r"-?[0-9]{1,9}")


def text_input(
    id: str,  # noqa: A002
    label: str,
    *,
    value: str = "",
    error: str = "",
    required: bool = False,
    multiline: bool = False,
    max_length: int = INPUT_LIMIT,
    placeholder: str = "",
    problem: str = "",
) -> CardElement:
    """A labelled text box. `error` is what a client shows when it is required and empty; `problem` is what we
    found wrong with what was sent, on red under the box."""
    _check_label(id, label, error if required else "-")
    box = TextInput(
        id=id,
        label=literal(label),
        value=_input_value(value, max_length) or None,
        is_required=required or None,
        error_message=error or None,
        is_multiline=multiline or None,
        max_length=max_length,
        placeholder=placeholder or None,
    )
    return _with_problem(box, problem)


def choice_input(
    id: str,  # noqa: A002
    label: str,
    choices: Sequence[tuple[str, str]],
    *,
    value: str = "",
    error: str = "",
    required: bool = False,
    expanded: bool = False,
    multiple: bool = False,
    placeholder: str = "",
    problem: str = "",
) -> CardElement:
    """A labelled choice among `(value, title)`: a list that folds out, or with `expanded` all of them in sight.

    With `multiple` the values travel as text with commas between them.
    """
    _check_label(id, label, error if required else "-")
    known = {choice for choice, _title in choices}
    chosen = ",".join(v for v in (value.split(",") if multiple else [value]) if v in known)
    box = ChoiceSetInput(
        id=id,
        label=literal(label),
        choices=[Choice(title=unmarked(title), value=choice) for choice, title in choices],
        value=chosen or None,
        is_required=required or None,
        error_message=error or None,
        style="expanded" if expanded else "compact",
        is_multi_select=multiple or None,
        placeholder=placeholder or None,
        wrap=True,
    )
    return _with_problem(box, problem)


def date_input(
    id: str,  # noqa: A002
    label: str,
    *,
    value: str = "",
    error: str = "",
    required: bool = False,
    earliest: date | None = None,
    problem: str = "",
) -> CardElement:
    """A labelled day. The value travels as `2026-11-22`; what is no day does not fit in the box and is left out."""
    _check_label(id, label, error if required else "-")
    box = DateInput(
        id=id,
        label=literal(label),
        value=value if _DAY.fullmatch(value) else None,
        is_required=required or None,
        error_message=error or None,
        min=earliest.isoformat() if earliest else None,
    )
    return _with_problem(box, problem)


def time_input(
    id: str,  # noqa: A002
    label: str,
    *,
    value: str = "",
    error: str = "",
    required: bool = False,
    problem: str = "",
) -> CardElement:
    """A labelled time of day. The value travels as `14:05`."""
    _check_label(id, label, error if required else "-")
    box = TimeInput(
        id=id,
        label=literal(label),
        value=value if _TIME.fullmatch(value) else None,
        is_required=required or None,
        error_message=error or None,
    )
    return _with_problem(box, problem)


def number_input(
    id: str,  # noqa: A002
    label: str,
    *,
    value: str = "",
    error: str = "",
    required: bool = False,
    minimum: int | None = None,
    maximum: int | None = None,
    problem: str = "",
) -> CardElement:
    """A labelled whole number."""
    _check_label(id, label, error if required else "-")
    box = NumberInput(
        id=id,
        label=literal(label),
        value=int(value) if _WHOLE.fullmatch(value) else None,
        is_required=required or None,
        error_message=error or None,
        min=minimum,
        max=maximum,
    )
    return _with_problem(box, problem)


def _check_label(input_id: str, label: str, error: str) -> None:
    if not label.strip():
        raise ValueError(f"input {input_id!r} has no label")
    if not error:
        raise ValueError(f"input {input_id!r} is required and does not say what to do when it is empty")


def _with_problem(box: CardElement, problem: str) -> CardElement:
    if not problem:
        return box
    words: list[CardElement] = [TextRun(text=literal(problem))]
    said = RichTextBlock(inlines=words)
    return Container(items=[box, Container(items=[said], style="attention", spacing="Small")])


def _input_value(value: str, max_length: int) -> str:
    """What stood in the box, untouched but for what cannot be sent at all."""
    return value[:max_length].encode("utf-8", "replace").decode()
