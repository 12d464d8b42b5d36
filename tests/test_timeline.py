"""A story's timeline: the first report of each day, copies once, nothing of another story."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from conftest import write_articles

from ingest import ingest
from rag.assistant import Assistant
from rag.embedder import WordHashEmbedder
from rag.filter import Filter
from rag.page.sidebar_card import places
from rag.timeline import MOST_ENTRIES, Timeline


@pytest.fixture(scope="module")
def assistant(sample_archive: Path) -> Iterator[Assistant]:
    opened = Assistant.open(sample_archive)
    yield opened
    opened.close()


def story(assistant: Assistant, question: str, **filters) -> Timeline | None:
    return assistant.ask(question, asked_on=date(2026, 5, 31), only=Filter(**filters)).sidebar.timeline


def test_what_happened_is_told_in_order_by_who_told_it_first(assistant: Assistant):
    told = story(assistant, "What happened to Osric Vane?")
    assert told.asked
    assert [(e.day, e.article.publisher) for e in told.entries] == [
        ("2026-04-14", "The Halvern Standard"),
        ("2026-04-16", "The Halvern Standard"),
        ("2026-04-17", "Halvern Lantern"),
        ("2026-05-14", "Halvern Telegraph Agency"),
        ("2026-05-22", "The Halvern Standard"),
    ]


def test_a_lead_stands_in_its_article(assistant: Assistant):
    for entry in story(assistant, "Timeline of the tram strike in Aldermere").entries:
        assert entry.lead and entry.article.body[entry.start : entry.end] == entry.lead
        assert entry.to_json()["quote"] == entry.lead


def test_within_filters_a_copy_stands_for_what_they_shut_out(assistant: Assistant):
    papers = frozenset({"The Halvern Standard", "Halvern Lantern"})
    told = story(assistant, "What happened to Osric Vane?", publishers=papers)
    assert {e.article.publisher for e in told.entries} <= papers
    assert "2026-05-14" in [e.day for e in told.entries]


def test_as_of_a_day_nothing_later_is_told(assistant: Assistant):
    told = story(assistant, "What happened to Osric Vane?", as_of=date(2026, 4, 30))
    assert max(e.day for e in told.entries) <= "2026-04-30"


@pytest.mark.parametrize("question", ["When does the ward close?", "Who won the World Cup in 2022?"])
def test_another_question_does_not_ask_for_one(assistant: Assistant, question: str):
    told = story(assistant, question)
    assert told is None or not told.asked


def strike(day: int) -> dict:
    return {
        "url": f"https://bell.example/strike-{day}", "headline": f"Ferry strike at Orle, day {day}",
        "publisher": "The Orle Bell", "published": f"2026-03-{day:02}T08:00:00+00:00",
        "body": f"The ferry strike at Orle went into day {day}, the harbour office said. Word number {day * 7} was spoken.",
    }  # fmt: skip


def test_a_long_story_is_cut_and_dots_do_not_touch(tmp_path: Path):
    ingest(
        [write_articles(tmp_path / "news", [strike(n) for n in range(1, 20)])],
        tmp_path / "a",
        embedder=WordHashEmbedder(),
    )
    assistant = Assistant.open(tmp_path / "a")
    told = story(assistant, "What happened with the ferry strike at Orle?")
    assert len(told.entries) == MOST_ENTRIES
    assert [e.day for e in told.entries] == sorted(e.day for e in told.entries)
    along = places(told.entries)
    assert all(later - earlier >= 6.99 for earlier, later in zip(along, along[1:], strict=False))
    assert along[0] >= 3 and along[-1] <= 97
    assistant.close()
