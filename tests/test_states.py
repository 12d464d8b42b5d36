"""What may not be used cannot be retrieved: withheld, embargoed until an instant; corrections keep text and date."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from conftest import TOWN, write_articles

from ingest import ingest
from rag.archive import Archive
from rag.assistant import Assistant
from rag.embedder import WordHashEmbedder
from rag.search import Searcher

EMBEDDER = WordHashEmbedder()
QUESTION = "How much will the new bridge at Orle cost?"


def archive_of(tmp_path: Path, *articles: dict) -> Path:
    ingest([write_articles(tmp_path / "news", list(articles))], tmp_path / "archive", embedder=EMBEDDER)
    return tmp_path / "archive"


def found(archive: Path) -> set[str]:
    searcher = Searcher.open(archive, EMBEDDER)
    try:
        return {hit.article.publisher for hit in searcher.search(searcher.understand(QUESTION))}
    finally:
        searcher.close()


def hence(**span: float) -> str:
    return (datetime.now(UTC) + timedelta(**span)).isoformat()


@pytest.mark.parametrize(
    "state", [{"pubstatus": "withheld"}, {"embargoed": "2999-01-01T00:00:00Z"}, {"embargoed": "soon"}]
)
def test_what_may_not_be_used_is_neither_found_nor_named(tmp_path, state):
    archive = archive_of(tmp_path, TOWN[0] | state, TOWN[1])
    assert found(archive) == {"Northern Post"}
    opened = Archive.open(archive)
    assert opened.publishers() == {"Northern Post": 1}
    assert opened.span()[0] == "2026-03-05T10:00:00Z"
    assistant = Assistant.open(archive, embedder=EMBEDDER)
    assert "12 million" not in str(assistant.ask(QUESTION).to_json())
    assistant.close()


def test_an_embargo_ends_by_itself(tmp_path):
    archive = archive_of(tmp_path, TOWN[0] | {"embargoed": hence(seconds=4)}, TOWN[1])
    searcher = Searcher.open(archive, EMBEDDER)

    def publishers() -> set[str]:
        return {hit.article.publisher for hit in searcher.search(searcher.understand(QUESTION))}

    before = publishers()
    time.sleep(4.5)
    assert (before, publishers()) == ({"Northern Post"}, {"Northern Post", "The Orle Bell"})
    searcher.close()


def test_a_withheld_version_takes_the_story_away_until_the_next(tmp_path):
    archive = archive_of(tmp_path, TOWN[0], TOWN[0] | {"version": 2, "pubstatus": "withheld"}, TOWN[1])
    assert found(archive) == {"Northern Post"}
    ingest([write_articles(tmp_path / "later", [TOWN[0] | {"version": 3}])], archive, embedder=EMBEDDER)
    assert found(archive) == {"Northern Post", "The Orle Bell"}


def test_a_correction_is_kept_with_its_text_and_day(tmp_path):
    note = "This article was amended on 5 March 2026 because an earlier version gave the wrong price."
    archive = archive_of(tmp_path, TOWN[0] | {"correction": note})
    (article,) = Archive.open(archive).articles()
    assert article.correction == note
    assert article.corrected_on.day == "2026-03-05"


def test_the_time_of_reading_is_no_date_of_the_news(tmp_path):
    undated = {key: value for key, value in TOWN[0].items() if key != "published"}
    (article,) = Archive.open(archive_of(tmp_path, undated)).articles()
    assert (article.published, article.updated, article.first_published) == ("", "", None)
