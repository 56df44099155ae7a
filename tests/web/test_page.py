"""The page as it is served and shipped: no build step, nothing inline, nothing from elsewhere."""

import re
from importlib.resources import files

import pytest

from tests.web.serving import Served

PAGE = {file.name: file.read_text(encoding="utf-8") for file in (files("agents.web") / "static").iterdir()}
OURS = [name for name in PAGE if not name.startswith("uplot")]


@pytest.mark.parametrize("name", PAGE)
def test_every_part_is_served_with_its_type_and_a_tag(door: Served, name: str) -> None:
    types = {"html": "text/html", "css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}
    answer = door.get(f"/page/{name}")
    assert answer.status == 200
    assert answer.headers["content-type"].startswith(types.get(name.rpartition(".")[2], "text/plain"))
    assert door.get(f"/page/{name}", If_None_Match=answer.headers["etag"]).status == 304


def test_the_page_itself_is_at_the_root(door: Served) -> None:
    assert door.get("/").body.decode() == PAGE["index.html"]


@pytest.mark.parametrize("name", OURS)
def test_nothing_comes_from_elsewhere(name: str) -> None:
    found = [url for url in re.findall(r"https?://[^\s\"')]+", PAGE[name]) if "www.w3.org" not in url]
    assert found == []


def test_nothing_is_inline_that_the_policy_forbids() -> None:
    page = PAGE["index.html"]
    assert re.findall(r"<style|\sstyle=|\son[a-z]+=|javascript:", page) == []
    assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", page))


def test_every_part_that_is_named_is_there() -> None:
    named = set(re.findall(r"/page/([\w.]+)", PAGE["index.html"]))
    named |= {name for text in PAGE.values() for name in re.findall(r'from "\./(\w+\.js)"', text)}
    assert named <= PAGE.keys()
    assert {name for name in OURS if name.endswith((".js", ".css"))} <= named


def test_what_is_not_ours_comes_with_its_licence() -> None:
    assert "MIT" in PAGE["uplot.LICENSE.txt"]
    assert "Leon Sorokin" in PAGE["uplot.LICENSE.txt"]


def test_both_languages_say_the_same_things() -> None:
    english, french = re.split(r"\n  fr: \{", PAGE["words.js"].partition("const MINUTE_S")[0])
    assert _keys(english) == _keys(french)
    assert "unmeasurable" in _keys(english)


def _keys(words: str) -> list[str]:
    """The names that texts are said by; what is said is left out."""
    unsaid = re.sub(r'`[^`]*`|"[^"]*"(?!:)', "", words)
    return re.findall(r"[\w\"][\w\" ]*(?=:)", unsaid.partition("title:")[2])
