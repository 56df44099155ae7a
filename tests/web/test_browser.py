"""The wall in a real browser: what the floor sees, and that it never takes old figures for new ones."""

import re
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from schemas.alerts import Acknowledgement
from schemas.verdicts import State
from sla_stream.episode import Episode, Phase
from sla_stream.judged import EpisodeKey, EpisodeRecord
from sla_stream.picture import Stored
from tests.builders import SECOND, instant, verdict
from tests.web import floor
from tests.web.browsing import NOTICES_MS, PHONE, WALL, chromium, looking, shoot, tile, violations
from tests.web.conftest import two_clients
from tests.web.serving import Served
from tests.web.test_guard import ACME, TOKENS

pytestmark = pytest.mark.browser

NOW = instant("09:00:00")
#: From the verdict to the wall: what was promised, and no more.
AT_ONCE_MS = 1_000
#: Longer than any test takes: nobody falls silent in it.
LONG_MS = 60_000

KEY = EpisodeKey("acme", "hotline", "voice", "picked-up-in-30s", "sales")
EPISODE = EpisodeRecord(Episode("e1", Phase.OPEN, instant("08:55:00")))
BREACHED = verdict(state=State.BREACHED, value=0.5004)

LOOKS: list[tuple[str, dict[str, Any]]] = [
    ("wall-dark-en", {}),
    ("wall-light-fr", {"locale": "fr-FR", "color_scheme": "light"}),
    ("phone-dark-fr", {"locale": "fr-FR", "viewport": PHONE}),
    ("phone-light-en", {"viewport": PHONE, "color_scheme": "light"}),
    ("desk-dark-en", {"viewport": {"width": 1366, "height": 768}}),
    ("high-contrast", {"forced_colors": "active"}),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Not longer than for this module: while it runs, no test of this thread can have an event loop."""
    with chromium() as browser:
        yield browser


@pytest.fixture
def lasting(door: Served) -> Served:
    """A door whose clients are judged for as long as the test takes."""
    door.pulse(every_ms=LONG_MS)
    return door


@pytest.fixture(scope="module")
def busy() -> Iterator[Served]:
    """A floor with a tile in each state."""
    with Served(floor.promises()) as door:
        door.say(*floor.said())
        door.pulse(floor.CLIENT, floor.NOW, LONG_MS)
        yield door


def open_tiles(page: Page) -> None:
    """Wait until the tiles are there and live."""
    expect(page.locator(".tile .value").first).to_be_visible()
    expect(page.locator("#banner")).to_be_hidden()


def test_a_breach_appears_within_a_second_of_its_verdict_and_goes_when_it_is_over(
    browser: Browser, lasting: Served
) -> None:
    with looking(browser, lasting.url) as page:
        expect(page.locator(tile("sales"))).to_have_attribute("data-state", "met")
        lasting.say(BREACHED, Stored(KEY, EPISODE))
        page.wait_for_selector(f'{tile("sales")}[data-state="breached"]', timeout=AT_ONCE_MS)
        sales = page.locator(tile("sales"))
        expect(sales.locator(".word")).to_have_text("Missed")
        expect(sales.locator(".value")).to_have_text("50.0%")
        expect(page.locator("#episodes li")).to_have_count(1)
        expect(page.locator("#news")).to_have_text("sales, picked-up-in-30s: Missed")
        lasting.say(verdict(), Stored(KEY, None))
        page.wait_for_selector(f'{tile("sales")}[data-state="met"]', timeout=AT_ONCE_MS)
        expect(page.locator("#episodes li")).to_have_count(0)
        expect(page.locator("#news")).to_have_text("sales, picked-up-in-30s: Met")


def test_who_sees_to_an_episode_is_named_within_a_second(browser: Browser, lasting: Served) -> None:
    lasting.say(BREACHED, Stored(KEY, EPISODE))
    with looking(browser, lasting.url) as page:
        expect(page.locator("#episodes li")).to_have_count(1)
        expect(page.locator("#episodes .seen-to")).to_have_count(0)
        lasting.say(Acknowledgement(episode="e1", receiver="on-call", by="Maria", at=NOW))
        page.wait_for_selector("#episodes .seen-to", timeout=AT_ONCE_MS)
        expect(page.locator("#episodes .seen-to")).to_have_text("Maria sees to it")
        page.get_by_role("button", name="Afficher en français").click()
        expect(page.locator("#episodes .seen-to")).to_have_text(re.compile("^Maria s.en occupe$"))


def test_who_waits_waits_on_each_second_though_nothing_is_told(browser: Browser, lasting: Served) -> None:
    lasting.say(verdict(at=NOW, waiting=2, longest_wait_ms=49 * SECOND))
    with looking(browser, lasting.url) as page:
        waiting = page.locator(f"{tile('sales')} .waiting")
        expect(waiting).to_have_text(re.compile(r"2 waiting, longest (0:49|0:5\d)"))
        shown = waiting.inner_text()
        expect(waiting).not_to_have_text(shown, timeout=3_000)
        later = waiting.inner_text()
        assert int(later[-2:]) > int(shown[-2:])


def test_a_wall_outlives_its_server_and_never_looks_healthy_meanwhile(browser: Browser) -> None:
    with ExitStack() as looked:
        with Served(two_clients()) as before:
            before.say(verdict())
            before.pulse(every_ms=LONG_MS)
            page = looked.enter_context(looking(browser, before.url))
            open_tiles(page)
        expect(page.locator("#banner")).to_contain_text("NOT LIVE", timeout=NOTICES_MS)
        expect(page.locator(tile("sales"))).to_have_class(re.compile("stale"))
        expect(page.locator("#counts")).to_be_hidden()
        expect(page.locator(f"{tile('sales')} .shape")).to_be_hidden()
        shoot(page, "server-gone")
        with Served(two_clients(), port=before.port) as after:
            after.say(verdict(value=0.9712))
            after.pulse(every_ms=LONG_MS)
            expect(page.locator("#banner")).to_be_hidden(timeout=NOTICES_MS)
            expect(page.locator(f"{tile('sales')} .value")).to_have_text("97.1%")
            expect(page.locator(tile("sales"))).not_to_have_class(re.compile("stale"))


def test_a_client_that_nobody_judges_is_struck_through_and_others_are_not(browser: Browser, door: Served) -> None:
    door.say(verdict(client="globex", contract="globex-hotline", queue=None, window="day", at=NOW))
    door.pulse("globex", every_ms=LONG_MS)
    with looking(browser, door.url) as page:
        expect(page.locator("#banner")).to_contain_text("nobody judges acme at the moment", timeout=NOTICES_MS)
        expect(page.locator(tile("sales"))).to_have_class(re.compile("stale"))
        assert "line-through" in page.locator(f"{tile('sales')} .value").evaluate(
            "it => getComputedStyle(it).textDecoration"
        )
        other = page.locator('.tile[data-id="globex-hotline:picked-up-in-30s"]')
        expect(other).not_to_have_class(re.compile("stale"))
        shoot(page, "nobody-judges")


def test_waits_stand_still_when_nobody_judges(browser: Browser, door: Served) -> None:
    door.say(verdict(at=NOW, waiting=2, longest_wait_ms=49 * SECOND))
    with looking(browser, door.url) as page:
        expect(page.locator(tile("sales"))).to_have_class(re.compile("stale"), timeout=NOTICES_MS)
        waiting = page.locator(f"{tile('sales')} .waiting")
        # What was last heard, and not a second more, however often the page ticks.
        heard = page.evaluate("Number(document.body.dataset.heard)")
        expect(waiting).to_have_text("2 waiting, longest 0:49")
        page.wait_for_function("before => Number(document.body.dataset.heard) > before", arg=heard)
        expect(waiting).to_have_text("2 waiting, longest 0:49")


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
    lasting.say(BREACHED, Stored(KEY, EPISODE))
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


@pytest.mark.parametrize("sight", ["deuteranopia", "protanopia", "tritanopia", "achromatopsia"])
def test_how_it_looks_to_those_who_see_other_colours_is_kept(browser: Browser, busy: Served, sight: str) -> None:
    with looking(browser, busy.url) as page:
        open_tiles(page)
        page.context.new_cdp_session(page).send("Emulation.setEmulatedVisionDeficiency", {"type": sight})
        shoot(page, f"wall-{sight}")


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


def test_a_token_is_asked_for_and_kept_out_of_the_address(browser: Browser) -> None:
    with Served(two_clients(), TOKENS) as door:
        door.say(verdict(), verdict(client="globex", contract="globex-hotline", queue=None, window="day"))
        door.pulse(every_ms=LONG_MS)
        with looking(browser, door.url) as page:
            page.get_by_role("textbox", name="Token").fill(ACME)
            page.get_by_role("button", name="Show", exact=True).click()
            expect(page.locator(".tile")).to_have_count(1)
            page.reload()
            expect(page.locator(".tile")).to_have_count(1)
        with looking(browser, f"{door.url}/?lang=fr#token={ACME}") as page:
            expect(page.locator(".tile")).to_have_count(1)
            assert page.url == f"{door.url}/?lang=fr"


def test_a_token_that_is_none_of_ours_is_asked_for_again(browser: Browser) -> None:
    with Served(two_clients(), TOKENS) as door:
        door.say(verdict())
        with looking(browser, f"{door.url}/#token=wrong") as page:
            expect(page.locator("#ask")).to_be_visible()
            assert violations(page) == []


def test_a_wall_of_one_client_shows_that_one(browser: Browser, lasting: Served) -> None:
    lasting.say(verdict(client="globex", contract="globex-hotline", queue=None, window="day"))
    lasting.pulse("globex", every_ms=LONG_MS)
    with looking(browser, f"{lasting.url}/?client=globex") as page:
        expect(page.locator(".tile")).to_have_count(1)
        expect(page.locator(".name")).to_have_text("All calls")


def test_on_a_wall_of_several_clients_each_is_named_and_on_a_wall_of_one_it_is_not(
    browser: Browser, lasting: Served
) -> None:
    with looking(browser, lasting.url) as page:
        objective = page.locator(f"{tile('sales')} .objective")
        expect(objective).to_have_text("picked-up-in-30s · last 15 min")
        lasting.say(verdict(client="globex", contract="globex-hotline", queue=None, window="day"))
        lasting.pulse("globex", every_ms=LONG_MS)
        expect(objective).to_have_text("acme · picked-up-in-30s · last 15 min")
        other = page.locator('.tile[data-id="globex-hotline:picked-up-in-30s"] .objective')
        expect(other).to_have_text("globex · picked-up-in-30s · today")


def test_a_tile_that_is_gone_goes_and_a_new_one_finds_its_place(browser: Browser, lasting: Served) -> None:
    with looking(browser, lasting.url) as page:
        expect(page.locator(".name")).to_have_text(["sales", "support"])
        lasting.say(verdict(queue="billing"))
        expect(page.locator(".name")).to_have_text(["billing", "sales", "support"])
        lasting.adopt(floor.promises())
        expect(page.locator(".tile")).to_have_count(0)


def test_figures_that_lag_behind_say_of_when_they_are(browser: Browser, lasting: Served) -> None:
    old = verdict(at=NOW - 300 * SECOND, waiting=1, longest_wait_ms=49 * SECOND, catching_up=True)
    lasting.say(old, replace(old, window="day"))
    with looking(browser, lasting.url) as page:
        expect(page.locator(f"{tile('sales')} .note")).to_have_text("Catching up: as of 08:55:00")
        # Five minutes have passed since, but what has come of who waited then nobody has said.
        expect(page.locator(f"{tile('sales')} .waiting")).to_have_text("1 waiting, longest 0:49")


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
