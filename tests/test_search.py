"""Hits come from several articles, carry their place, and what the caller filters stays out."""

from __future__ import annotations

from datetime import date

import pytest
from conftest import TOWN, write_articles

from ingest import ingest
from rag import Filter, NewsRetriever
from rag.embedder import WordHashEmbedder
from rag.errors import ArchiveNotFound, EmbedderMismatch
from rag.search import Searcher


def headlines(searcher, text, k=10, only=Filter(), asked_on=None):
    return [hit.article.headline for hit in searcher.search(searcher.understand(text, asked_on), k, only)]


def test_the_best_passage_comes_first_and_hits_are_sorted(searcher):
    hits = searcher.search(searcher.understand("How many people come to the library on Sunday?"), 10)
    assert hits[0].article.headline == "Library stays open on Sundays"
    assert [h.score for h in hits] == sorted((h.score for h in hits), reverse=True)
    assert all(h.article.body[h.passage.start : h.passage.end] == h.passage.text for h in hits)
    assert set(hits[0].ranks) <= {"dense", "lexical"}


def test_a_publisher_named_in_the_question_shifts_but_does_not_filter(searcher):
    found = headlines(searcher, "What does the Northern Post say the bridge at Orle will cost?")
    assert found[0] == "Engineers doubt the price of the Orle bridge"
    assert "Bridge at Orle to cost 12 million" in found


def test_a_day_named_in_the_question_shifts(searcher):
    found = headlines(searcher, "bridge at Orle last Thursday", asked_on=date(2026, 3, 8))
    assert found[0] == "Engineers doubt the price of the Orle bridge"


@pytest.mark.parametrize(
    ("only", "left"),
    [
        (Filter(publishers=frozenset({"Northern Post"})), {"Engineers doubt the price of the Orle bridge"}),
        (Filter(first=date(2026, 3, 6)), {"Library stays open on Sundays"}),
        (Filter(last=date(2026, 3, 2)), {"Bridge at Orle to cost 12 million"}),
        (Filter(publishers=frozenset({"Nobody"})), set()),
    ],
)
def test_the_callers_filter_is_hard(searcher, only, left):
    assert set(headlines(searcher, "bridge library council", only=only)) == left


def test_no_article_fills_the_list_while_others_wait(tmp_path):
    long = TOWN[0] | {
        "body": "\n\n".join(f"The bridge at Orle, part {n}. " + "It will cost crowns. " * 40 for n in range(12))
    }
    file = write_articles(tmp_path / "n", [long, *TOWN[1:]])
    ingest([file], tmp_path / "a", embedder=WordHashEmbedder())
    searcher = Searcher.open(tmp_path / "a")
    found = headlines(searcher, "What will the bridge at Orle cost?", k=5)
    assert len(found) == 5
    assert len(set(found)) == 3
    searcher.close()


def test_a_syndicated_copy_does_not_take_a_place(tmp_path):
    copy = TOWN[0] | {
        "url": "https://star.example/bridge",
        "publisher": "Evening Star",
        "headline": "Orle pays 12 million",
    }
    ingest([write_articles(tmp_path / "n", [*TOWN, copy])], tmp_path / "a", embedder=WordHashEmbedder())
    searcher = Searcher.open(tmp_path / "a")
    publishers = [
        h.article.publisher for h in searcher.search(searcher.understand("What will the bridge at Orle cost?"), 2)
    ]
    assert sorted(publishers)[-1] == "The Orle Bell" or "Northern Post" in publishers
    assert not {"Evening Star", "The Orle Bell"} <= set(publishers)
    searcher.close()


def test_what_is_withheld_or_cancelled_is_never_found(tmp_path):
    articles = [TOWN[0] | {"status": "canceled"}, TOWN[1] | {"status": "withheld"}, TOWN[2]]
    ingest([write_articles(tmp_path / "n", articles)], tmp_path / "a", embedder=WordHashEmbedder())
    searcher = Searcher.open(tmp_path / "a")
    assert set(headlines(searcher, "bridge at Orle cost engineers")) == {"Library stays open on Sundays"}
    searcher.close()


def test_the_retriever_is_langchains_and_tells_everything_to_cite(town):
    retriever = NewsRetriever.from_archive(town, k=2)
    documents = retriever.invoke("What will the bridge at Orle cost?")
    assert len(documents) == 2
    article = retriever.searcher.archive.article(documents[0].metadata["article_id"])
    needed = {"article_id", "headline", "publisher", "url", "published", "start", "end", "score"}
    assert needed <= set(documents[0].metadata)
    place = slice(documents[0].metadata["start"], documents[0].metadata["end"])
    assert article.body[place] == documents[0].page_content
    assert documents[0].metadata["published"].endswith("Z")
    (only,) = NewsRetriever.from_archive(town, publishers=("Northern Post",)).invoke("bridge")
    assert only.metadata["publisher"] == "Northern Post"


def test_errors_end_with_the_cure(town, tmp_path):
    with pytest.raises(ArchiveNotFound, match="python -m ingest"):
        NewsRetriever.from_archive(tmp_path / "nothing")

    class Other(WordHashEmbedder):
        fingerprint = "other@1"

    with pytest.raises(EmbedderMismatch, match="repair"):
        Searcher.open(town, Other())
