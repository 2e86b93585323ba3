"""Teams' look as the settings of the `adaptivecards` renderer: the sizes, spaces and colours of its themes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

FONT: Final = "'Segoe UI', 'Noto Sans', 'DejaVu Sans', sans-serif"


@dataclass(frozen=True, slots=True)
class Ink:
    """A colour of text, and its subtle variant."""

    default: str
    subtle: str

    def as_config(self) -> dict[str, str]:
        return {"default": self.default, "subtle": self.subtle}


@dataclass(frozen=True, slots=True)
class Theme:
    """`ink` is the text on the card, `tinted_ink` that on the coloured grounds, which are light in both themes."""

    name: str
    page: str
    ground: str
    emphasis: str
    ink: Ink
    tinted_ink: Ink
    accent: Ink
    attention: Ink
    button: str
    button_ink: str
    field: str
    border: str


LIGHT: Final = Theme(
    name="light",
    page="#f5f5f5",
    ground="#ffffff",
    emphasis="#f9f8f7",
    ink=Ink("#ff252424", "#bf252424"),
    tinted_ink=Ink("#ff252424", "#bf252424"),
    accent=Ink("#ff6264a7", "#ff8b8cc7"),
    attention=Ink("#ffc4314b", "#e5c4314b"),
    button="#ffffff",
    button_ink="#252424",
    field="#ffffff",
    border="#8a8886",
)
DARK: Final = Theme(
    name="dark",
    page="#1f1f1f",
    ground="#2d2c2c",
    emphasis="#292828",
    ink=Ink("#ffffffff", "#bfffffff"),
    tinted_ink=Ink("#ff201f1f", "#ff2d2c2c"),
    accent=Ink("#ffa6a7dc", "#ff8b8cc7"),
    attention=Ink("#ffd74654", "#e5d74654"),
    button="#2d2c2c",
    button_ink="#ffffff",
    field="#201f1f",
    border="#979593",
)
THEMES: Final = (LIGHT, DARK)

TINTED: Final = {"accent": "#C7DEF9", "good": "#CCFFCC", "attention": "#FFC5B2", "warning": "#FFE2B2"}
GOOD: Final = Ink("#ff92c353", "#e592c353")
WARNING: Final = Ink("#fff8d22a", "#e5f8d22a")


def host_config(theme: Theme) -> dict[str, Any]:
    """The renderer's host configuration for a theme."""
    return {
        "spacing": {
            "small": 8,
            "default": 12,
            "medium": 16,
            "large": 20,
            "extraLarge": 24,
            "padding": 16,
        },
        "separator": {"lineThickness": 1, "lineColor": "#EEEEEE" if theme is LIGHT else "#484644"},
        "fontTypes": {"default": _font(FONT), "monospace": _font("'Courier New', monospace")},
        "textStyles": {"heading": {"size": "large", "weight": "bolder"}},
        "textBlock": {"headingLevel": 2},
        "containerStyles": {
            "default": _style(theme, theme.ink, theme.ground),
            "emphasis": _style(theme, theme.ink, theme.emphasis),
            **{name: _style(theme, theme.tinted_ink, ground) for name, ground in TINTED.items()},
        },
        "actions": {
            "maxActions": 6,
            "spacing": "default",
            "buttonSpacing": 8,
            "actionsOrientation": "horizontal",
            "actionAlignment": "left",
            "showCard": {"actionMode": "inline", "inlineTopMargin": 16, "style": "emphasis"},
        },
        "inputs": {
            "label": {
                "requiredInputs": {"weight": "bolder", "suffix": " *", "suffixColor": "attention"},
                "optionalInputs": {"weight": "bolder"},
            },
            "errorMessage": {"color": "attention"},
        },
        "supportsInteractivity": True,
        "choiceSetInputValueSeparator": ",",
    }


def stylesheet(theme: Theme) -> str:
    """What the chat around a card gives it: its frame, buttons and fields; long words break at the edge."""
    return f"""
    body {{ margin: 0; padding: 8px; background: {theme.page}; font-family: {FONT}; }}
    .frame {{ background: {theme.ground}; border-radius: 6px; box-shadow: 0 1px 3px #0003; }}
    .ac-adaptiveCard {{ overflow-wrap: anywhere; border-radius: 6px; }}
    .ac-actionSet {{ flex-wrap: wrap; row-gap: 8px; }}
    .ac-pushButton {{ background: {theme.button}; color: {theme.button_ink}; border: 1px solid {theme.border};
        border-radius: 4px; font: 600 14px {FONT}; padding: 5px 12px; white-space: normal; text-align: center; }}
    .ac-pushButton.expanded {{ background: {theme.button}; color: {theme.button_ink};
        box-shadow: inset 0 0 0 2px #5b5fc7; }}
    .ac-pushButton.subdued {{ color: {theme.button_ink}; border-color: {theme.border}; }}
    .ac-pushButton.style-positive {{ background: #5b5fc7; border-color: #5b5fc7; color: #ffffff; }}
    .ac-pushButton.style-destructive {{ background: #c4314b; border-color: #c4314b; color: #ffffff; }}
    .ac-pushButton:focus-visible, .ac-input:focus-visible {{ outline: 2px solid #5b5fc7; }}
    .ac-input {{ font: 14px {FONT}; color: inherit; background: {theme.field}; color: {theme.button_ink};
        border: 1px solid {theme.border}; border-radius: 4px; padding: 6px 8px; box-sizing: border-box;
        max-width: 100%; }}
    .ac-choiceSetInput-expanded, .ac-choiceSetInput-multiSelect, .ac-toggleInput {{ border: none; background: none; }}
    .ac-multichoiceInput.ac-choiceSetInput-compact, textarea.ac-input {{ width: 100%; }}
    textarea.ac-input {{ min-height: 76px; resize: vertical; }}
    .ac-choiceSetInput-expanded > div, .ac-choiceSetInput-multiSelect > div {{ align-items: baseline !important;
        margin-bottom: 6px; }}
    a, a.ac-anchor:link, a.ac-anchor:visited {{ color: #{theme.accent.default[3:]}; }}
    p {{ margin: 0; }} ul, ol {{ margin: 0; padding-left: 20px; box-sizing: border-box; }}
    """


def _font(family: str) -> dict[str, Any]:
    return {
        "fontFamily": family,
        "fontSizes": {"small": 12, "default": 14, "medium": 14, "large": 18, "extraLarge": 24},
        "fontWeights": {"lighter": 200, "default": 400, "bolder": 600},
    }


def _style(theme: Theme, ink: Ink, ground: str) -> dict[str, Any]:
    colors = {
        "default": ink,
        "dark": LIGHT.ink,
        "light": DARK.ink,
        "accent": theme.accent,
        "attention": theme.attention,
        "good": GOOD,
        "warning": WARNING,
    }
    return {
        "backgroundColor": ground,
        "foregroundColors": {name: color.as_config() for name, color in colors.items()},
    }
