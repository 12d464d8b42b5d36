"""The comparisons of eval/answers.py and the floors, on small examples."""

from dataclasses import replace

import pytest

from eval.answers import answer_found, broken_citations, gold_quoted, is_short, says_the_same
from eval.figures import mean, percentile, table
from eval.floors import Figure, FloorLowered, agree, pinned, shortfalls
from ingest import ingest
from rag.assistant import Assistant
from rag.embedder import WordHashEmbedder

FACT = "The ferry Teal will cost 52 million crowns."


@pytest.mark.parametrize(
    ("sentence", "fact", "same"),
    [
        (FACT, FACT, True),
        ("The ferry  Teal will\ncost 52 million crowns.", FACT, True),
        (f"{FACT} So the auditors say.", FACT, True),
        (FACT, f"“{FACT}” she said.", True),
        ("It will.", "It will.", True),
        ("It will.", "It will. So they say, and nobody else does.", False),
        ("52 million crowns.", FACT, False),
    ],
)
def test_two_sentences_are_the_same(sentence, fact, same):
    assert says_the_same(sentence, fact) is same
    assert gold_quoted(["Nothing.", sentence], ["Neither.", fact]) is same


@pytest.mark.parametrize(
    ("answer", "short"),
    [("4,918", True), ("Not before February 2027", True), ("Yes, in May", False), ("No", False), ("", False)]
    + [("Because the gauge at the weir had failed", False)],
)
def test_short_answers_are_those_that_the_news_would_say_so(answer, short):
    assert is_short(answer) is short


def test_a_short_answer_is_found_as_whole_words():
    assert answer_found(["It cost 52 million crowns."], "52 million")
    assert not answer_found(["It cost 152 million crowns."], "52 million")
    assert not answer_found([], "52 million")


def test_figures_of_nothing_are_none():
    assert mean([]) is None and percentile(0.5, []) is None
    assert (percentile(0.5, [3, 1, 2]), percentile(0.95, range(1, 101)), percentile(0.95, [1])) == (2, 95, 1)
    assert table(["name", "n"], [["a", 1.0], ["b", None]]).splitlines()[2:] == ["a     1.000", "b         –"]


@pytest.fixture
def archive(tmp_path):
    (tmp_path / "ferry.txt").write_text(f"Ferry price\n\nHARLOW\n{FACT} The old ferry Merganser was scrapped in May.\n")
    ingest([tmp_path / "ferry.txt"], into=tmp_path / "archive", embedder=WordHashEmbedder())
    return tmp_path / "archive"


def test_a_citation_is_held_against_the_archive_and_not_against_itself(archive, monkeypatch):
    monkeypatch.setattr("rag.quoting.LEAST_CONFIDENCE", 0.0)
    assistant = Assistant.open(archive, embedder=WordHashEmbedder())
    answer = assistant.ask("How many crowns will the ferry Teal cost?")
    record, cited = assistant.searcher.archive, answer.citations[0]
    wrong = (
        replace(cited, start=cited.start + 1),
        replace(cited, article=replace(cited.article, body="x" + cited.article.body)),
        replace(cited, article=replace(cited.article, identity="another")),
        replace(cited, passage=replace(cited.passage, end=cited.start)),
    )
    assert broken_citations(answer, record) == 0
    assert [broken_citations(replace(answer, citations=(one,)), record) for one in wrong] == [1, 1, 1, 1]
    uncited = tuple(replace(sentence, citations=()) for sentence in answer.sentences)
    assert broken_citations(replace(answer, sentences=uncited), record) == len(uncited)


FLOORS = {"extraction": {"f1": 0.9}, "quoting": {"gold_quoted": 0.7}, "data": {"sample": "one"}}


def test_a_floor_is_the_figure_less_one_question_and_citations_have_no_margin():
    assert Figure("quoting", "gold_quoted", 0.75, 20).floor == 0.7
    assert Figure("quoting", "citations_hold", 1.0, 20).floor == 1.0
    assert Figure("refusals", "absent_refused", 0.05, 10).floor == 0.0


def test_pinning_raises_and_keeps_what_is_not_measured():
    raised = pinned(
        FLOORS, [Figure("quoting", "gold_quoted", 0.9, 10), Figure("refusals", "absent", 1.0, 10)], {"sample": "one"}
    )
    assert raised["quoting"] == {"gold_quoted": 0.8} and raised["refusals"] == {"absent": 0.9}
    assert raised["extraction"] == {"f1": 0.9}
    assert pinned(FLOORS, [Figure("quoting", "gold_quoted", 0.72, 10)], {})["quoting"] == {"gold_quoted": 0.7}


def test_pinning_never_lowers_a_floor_but_for_other_questions():
    lower = [Figure("quoting", "gold_quoted", 0.625, 8)]
    assert shortfalls(FLOORS, lower) == ["quoting gold_quoted: 0.625 is below the floor 0.7"]
    with pytest.raises(FloorLowered):
        pinned(FLOORS, lower, {"sample": "one"})
    assert not agree(FLOORS, {"sample": "two"})
    assert pinned(FLOORS, lower, {"sample": "two"})["quoting"] == {"gold_quoted": 0.5}
