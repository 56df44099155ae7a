"""A real Chromium, and what the tests ask of a page in it."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

from tests.parts.presence import CHROMIUM, ROOT, require

SCREENSHOTS = ROOT / "build" / "screenshots"
_AXE = Path(__file__).parent / "axe" / "axe.min.js"
_AXE_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

WALL = {"width": 1920, "height": 1080}
PHONE = {"width": 390, "height": 844}
#: More than the page waits for signs of life before it tells that they are missing.
NOTICES_MS = 9_000


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start it."""
    require(CHROMIUM)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"))
        yield browser
        browser.close()


@contextmanager
def looking(browser: Browser, url: str, **context: Any) -> Iterator[Page]:
    """Open a page; when it is left, nothing may have gone wrong in it."""
    wrong: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        # A connection that is refused while the server is away is no fault of the page's.
        if message.type == "error" and "Failed to load resource" not in message.text:
            wrong.append(message.text)

    opened = browser.new_context(**{"viewport": WALL, "locale": "en-GB", "color_scheme": "dark", **context})
    page = opened.new_page()
    page.on("console", hear)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    # It never idles: the stream goes on.
    page.goto(url, wait_until="load")
    yield page
    opened.close()
    assert wrong == []


def open_tiles(page: Page) -> None:
    """Wait until the tiles are there and live."""
    expect(page.locator(".tile .value").first).to_be_visible()
    expect(page.locator("#banner")).to_be_hidden()


def violations(page: Page) -> list[str]:
    """What axe finds, with where it found it."""
    page.evaluate(_AXE.read_text(encoding="utf-8"))
    found = page.evaluate("rules => axe.run(document, {runOnly: rules})", _AXE_RULES)
    return [
        f"{one['id']}: {one['help']}: {[(node['target'], node['any'][:1]) for node in one['nodes']]}"
        for one in found["violations"]
    ]


def shoot(page: Page, name: str) -> None:
    """Keep how it looks, for people."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"{name}.png", animations="disabled", full_page=True)


def tile(queue: str) -> str:
    """The tile of acme's objective in this queue."""
    return f'.tile[data-id="hotline:picked-up-in-30s:{queue}"]'
