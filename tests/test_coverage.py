"""What the archive knows of the names and events in a question."""

from __future__ import annotations

from datetime import date

from conftest import TOWN, write_articles

from ingest import ingest
from rag.coverage import Coverage
from rag.embedder import WordHashEmbedder
from rag.search import Searcher

FLOOD = {
    "url": "https://bell.example/flood",
    "headline": "Flood closes the Orle quay",
    "publisher": "The Orle Bell",
    "byline": "Ivo Brandt",
    "published": "2026-03-06T08:00:00+00:00",
    "body": "The river flooded the quay at Orle in the night to Friday, and two boats were lost, the harbour office said.",
}


def test_bylines_are_found_by_any_of_their_words(searcher):
    coverage = Coverage(searcher.archive, searcher.indexes.lexical)
    assert coverage.bylines("Tarn") == coverage.bylines("mina tarn") == {"Mina Tarn"}
    assert coverage.bylines("Holt") == coverage.bylines("the") == coverage.bylines("") == set()


def test_a_question_names_an_author_of_the_archive_and_not_the_mayor_in_the_news(searcher):
    assert searcher.understand("What did Tarn write of the bridge?").whole.authors == ("Mina Tarn",)
    assert searcher.understand("What did Holt write of the bridge?").whole.authors == ()


def test_an_event_is_dated_by_its_first_headline_until_the_asking(tmp_path):
    ingest([write_articles(tmp_path / "news", [*TOWN, FLOOD])], tmp_path / "archive", embedder=WordHashEmbedder())
    searcher = Searcher.open(tmp_path / "archive")
    try:
        ask = "What did the council decide after the flood?"
        (period,) = searcher.understand(ask, date(2026, 3, 20)).whole.periods
        assert (period.first, period.last) == (date(2026, 3, 6), None)
        assert searcher.understand(ask, date(2026, 3, 4)).whole.periods == ()
        assert searcher.understand(ask.replace("flood", "war")).whole.periods == ()
        hits = searcher.search(searcher.understand("What did Brandt write about the flood?", date(2026, 3, 6)))
        assert "Ivo Brandt is named" in hits[0].why
        assert "published on the day of the question" in hits[0].why
    finally:
        searcher.close()
