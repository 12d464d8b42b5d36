"""Without a model: verbatim sentences, few, cited, of the right kind, or a refusal. Driven over the sample news."""

from __future__ import annotations

from contextlib import closing
from datetime import date

import pytest

from rag import Assistant, Filter, Turn
from rag.prompt import PERHAPS

ASKED_ON = date(2026, 6, 1)


@pytest.fixture(scope="module")
def assistant(sample_archive):
    opened = Assistant.open(sample_archive)
    yield opened
    opened.close()


@pytest.mark.parametrize(
    ("question", "holds"),
    [
        ("What was the highest level of the River Sarn at Teck Weir?", "5.84 metres"),
        ("What did Bodil Hask say about knocking on doors?", "every door"),
        ("Who is Bodil Hask?", "Chief Fire Officer"),
        ("How many jobs does the new owner want to cut at Pellow Cordage?", "180"),
        ("Which software was used in the school-leaving examination?", "ExamLoom"),
    ],
)
def test_the_sentence_that_answers_is_quoted_word_for_word(assistant, question, holds):
    answer = assistant.ask(question, asked_on=ASKED_ON)
    assert not answer.refused
    assert holds in answer.text
    assert 1 <= len(answer.sentences) <= 3
    for sentence, citation in zip(answer.sentences, answer.citations, strict=True):
        assert sentence.citations == (citation.number,)
        assert sentence.text == citation.quote == citation.article.body[citation.start : citation.end]
        assert sentence.verdict.state.value == "verbatim"


@pytest.mark.parametrize(
    "question", ["Who won the 2010 World Cup?", "What is the capital of Peru?", "Who wrote Hamlet?"]
)
def test_what_the_archive_does_not_carry_is_refused_with_the_nearest_coverage(assistant, question):
    answer = assistant.ask(question, asked_on=ASKED_ON)
    assert answer.refused
    assert answer.sentences == ()
    assert answer.notice.startswith("The archive does not say.")
    assert "2026-03-0" in answer.notice
    assert 0 < len(answer.nearest) <= 3
    assert len({hit.article.id for hit in answer.nearest}) == len(answer.nearest)


def test_no_sentence_is_said_twice(assistant):
    """The wire story stands in the archive under several mastheads."""
    answer = assistant.ask("Why was the rail traffic between Aldermere and Wickering suspended?", asked_on=ASKED_ON)
    texts = [sentence.text for sentence in answer.sentences]
    assert len(set(texts)) == len(texts)


def test_the_corrected_figure_is_quoted_and_the_correction_stands_beside_it(assistant):
    answer = assistant.ask(
        "How many pupils were affected by the exam failure according to HPB News?", asked_on=ASKED_ON
    )
    assert "18,400 pupils" not in " ".join(sentence.text for sentence in answer.sentences)
    assert "14,800" in answer.text


def test_a_follow_up_is_understood_from_the_chat(assistant):
    first = assistant.ask("What did Mayor Ingrid Solvane say about the recount?", asked_on=ASKED_ON)
    second = assistant.ask(
        "and what did she say about the ferry?", [Turn(first.searched_for, first)], asked_on=ASKED_ON
    )
    assert "Solvane" in second.searched_for
    assert "ferry" in second.searched_for


def test_the_callers_filter_holds(assistant):
    only = Filter(publishers=frozenset({"Sound & Shore"}))
    answer = assistant.ask("How many homes did the flood damage?", asked_on=ASKED_ON, only=only)
    assert all(hit.article.publisher == "Sound & Shore" for hit in answer.hits)
    if answer.refused:
        assert "filters" in answer.notice


@pytest.mark.parametrize(
    "question", ["", "   ", "?", "the of and", "a" * 5_000, "\x00\u202e", "SELECT * FROM passage;--"]
)
def test_any_question_gets_an_answer_or_a_refusal(assistant, question):
    assert assistant.ask(question).complete


def test_answers_grow_and_the_last_is_complete(assistant):
    answers = list(assistant.stream("How many homes did the Sarn flood damage?", asked_on=ASKED_ON))
    assert [a.complete for a in answers] == [False] * (len(answers) - 1) + [True]
    assert [len(a.sentences) for a in answers] == sorted(len(a.sentences) for a in answers)
    assert answers[0].hits


def test_what_may_be_no_answer_says_so(sample_archive):
    with closing(Assistant.open(sample_archive)) as assistant:
        unsure = assistant.ask("What's the company called that hires out the Skua?", asked_on=date(2026, 6, 1))
        sure = assistant.ask("How many jobs will be cut at Pellow Cordage?", asked_on=date(2026, 6, 1))
    assert unsure.sentences and unsure.notice == PERHAPS
    assert sure.sentences and not sure.notice
