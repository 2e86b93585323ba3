"""Cards as people see and reach them: drawn by Microsoft's renderer in Chromium, with Teams' colours and Markdown."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from cards import kit
from cards.literal import FIRST_STRONG_ISOLATE, POP_ISOLATE, literal, unmarked
from locales import translator
from scripts.gallery.browser import CardPage, chromium
from scripts.gallery.theme import DARK, LIGHT, THEMES
from tests.cards.samples import collected
from tests.cards.samples.home import DIFFICULT

PHONE = 320
MARKUP = "b, strong, em, script, h1, h3, li, blockquote, code, a[href]"

every_card = pytest.mark.parametrize("name", sorted(collected()))


@pytest.fixture(scope="module")
def page() -> Iterator[CardPage]:
    with chromium() as browser:
        yield CardPage(browser)


@every_card
def test_nothing_sticks_out_or_is_cut_off_on_a_phone(name: str, page: CardPage) -> None:
    page.draw(collected()[name], width=PHONE)

    assert page.remarks("overflowing") == []


@every_card
def test_everything_can_be_read_and_has_a_name(name: str, page: CardPage) -> None:
    """Contrast of WCAG 2.1 AA, in Teams' colours; and what a screen reader says."""
    for theme in THEMES:
        page.draw(collected()[name], theme)

        assert page.remarks("faint") == [], theme.name
    assert page.remarks("nameless") == []


@every_card
def test_the_keyboard_reaches_everything_that_can_be_pressed(name: str, page: CardPage) -> None:
    page.draw(collected()[name])
    page.unfold()
    many: int = page.page.evaluate("awaitFocus()")
    for _ in range(5):  # a date stops at its day, month, year and calendar
        for _ in range(many + 2):
            page.page.keyboard.press("Tab")
        if page.measure("unreached") == []:
            break

    assert page.measure("unreached") == []


DRAWN_LITERALLY = [*DIFFICULT[:250].splitlines(), "# kop", "> citaat", "+ een", "[a](https://b.example)"]


def without_isolates(text: str) -> str:
    return text.replace(FIRST_STRONG_ISOLATE, "").replace(POP_ISOLATE, "")


@pytest.mark.parametrize("typed", DRAWN_LITERALLY)
def test_typed_text_is_drawn_as_typed(typed: str, page: CardPage) -> None:
    places = [
        kit.heading(typed),
        kit.text(typed),
        kit.user_text(translator("en"), typed),
        kit.facts(translator("en"), [(typed, "x")]),
        kit.facts(translator("en"), [("x", typed)]),
        kit.pressable(typed, "home.welcome"),
        kit.pressable("x", "home.welcome", detail=typed),
        kit.text_input("a", typed),
        kit.text_input("b", "x", problem=typed),
        kit.buttons(kit.press(typed, "home.welcome")),
    ]
    page.draw(kit.card(*places))

    drawn = page.page.evaluate("document.querySelector('.frame').textContent")
    assert without_isolates(drawn).count(without_isolates(literal(typed))) == len(places)
    assert page.page.locator(f".frame :is({MARKUP})").count() == 0


@pytest.mark.parametrize("typed", DRAWN_LITERALLY)
@pytest.mark.parametrize("expanded", [True, False])
def test_a_choice_is_not_drawn_as_markdown_either(typed: str, expanded: bool, page: CardPage) -> None:
    page.draw(kit.card(kit.choice_input("a", "Welke?", [("1", typed)], expanded=expanded)))

    assert unmarked(typed) in page.page.evaluate("document.querySelector('.frame').textContent")
    assert page.page.locator(f".frame :is({MARKUP})").count() == 0


def test_the_citys_own_markdown_is_drawn_as_markdown(page: CardPage) -> None:
    page.draw(kit.card(kit.markdown("**vet** en [een link](https://vlaskerke.example/)")))

    assert page.page.locator(".frame strong").inner_text() == "vet"
    assert page.page.locator(".frame a").get_attribute("href") == "https://vlaskerke.example/"


def test_a_press_sends_what_stands_in_the_inputs(page: CardPage) -> None:
    page.draw(
        kit.card(
            kit.text_input("text", "Text", value="oud"),
            kit.pressable("Kies", "intent.choose", {"intent": "help"}),
        )
    )
    page.page.get_by_label("Text").fill("nieuw")
    page.page.get_by_role("button", name="Kies").press("Enter")

    assert page.page.evaluate("window.pressed") == [
        {"verb": "intent.choose", "data": {"intent": "help", "text": "nieuw"}}
    ]


def test_a_required_input_keeps_the_form_and_a_way_out_leaves_it(page: CardPage) -> None:
    page.draw(
        kit.card(
            kit.text_input("why", "Why?", required=True, error="Say why."),
            actions=[kit.press("Send", "x.send"), kit.press("Cancel", "x.cancel", inputs=False)],
        )
    )
    page.page.get_by_role("button", name="Send").click()

    assert page.page.evaluate("window.pressed") == []
    assert page.page.get_by_text("Say why.").is_visible()

    page.page.get_by_role("button", name="Cancel").click()

    assert page.page.evaluate("window.pressed.map(press => press.verb)") == ["x.cancel"]


def test_the_measures_see_what_is_wrong(page: CardPage) -> None:
    """The checks above can fail."""
    wrong = {
        "type": "AdaptiveCard",
        "version": "1.5",
        "body": [
            {"type": "TextBlock", "text": "Te licht", "color": "Good"},
            {"type": "Input.Text", "id": "a"},
            {"type": "ColumnSet", "columns": [{"type": "Column", "width": "600px", "items": []}]},
            {"type": "TextBlock", "text": "Een zin die nergens mag breken en dus niet past", "wrap": False},
            {"type": "Onbekend"},
        ],
    }

    assert page.draw(wrong, LIGHT, PHONE) != []
    assert len(page.measure("overflowing")) >= 2
    assert len(page.measure("nameless")) == 1
    assert any("Te licht" in found for found in page.measure("faint"))
    assert page.draw(collected()["home.welcome"], DARK, PHONE) == []
