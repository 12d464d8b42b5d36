"""The article that the project began with, and the 104 of MultiHop-RAG: they read as they are."""

from __future__ import annotations

import pytest
from conftest import SHARED

from ingest import ingest
from rag import Archive, Assistant
from rag.embedder import WordHashEmbedder


@pytest.fixture(scope="module")
def seed(tmp_path_factory):
    if not (SHARED / "seed").is_dir():
        pytest.skip("../shared/seed is not here")
    folder = tmp_path_factory.mktemp("seed")
    assert ingest([SHARED / "seed"], folder).stored == 1
    opened = Assistant.open(folder)
    yield opened
    opened.close()


@pytest.mark.parametrize(
    ("question", "holds", "speaker"),
    [
        ("How many Ukrainian troops has the EU trained?", "80,000", "Kaja Kallas"),
        ("Who is Troels Lund Poulsen?", "Danish Defense Minister Troels Lund Poulsen", "Troels Lund Poulsen"),
        (
            "How much did Denmark's model invest in Ukraine's defence industry last year?",
            "€600 million",
            "Troels Lund Poulsen",
        ),
        ("What does Kallas say about Russian fuels?", "Russian f", "Kaja Kallas"),
    ],
)
def test_the_right_sentence_is_quoted_attributed_and_cited(seed, question, holds, speaker):
    answer = seed.ask(question)
    (citation, *_) = answer.citations
    assert holds in answer.text
    assert citation.speaker == speaker
    assert citation.article.publisher == "Anadolu Agency"
    assert "subscription" not in answer.text


def test_what_it_does_not_say_is_refused(seed):
    assert seed.ask("Who won the 2010 World Cup?").refused


def test_the_footer_is_no_evidence(seed):
    (article,) = seed.searcher.archive.articles()
    assert "subscribers" not in article.body
    assert "subscribers" in article.credit
    assert article.dateline == "ISTANBUL"


def test_the_multihop_corpus_reads_as_it_is(tmp_path):
    corpus = SHARED / "data" / "multihop_news" / "corpus.json"
    if not corpus.is_file():
        pytest.skip("../shared/data/multihop_news is not here")
    report = ingest([corpus], tmp_path, embedder=WordHashEmbedder())
    assert (report.stored, len(report.quarantined)) == (104, 0)
    assert all(article.published and article.publisher and article.url for article in Archive.open(tmp_path).articles())
