"""A passage widened to its neighbours is still a stretch of its article's body, word for word."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from conftest import TOWN, write_articles
from hypothesis import given
from hypothesis import strategies as st

from ingest import ingest
from rag import Article, Hit, NewsRetriever, Passage, Searcher
from rag.__main__ import main
from rag.embedder import WordHashEmbedder
from rag.neighbours import merged, widened
from rag.quoting import select

BODY = (
    "The ferry stood still. Nobody knew why.\n\n"
    "Its captain spoke at noon. She blamed a rope. It lay in the screw.\n\n"
    "Divers cut it. The ferry left at three."
)
ARTICLE = Article(identity="ferry", headline="Ferry late", body=BODY)


def hit_at(words: str, article: Article = ARTICLE, score: float = 1.0) -> Hit:
    start = article.body.index(words)
    return over(article, start, start + len(words), score)


def over(article: Article, start: int, end: int, score: float = 1.0) -> Hit:
    return Hit(
        Passage(article.id, article.revision, 0, start, end, article.body[start:end]), article, score, {"dense": 1}
    )


@pytest.mark.parametrize(
    ("options", "begins", "ends"),
    [
        ({}, "Its captain", "in the screw."),
        ({"sentences": 2}, "Nobody knew", "cut it."),
        ({"sentences": 0}, "She blamed", "a rope."),
        ({"sentences": 2, "across_paragraphs": False}, "Its captain", "in the screw."),
        ({"sentences": 99}, "The ferry stood", "at three."),
        ({"characters": 30}, "Its captain", "in the screw."),
        ({"characters": 45}, "Nobody knew", "cut it."),
        ({"characters": 45, "across_paragraphs": False}, "Its captain", "in the screw."),
        ({"characters": 5}, "She blamed", "a rope."),
    ],
)
def test_it_grows_by_whole_sentences(options, begins, ends):
    hit = widened(hit_at("She blamed a rope."), **options)
    assert hit.passage.text.startswith(begins) and hit.passage.text.endswith(ends)
    assert BODY[hit.passage.start : hit.passage.end] == hit.passage.text


def test_a_cut_sentence_is_made_whole_first():
    assert widened(hit_at("blamed a")).passage.text == "She blamed a rope."


def test_everything_else_of_the_hit_stays():
    hit = hit_at("Divers cut it.", score=0.5)
    wide = widened(hit)
    assert replace(wide, passage=hit.passage) == hit
    assert wide.passage.id != hit.passage.id


@given(st.text(alphabet="aB. \n“”?", max_size=80), st.data())
def test_any_place_of_any_body_stays_a_stretch_of_it(body, data):
    article = Article(identity="x", headline="x", body=body)
    start = data.draw(st.integers(0, len(body)))
    end = data.draw(st.integers(start, len(body)))
    for options in ({}, {"sentences": 3, "across_paragraphs": False}, {"characters": 9}):
        passage = widened(over(article, start, end), **options).passage
        assert 0 <= passage.start <= start <= end <= passage.end <= len(body)
        assert body[passage.start : passage.end] == passage.text


def test_hits_that_overlap_become_one_in_the_place_of_the_best():
    other = Article(identity="other", headline="Other", body=BODY)
    first, second = hit_at("Its captain spoke at noon.", score=0.9), hit_at("Divers cut it.", score=0.5)
    between = hit_at("She blamed a rope. It lay in the screw.\n\nDivers", score=0.4)
    apart = replace(hit_at("Its captain spoke at noon. She", other), score=0.3)
    assert merged([first, second, apart]) == [first, second, apart]
    bridged, kept = merged([first, second, apart, hit_at("noon. She blamed a rope. It lay in the screw.\n\nDivers")])
    assert bridged.passage.text == BODY[first.passage.start : second.passage.end]
    assert (bridged.score, bridged.ranks) == (0.9, first.ranks)
    assert kept == apart
    assert [hit.score for hit in merged([first, second, between])] == [0.9, 0.5]
    assert merged([]) == []


@pytest.fixture
def long_town(tmp_path):
    told = "\n\n".join(
        f"Part {n} of the bridge at Orle begins. " + "It costs crowns. " * 55 + "So it ends." for n in range(4)
    )
    articles = [TOWN[0] | {"body": told}, *TOWN[1:]]
    ingest([write_articles(tmp_path / "n", articles)], tmp_path / "a", embedder=WordHashEmbedder())
    return tmp_path / "a"


def test_the_retriever_widens_without_losing_the_place(long_town):
    asked = "What does the engineers' chamber say of part 2 of the bridge at Orle?"
    plain = NewsRetriever.from_archive(long_town).invoke(asked)
    retriever = NewsRetriever.from_archive(long_town, neighbours=1)
    wide = retriever.invoke(asked)
    assert len(wide) < len(plain)  # the parts of one article now overlap
    for document in wide:
        told = document.metadata
        body = retriever.searcher.archive.article(told["article_id"]).body
        assert body[told["start"] : told["end"]] == document.page_content


def test_sentences_of_a_widened_passage_are_weighed_too(long_town):
    searcher = Searcher.open(long_town)
    question = searcher.understand("How many people come to the library on a normal Sunday?")
    hits = [widened(hit_of(searcher, TOWN[2]["body"].split("\n")[0]))]
    selection = select(question, hits, searcher)
    assert "340 people" in selection.quotes[0].text
    assert selection.quotes[0].meaning > 0.3
    searcher.close()


def hit_of(searcher: Searcher, words: str) -> Hit:
    (article,) = [article for article in searcher.archive.articles() if words in article.body]
    return hit_at(words, article)


def test_the_command_widens(town, capsys):
    assert main(["search", "library", "--archive", str(town), "--neighbours", "1", "--json", "-k", "1"]) == 0
    (hit,) = json.loads(capsys.readouterr().out)
    assert hit["text"] == TOWN[2]["body"][hit["start"] : hit["end"]]
