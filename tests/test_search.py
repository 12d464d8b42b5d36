"""Hits come from several articles, carry their place, and what the caller filters stays out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from conftest import TOWN, write_articles

from ingest import ingest
from rag import Filter, NewsRetriever
from rag.assistant import Assistant
from rag.copies import clusters_of
from rag.embedder import WordHashEmbedder
from rag.errors import ArchiveNotFound, EmbedderMismatch
from rag.passage import Hit
from rag.places import shared_out
from rag.printed import answer_lines, hit_json, hit_lines
from rag.reason import reasoned
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


WIRE = TOWN[0] | {
    "url": "https://wire.example/bridge",
    "publisher": "Halvern Telegraph Agency",
    "originator": "Halvern Telegraph Agency",
    "published": "2026-03-02T07:00:00+00:00",
}
BELL = TOWN[0] | {"originator": "Halvern Telegraph Agency"}
STAR = BELL | {"url": "https://star.example/bridge", "publisher": "Evening Star", "headline": "Orle pays 12 million"}


@pytest.fixture
def carried(tmp_path):
    """The town's news with its bridge story sent by a wire and carried by two newspapers."""
    ingest([write_articles(tmp_path / "n", [STAR, BELL, WIRE, *TOWN[1:]])], tmp_path / "a", embedder=WordHashEmbedder())
    opened = Searcher.open(tmp_path / "a")
    yield opened
    opened.close()


def test_a_story_that_three_carry_takes_one_place_and_names_the_others(carried):
    hits = carried.search(carried.understand("What will the bridge at Orle cost?"), 10)
    carriers = {"Halvern Telegraph Agency", "The Orle Bell", "Evening Star"}
    assert len(hits) == 3
    (bridge,) = [hit for hit in hits if "12 million" in hit.passage.text]
    assert {bridge.article.publisher, *bridge.carried_by} == carriers
    assert all(hit.carried_by == () for hit in hits if hit is not bridge)
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert bridge.metadata()["carried_by"] == ", ".join(bridge.carried_by)
    assert f"also carried by {bridge.carried_by[0]}" in "\n".join(hit_lines(1, bridge))
    assert hit_json(1, bridge)["carried_by"] == bridge.metadata()["carried_by"]


def test_a_hit_says_why_it_is_there(searcher):
    question = searcher.understand("What did the Northern Post say last Thursday of the Orle bridge?", date(2026, 3, 8))
    best, *others = searcher.search(question, 10)
    assert best.why == (
        "1st by its words, 1st by its meaning; Northern Post is named; published in the time asked for (last Thursday)"
    )
    assert best.metadata()["why"] == hit_json(1, best)["why"] == best.why
    assert f"because: {best.why}" in " ".join("\n".join(hit_lines(1, best)).split())
    assert all("is named" not in hit.why and "the time asked" not in hit.why for hit in others)
    latest = searcher.search(searcher.understand("What is the latest of the Orle bridge?"), 1)[0]
    assert latest.why.endswith(f"the latest is asked for, this version is of {latest.article.updated[:10]}")


def test_a_hit_of_a_part_of_the_question_names_the_part(searcher, monkeypatch):
    """The lists hold one passage each, so that the whole question cannot find what its parts find; what it does find is
    taken out behind the indexes' back."""
    monkeypatch.setattr("rag.search.CANDIDATES", 1)
    with searcher.archive.transaction() as db:
        db.execute(
            "DELETE FROM passage WHERE article_id IN (SELECT article_id FROM revision WHERE article LIKE '%Library%')"
        )
    parts = ["How many people come to the library in Orle on Sunday", "which cracks did divers find in the piers?"]
    question = searcher.understand(f"{parts[0]}, while {parts[1]}")
    assert [clause.text for clause in question.clauses] == parts
    (hit,) = searcher.search(question, 1)
    assert hit.why == f"1st by its words, 1st by its meaning for “{parts[1]}”"


def test_an_originator_says_whose_place_it_took(carried):
    cluster_hits = _bridge_hits(carried, {"Evening Star": 0.9, "Halvern Telegraph Agency": 0.88})
    clusters = clusters_of(carried.archive, [hit.article.id for hit in cluster_hits])
    question = carried.understand("What will the bridge at Orle cost?")
    (shown,) = reasoned(shared_out(cluster_hits, 10, clusters), question, cluster_hits, clusters)
    assert shown.why == "in the place of its copy at Evening Star"
    kept = shared_out(cluster_hits, 10, clusters, {"Evening Star"})
    assert [hit.why for hit in reasoned(kept, question, cluster_hits, clusters)] == [""]


@pytest.mark.parametrize(
    ("rank", "said"), [(1, "1st"), (2, "2nd"), (3, "3rd"), (4, "4th"), (11, "11th"), (113, "113th"), (122, "122nd")]
)
def test_ranks_are_told_in_words(carried, rank, said):
    (hit,) = _bridge_hits(carried, {"Evening Star": 0.9})
    assert replace(hit, ranks={"lexical": rank}).why == f"{said} by its words"


def placed(carried: Searcher, scores: dict[str, float], **options) -> list[tuple[str, float]]:
    """Who gets the places where the bridge story of these publishers was found with these scores."""
    hits = _bridge_hits(carried, scores)
    found = shared_out(hits, 10, clusters_of(carried.archive, [hit.article.id for hit in hits]), **options)
    return [(hit.article.publisher, hit.score) for hit in found]


def _bridge_hits(carried: Searcher, scores: dict[str, float]) -> list[Hit]:
    hits = []
    for article in carried.archive.articles():
        if article.publisher in scores and "12 million" in article.body:
            passage = carried.archive.passages_of(article.id)[0].passage
            hits.append(Hit(passage, article, scores[article.publisher], {}))
    return sorted(hits, key=lambda hit: -hit.score)


def test_the_originator_takes_the_place_where_it_was_found_as_well(carried):
    wire = "Halvern Telegraph Agency"
    assert placed(carried, {"Evening Star": 0.9, "The Orle Bell": 0.8, wire: 0.88}) == [(wire, 0.9)]
    assert placed(carried, {"Evening Star": 0.9, wire: 0.5}) == [("Evening Star", 0.9)]
    assert placed(carried, {"Evening Star": 0.9, wire: 0.88}, named={"Evening Star"}) == [("Evening Star", 0.9)]
    assert placed(carried, {"Evening Star": 0.9, "The Orle Bell": 0.9}) in (
        [("Evening Star", 0.9)],
        [("The Orle Bell", 0.9)],
    )


def test_a_publisher_that_is_asked_for_keeps_the_place_of_its_copy(carried):
    hits = carried.search(carried.understand("What does the Evening Star say the bridge at Orle will cost?"), 4)
    bridge = [hit for hit in hits if hit.carried_by]
    assert [hit.article.publisher for hit in bridge] == ["Evening Star"]
    assert "Halvern Telegraph Agency" in bridge[0].carried_by


def test_a_filter_that_shuts_the_originator_out_still_tells_of_it(carried):
    only = Filter(publishers=frozenset({"The Orle Bell"}))
    hits = carried.search(carried.understand("What will the bridge at Orle cost?"), 10, only)
    assert {hit.article.publisher for hit in hits} == {"The Orle Bell"}
    assert any("Halvern Telegraph Agency" in hit.carried_by for hit in hits)


def test_a_copy_with_another_number_is_never_hidden(tmp_path):
    altered = STAR | {"body": STAR["body"].replace("12 million", "21 million")}
    ingest([write_articles(tmp_path / "n", [altered, WIRE, *TOWN[1:]])], tmp_path / "a", embedder=WordHashEmbedder())
    searcher = Searcher.open(tmp_path / "a")
    hits = searcher.search(searcher.understand("What will the bridge at Orle cost?"), 10)
    said = " ".join(hit.passage.text for hit in hits)
    assert "12 million" in said
    assert "21 million" in said
    searcher.close()


def test_answers_and_their_sources_name_who_else_carried_the_story(carried):
    *_, answer = Assistant(carried).stream("What will the bridge at Orle cost?")
    cited = [citation for citation in answer.citations if citation.carried_by]
    assert cited, answer
    assert "Evening Star" in cited[0].to_json()["carried_by"]
    assert "also carried by" in "\n".join(answer_lines(answer))


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
