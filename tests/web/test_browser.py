"""The wall in a real browser: what the floor sees, and that it never takes old figures for new ones."""

import re
from contextlib import ExitStack
from dataclasses import replace

import pytest
from playwright.sync_api import Browser, expect

from schemas.alerts import Acknowledgement
from sla_stream.judged import EpisodeKey
from sla_stream.picture import Stored
from tests.builders import SECOND, instant, verdict
from tests.web import floor
from tests.web.browsing import NOTICES_MS, looking, open_tiles, shoot, tile, violations
from tests.web.conftest import BREACH, BREACHED, LONG_MS, two_clients
from tests.web.serving import Served
from tests.web.test_guard import ACME, TOKENS

pytestmark = pytest.mark.browser

NOW = instant("09:00:00")
#: From the verdict to the wall: what was promised, and no more.
AT_ONCE_MS = 1_000


def test_a_breach_appears_within_a_second_of_its_verdict_and_goes_when_it_is_over(
    browser: Browser, lasting: Served
) -> None:
    with looking(browser, lasting.url) as page:
        expect(page.locator(tile("sales"))).to_have_attribute("data-state", "met")
        lasting.say(BREACHED, BREACH)
        page.wait_for_selector(f'{tile("sales")}[data-state="breached"]', timeout=AT_ONCE_MS)
        sales = page.locator(tile("sales"))
        expect(sales.locator(".word")).to_have_text("Missed")
        expect(sales.locator(".value")).to_have_text("50.0%")
        expect(page.locator("#episodes li")).to_have_count(1)
        expect(page.locator("#news")).to_have_text("sales, picked-up-in-30s: Missed")
        lasting.say(verdict(), Stored(BREACH.key, None))
        page.wait_for_selector(f'{tile("sales")}[data-state="met"]', timeout=AT_ONCE_MS)
        expect(page.locator("#episodes li")).to_have_count(0)
        expect(page.locator("#news")).to_have_text("sales, picked-up-in-30s: Met")


def test_who_sees_to_an_episode_is_named_within_a_second(browser: Browser, lasting: Served) -> None:
    lasting.say(BREACHED, BREACH)
    with looking(browser, lasting.url) as page:
        expect(page.locator("#episodes li")).to_have_count(1)
        expect(page.locator("#episodes .seen-to")).to_have_count(0)
        lasting.say(Acknowledgement(episode="e1", receiver="on-call", by="Maria", at=NOW))
        page.wait_for_selector("#episodes .seen-to", timeout=AT_ONCE_MS)
        expect(page.locator("#episodes .seen-to")).to_have_text("Maria sees to it")
        page.get_by_role("button", name="Afficher en français").click()
        expect(page.locator("#episodes .seen-to")).to_have_text(re.compile("^Maria s.en occupe$"))


@pytest.mark.parametrize(("key", "shape"), [(BREACH.key, "#breached"), (BREACH.key.of_risk, "#at_risk")])
def test_a_risk_among_the_episodes_looks_like_one(
    browser: Browser, lasting: Served, key: EpisodeKey, shape: str
) -> None:
    lasting.say(BREACH._replace(key=key))
    with looking(browser, lasting.url) as page:
        expect(page.locator("#episodes li use")).to_have_attribute("href", shape)


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
