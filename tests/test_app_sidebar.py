"""What stands beside an answer as a reader sees it: lines, a table that folds out, the picture of a story."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("playwright")
from chat_browser import Server, Tab, reading, serving  # noqa: E402
from playwright.sync_api import Browser  # noqa: E402

from rag.page.desk import NO_MODEL  # noqa: E402

STORY = "What happened to Osric Vane?"
HOMES = "How many houses were damaged by the Sarn flood?"


@pytest.fixture(scope="module")
def server(sample_archive: Path) -> Iterator[Server]:
    with serving("--archive", str(sample_archive), "--no-adding", "--no-feedback") as running:
        yield running


@pytest.fixture(params=[(1280, "light"), (390, "dark")], ids=["desk", "telephone"])
def tab(browser: Browser, server: Server, request: pytest.FixtureRequest) -> Iterator[Tab]:
    width, scheme = request.param
    settings = {"viewport": {"width": width, "height": 860}, "color_scheme": scheme}
    with reading(browser, server, model=NO_MODEL, **settings) as opened:
        yield opened


def test_a_story_is_shown_as_a_picture(tab: Tab):
    tab.ask(STORY)
    said = tab.answer()
    assert "independent sources" in said and "The archive covers 4 March to 29 May 2026" in said
    boxes = tab.page.eval_on_selector_all(
        ".dl-strip circle", "all => all.map(c => { const b = c.getBoundingClientRect(); return [b.left, b.right]; })"
    )
    assert len(boxes) == tab.page.locator("li.dl-day").count() == 5
    assert all(earlier[1] <= later[0] + 1 for earlier, later in zip(boxes, boxes[1:], strict=False))
    width = tab.page.evaluate("document.documentElement.clientWidth")
    assert boxes[0][0] >= 0 and boxes[-1][1] <= width
    assert tab.page.evaluate("document.documentElement.scrollWidth") <= width
    assert tab.page.locator("details.dl-timeline[open] >> text=Vane gets three years and four months").count() >= 1


def test_a_figure_folds_out(tab: Tab):
    tab.ask(HOMES)
    tab.answer()
    assert tab.page.locator("details.dl-figures[open]").count() == 0
    tab.page.click("details.dl-figures > summary")
    rows = tab.page.locator("details.dl-figures[open] tr").all_inner_texts()
    assert [row.split()[0] for row in rows] == ["about", "165", "312", "428", "391"]
    assert "superseded" in rows[1] and "now speaks of 165" not in rows[1]
    assert tab.page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_the_day_that_is_meant_stands_beside_the_words_and_is_none_of_them(tab: Tab):
    tab.ask("When was the bid for Pellow Cordage raised?")
    assert "on Monday from 14.20 to 15.60" in tab.answer()
    shown = "getComputedStyle(document.querySelector('.dl-sentence .dl-meant'), '::after').content"
    assert "[" in tab.page.evaluate(shown)
    assert tab.page.get_attribute(".dl-sentence .dl-meant >> nth=0", "title") == "30 March 2026"


def test_strict_can_be_chosen(tab: Tab):
    tab.page.click("#filters > button")
    tab.page.click("#strict input")
    tab.ask("When was the bid for Pellow Cordage raised?")
    assert "on Monday" in tab.answer()
