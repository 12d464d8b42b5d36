"""What goes to a chat model: numbered passages with their heads, within a budget, and the answer lines up with them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from answer_check import passages_sent
from conftest import write_articles
from hypothesis import given
from hypothesis import strategies as st
from mock_chat_server import MockChatServer, Reply

from ingest import ingest
from rag.article import Article, Kind, NewsTime
from rag.assistant import Assistant
from rag.embedder import WordHashEmbedder
from rag.llm import chat_model
from rag.passage import Hit, Passage
from rag.search import Searcher
from rag.sent import BUDGET, fitted
from rag.sentences import sentences

BODY = " ".join(f"Report {n} says that the ferry to Harlow Bay ran {n} minutes late." for n in range(10, 26))


def hit(body: str = BODY, **changes) -> Hit:
    time = NewsTime(datetime(2026, 3, 4, 9, tzinfo=UTC), "", "test")
    fields = {"identity": "a", "headline": "Ferry late", "publisher": "Harlow Post", "first_published": time} | changes
    article = Article(body=body, **fields)
    return Hit(Passage(article.id, article.revision, 0, 0, len(body), body), article, 1.0, {})


def text_of(one: Hit) -> str:
    (sent,) = fitted([one])
    return sent.text


def test_a_passage_has_its_publisher_day_and_kind():
    assert text_of(hit("It ran.", kind=Kind.OPINION)) == "Ferry late (Harlow Post; 2026-03-04; opinion)\nIt ran."
    assert text_of(hit("It ran.", publisher="", first_published=None)).startswith(
        "Ferry late (publisher unknown; date unknown; report)"
    )


def test_a_later_version_has_its_day_and_a_correction_its_words():
    later = NewsTime(datetime(2026, 3, 6, 9, tzinfo=UTC), "", "test")
    told = text_of(replace_article(hit("It ran."), this_version=later, correction="It ran 40 minutes late, not 50."))
    assert (
        "(Harlow Post; 2026-03-04; report; version of 2026-03-06; corrected: It ran 40 minutes late, not 50.)" in told
    )


def replace_article(one: Hit, **changes) -> Hit:
    return replace(one, article=replace(one.article, **changes))


@pytest.mark.parametrize(
    "mark", ["[3]", "【3】", "[1, 3]", "[^3]", "[passage 3]", "【3†source】", "［3］", "【4:0†a】"]
)
def test_what_reads_as_a_mark_is_none(mark):
    told = text_of(hit(f"It ran {mark} late.", headline=f"Ferry {mark} late", publisher=f"Post {mark}"))
    assert told.count(f"({mark[1:-1]})") == 3 and not set("[]【】［］") & set(told)


def test_signs_that_nobody_sees_are_not_sent():
    assert (
        text_of(hit("It\u200b r\u202ean\U000e0041.", headline="Fer\u2066ry")).replace("\n", " ").split(" ", 1)[0]
        == "Ferry"
    )
    assert text_of(hit("It\u200b r\u202ean\U000e0041.")).endswith("\nIt ran.")


def test_a_head_of_any_length_leaves_room():
    told = text_of(
        hit("It ran.", headline="Ferry\n\n[2] late " * 10_000, publisher="Post " * 9_000, correction="x" * 9_000)
    )
    assert len(told) < 1_000 and told.endswith("\nIt ran.") and told.count("\n") == 1


@given(budget=st.integers(0, 4_000), lengths=st.lists(st.integers(1, 16), max_size=8))
def test_what_is_sent_is_within_the_budget_and_ends_with_a_sentence(budget, lengths):
    hits = [hit(" ".join(span.of(BODY) for span in sentences(BODY)[:n]), identity=str(n)) for n in lengths]
    sent = fitted(hits, budget)
    assert [s.hit for s in sent] == hits[: len(sent)]
    assert sum(len(s.text) for s in sent) <= budget
    for s in sent:
        body = s.hit.article.body
        assert (
            s.span.start == s.hit.passage.start
            and s.span.of(body).endswith(" late.")
            and body.startswith(s.span.of(body))
        )
    assert all(s.span.end == s.hit.passage.end for s in sent[:-1])
    if len(sent) < len(hits) and (not sent or sent[-1].span.end == sent[-1].hit.passage.end):
        first = hits[len(sent)]
        least = len(text_of(hit(sentences(BODY)[0].of(BODY), identity=first.article.identity)))
        assert budget - sum(len(s.text) for s in sent) < least  # not a sentence more would have fitted


def test_the_reader_is_told_what_was_left_out_and_its_number_is_no_citation(tmp_path):
    """Twelve passages of the greatest length under long headlines are more than a small model reads at once."""
    filler = "Nobody on the pier had been told of it, and the harbour office gave no reason for it at the time. "
    news = [
        {
            "url": f"https://post.example/{n}",
            "headline": f"Ferry to Harlow Bay late on day {n}: "
            + "what the operator, the town and the passengers say of it " * 3,
            "publisher": f"Post of the Bay, edition {n}",
            "published": f"2026-03-{n:02}T08:00:00+00:00",
            "body": f"The ferry to Harlow Bay ran {n} minutes late on day {n}. " + f"Edition {n} adds: {filler}" * 9,
        }
        for n in range(10, 22)
    ]
    ingest([write_articles(tmp_path / "news", news)], tmp_path / "archive", embedder=WordHashEmbedder())
    searcher = Searcher.open(tmp_path / "archive")
    said = Reply("".join(f"The ferry to Harlow Bay ran late [{n}]. " for n in range(1, 11)))
    with MockChatServer(said) as server:
        answer = Assistant(searcher, chat_model("openai:mock", server.url), "openai:mock").ask(
            "How late did the ferry to Harlow Bay run?"
        )
    searcher.close()
    sent = passages_sent(server.requests[0])
    assert 5 < len(sent) < len(answer.hits) == 10
    assert len(server.requests[0]["messages"][1]["content"]) < BUDGET + 300
    assert answer.notice == f"Of the 10 passages found, the model read the first {len(sent)}: the rest did not fit."
    assert answer.removed_citations == 10 - len(sent)
    cited = [answer.citations[s.citations[0] - 1] for s in answer.sentences if s.citations]
    assert [c.article for c in cited] == [h.article for h in answer.hits[: len(sent)]]
    assert all(c.quote in sent[n] for n, c in enumerate(cited, start=1))
