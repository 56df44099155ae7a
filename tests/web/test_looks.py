"""How the wall looks, and to whom: every language, screen, eye and hand."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.web import floor
from tests.web.browsing import PHONE, WALL, looking, open_tiles, shoot, tile, violations
from tests.web.conftest import BREACH, BREACHED, LONG_MS
from tests.web.serving import Served

pytestmark = pytest.mark.browser

LOOKS: list[tuple[str, dict[str, Any]]] = [
    ("wall-dark-en", {}),
    ("wall-light-fr", {"locale": "fr-FR", "color_scheme": "light"}),
    ("phone-dark-fr", {"locale": "fr-FR", "viewport": PHONE}),
    ("phone-light-en", {"viewport": PHONE, "color_scheme": "light"}),
    ("desk-dark-en", {"viewport": {"width": 1366, "height": 768}}),
    ("high-contrast", {"forced_colors": "active"}),
]

#: As others see colours: pictures for people to look at.
SIGHTS = ["deuteranopia", "protanopia", "tritanopia", "achromatopsia"]


@pytest.fixture(scope="module")
def busy() -> Iterator[Served]:
    """A floor with a tile in each state."""
    with Served(floor.promises()) as door:
        door.say(*floor.said())
        door.pulse(floor.CLIENT, floor.NOW, LONG_MS)
        yield door


@pytest.mark.parametrize(
    ("locale", "query", "word"),
    [
        ("fr-FR", "", "Manqué"),
        ("fr-CA", "", "Manqué"),
        ("en-US", "", "Missed"),
        ("de-DE", "", "Missed"),
        ("fr-FR", "?lang=en", "Missed"),
        ("en-GB", "?lang=fr", "Manqué"),
    ],
)
def test_it_speaks_the_browsers_language_or_the_one_that_is_asked_for(
    browser: Browser, lasting: Served, locale: str, query: str, word: str
) -> None:
    lasting.say(BREACHED)
    with looking(browser, f"{lasting.url}/{query}", locale=locale) as page:
        expect(page.locator(f"{tile('sales')} .word")).to_have_text(word)
        french = word == "Manqué"
        assert page.locator("html").get_attribute("lang") == ("fr" if french else "en")
        expect(page.locator(f"{tile('sales')} .value")).to_have_text("50,0 %" if french else "50.0%")


def test_the_language_can_be_changed_while_it_runs(browser: Browser, lasting: Served) -> None:
    lasting.say(BREACHED, BREACH)
    with looking(browser, lasting.url) as page:
        page.get_by_role("button", name="Afficher en français").click()
        expect(page.locator(f"{tile('sales')} .word")).to_have_text("Manqué")
        expect(page.locator("#troubles-title")).to_have_text("Incidents en cours")
        expect(page.locator("#episodes .since")).to_have_text(re.compile("^depuis 08:55:00"))
        page.get_by_role("button", name="Show in English").click()
        expect(page.locator(f"{tile('sales')} .word")).to_have_text("Missed")


@pytest.mark.parametrize(("name", "context"), LOOKS, ids=[name for name, _ in LOOKS])
def test_nothing_keeps_anybody_from_using_it(
    browser: Browser, busy: Served, name: str, context: dict[str, Any]
) -> None:
    with looking(browser, busy.url, **context) as page:
        open_tiles(page)
        page.wait_for_selector(".spark canvas")
        shoot(page, name)
        assert violations(page) == []
        for sight in SIGHTS:
            page.context.new_cdp_session(page).send("Emulation.setEmulatedVisionDeficiency", {"type": sight})
            shoot(page, f"{name}-{sight}")


def test_nothing_keeps_anybody_from_using_it_when_it_is_not_live(browser: Browser) -> None:
    with Served(floor.promises()) as door:
        door.say(*floor.said())
        with looking(browser, door.url) as page:
            expect(page.locator("#banner")).to_contain_text("NOT LIVE")
            assert violations(page) == []


def test_on_a_wall_everything_fits_and_can_be_read_from_afar(browser: Browser, busy: Served) -> None:
    with looking(browser, busy.url, viewport=WALL) as page:
        open_tiles(page)
        size = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]")
        assert size == [WALL["width"], WALL["height"]]
        # On a screen of 55 inches 80 pixels are 5 cm: twice what good eyes need at ten metres.
        assert _font_px(page, ".value") >= 80
        assert _font_px(page, ".word") >= 28
        assert _cut_off(page) == []


def test_on_a_phone_nothing_is_cut_off_and_only_down_is_scrolled(browser: Browser, busy: Served) -> None:
    with looking(browser, busy.url, viewport=PHONE, is_mobile=True) as page:
        open_tiles(page)
        assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
        assert _font_px(page, ".value") >= 40
        assert _cut_off(page) == []


def test_each_state_differs_in_word_and_shape_and_not_in_colour_alone(browser: Browser, busy: Served) -> None:
    with looking(browser, busy.url) as page:
        open_tiles(page)
        looks = {
            one.get_attribute("data-state"): (
                one.locator(".word").inner_text(),
                one.locator(".head use").get_attribute("href"),
            )
            for one in page.locator(".tile").all()
        }
        assert len(looks) == 6
        assert len({word for word, _ in looks.values()}) == len({shape for _, shape in looks.values()}) == 6
        shapes = {shape for _, shape in looks.values()}
        assert all(page.locator(f"symbol{shape}").count() == 1 for shape in shapes)


def test_everything_can_be_done_with_the_keyboard(browser: Browser, lasting: Served) -> None:
    with looking(browser, lasting.url) as page:
        open_tiles(page)
        reached = []
        for _ in range(4):
            page.keyboard.press("Tab")
            reached.append(page.evaluate("document.activeElement.id || document.activeElement.textContent"))
        assert reached == ["language", "theme", "sales", "support"]
        page.keyboard.press("Enter")
        details = page.locator("#details")
        expect(details).to_be_visible()
        expect(details.locator("tbody tr")).to_have_count(2)
        expect(details.locator("#details-about")).to_contain_text("Nine in ten.")
        assert violations(page) == []
        shoot(page, "details")
        page.keyboard.press("Escape")
        expect(details).to_be_hidden()
        assert page.evaluate("document.activeElement.textContent") == "support"


def test_a_screen_reader_hears_place_objective_and_state(browser: Browser, lasting: Served) -> None:
    lasting.say(BREACHED)
    with looking(browser, lasting.url) as page:
        group = page.get_by_role("group", name="sales, picked-up-in-30s: Missed")
        expect(group).to_be_visible()
        expect(page.get_by_role("list")).not_to_have_count(0)


@pytest.mark.parametrize(("wish", "moves"), [("reduce", False), ("no-preference", True)])
def test_what_is_new_moves_only_for_those_who_do_not_mind(
    browser: Browser, lasting: Served, wish: str, *, moves: bool
) -> None:
    with looking(browser, lasting.url, reduced_motion=wish) as page:
        open_tiles(page)
        lasting.say(BREACHED)
        expect(page.locator(tile("sales"))).to_have_class(re.compile("new"))
        assert bool(page.evaluate("document.getAnimations().length")) is moves


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_the_theme_is_the_systems_unless_another_is_asked_for(
    browser: Browser, lasting: Served, theme: str
) -> None:
    other = "light" if theme == "dark" else "dark"
    with looking(browser, lasting.url, color_scheme=theme) as page:
        assert page.locator("html").get_attribute("data-theme") == theme
        # Nor does another language change that.
        page.locator("#language").click()
        page.emulate_media(color_scheme="light" if other == "light" else "dark")
        expect(page.locator("html")).to_have_attribute("data-theme", other)
    with looking(browser, f"{lasting.url}/?theme={theme}", color_scheme=other) as page:
        assert page.locator("html").get_attribute("data-theme") == theme
        page.locator("#theme").click()
        assert page.locator("html").get_attribute("data-theme") == other


def test_the_line_of_the_day_is_drawn_with_its_gaps(browser: Browser, busy: Served) -> None:
    with looking(browser, busy.url) as page:
        page.wait_for_selector(".spark canvas")
        drawn = page.locator(".spark canvas").first.evaluate(
            "it => new Set(it.getContext('2d').getImageData(0, 0, it.width, it.height).data).size"
        )
        assert drawn > 2


def _font_px(page: Page, selector: str) -> float:
    return min(
        float(one.evaluate("it => parseFloat(getComputedStyle(it).fontSize)"))
        for one in page.locator(selector).all()
    )


def _cut_off(page: Page) -> list[str]:
    """Texts that matter and do not fit."""
    found: list[str] = page.evaluate(
        """() => [...document.querySelectorAll(".value, .word, .waiting, .target, #clock, #counts")]
            .filter((it) => !it.hidden)
            .filter((it) => {
                const box = it.getBoundingClientRect(), around = (it.closest(".tile") ?? document.body);
                const limits = around.getBoundingClientRect();
                return it.scrollWidth > it.clientWidth + 1 && it.clientWidth
                    || box.right > limits.right + 1 || box.bottom > limits.bottom + 1;
            })
            .map((it) => `${it.className || it.id}: ${it.textContent}`)"""
    )
    return found
