"""What stands beside an answer as HTML: nothing of a stranger's becomes markup, a story is a picture, all is folded."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest

from rag.answer import Answer
from rag.article import Article, NewsTime
from rag.coverage_line import CoverageLine
from rag.figures import Figure, Figures
from rag.hidden import HiddenBy
from rag.independence import Independence
from rag.page.cards import answer_card
from rag.page.sidebar_card import sidebar_card
from rag.sidebar import Sidebar
from rag.timeline import Entry, Timeline
from rag.withdrawn import SaidOtherwise, Withdrawal

ELEMENTS = {
    "div", "span", "details", "summary", "table", "tr", "td", "ol", "li", "svg", "title", "line", "g", "circle", "text", "a",
}  # fmt: skip
ATTRIBUTES = {
    "class", "dir", "open", "width", "height", "x", "y", "x1", "y1", "x2", "y2", "cx", "cy", "r", "href", "target", "rel",
}  # fmt: skip
HOSTILE = [
    "<script>alert(1)</script>",
    "</title></svg><img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "![x](https://evil.example/p.png)",
    "\u202eevil\u202c\x00<b>\ud800",
]


class _Outline(HTMLParser):
    def __init__(self, card: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self._stack: list[str] = []
        self.feed(card)
        self.close()
        assert not self._stack, f"left open: {self._stack}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in ELEMENTS, tag
        assert {name for name, _ in attrs} <= ATTRIBUTES, attrs
        self.found.append(tag)
        self._stack.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._stack.pop() == tag


def article(word: str, day: int) -> Article:
    at = datetime(2026, 3, day, 8, tzinfo=UTC)
    return Article(
        identity=f"{word}{day}", headline=f"Ferry {word}", body=f"It cost {day} crowns, {word} said.", publisher=word,
        url="https://bell.example/ferry" if day == 2 else f"javascript:{word}", first_published=NewsTime(at, "", "test"),
    )  # fmt: skip


def sidebar(word: str = "Bell", asked: bool = False) -> Sidebar:
    told = [article(word, day) for day in (2, 3, 9)]
    rows = tuple(Figure(f"{n} {word}", n, a, 0, len(a.body), others=(word,)) for n, a in enumerate(told))
    return Sidebar(
        coverage=CoverageLine("2026-03-02", "2026-03-09", "2026-03-09", 7),
        independence=Independence(2, (word, "Post")),
        withdrawn=(Withdrawal(word, "2026-03-04"),),
        said_otherwise=(SaidOtherwise(1, "2026-03-04"),),
        figures=Figures((replace(rows[0], mark="superseded"), *rows[1:])),
        timeline=Timeline(tuple(Entry(a, 0, len(a.body), (word,)) for a in told), asked),
        hidden=(HiddenBy(f"Publishers {word}", 1, told[0], True),),
    )


@pytest.mark.parametrize("word", HOSTILE)
def test_nothing_of_a_strangers_becomes_markup(word: str):
    card = sidebar_card(sidebar(word), refused=False)
    _Outline(card)
    assert "\n" not in card
    assert "javascript:" not in card.replace("javascript&#58;", "")


def test_a_story_is_a_picture_with_its_words():
    card = sidebar_card(sidebar(), refused=False)
    found = _Outline(card).found
    assert (found.count("svg"), found.count("circle"), found.count("li")) == (1, 3, 3)
    assert "<title>3 days of reports from 2 March 2026 to 9 March 2026, listed below</title>" in card
    assert card.count('class="dl-read"') == 1  # only an ordinary address is a link


def test_the_superseded_sentence_is_not_on_the_page():
    table = sidebar_card(replace(sidebar(), timeline=None, hidden=()), refused=False)
    assert "It cost 3 crowns" in table and "It cost 2 crowns" not in table
    assert "superseded" in table


@pytest.mark.parametrize("asked", [False, True])
def test_table_and_timeline_are_folded_unless_they_were_asked_for(asked: bool):
    assert sidebar_card(sidebar(asked=asked), refused=False).count("<details") == 2
    assert sidebar_card(sidebar(asked=asked), refused=False).count(" open>") == 2 * asked


def test_it_stands_beside_a_complete_answer_only():
    growing = Answer(question="?", refused=True)
    assert "dl-beside" not in answer_card(growing, 1)
    refused = answer_card(replace(growing, sidebar=sidebar(), complete=True), 1)
    assert "hides 1 nearer passage" in refused
    assert "The archive covers" not in refused  # its notice says that
