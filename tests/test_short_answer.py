"""The short answer: set off first where it is certain, cut from the quote that holds it."""

from __future__ import annotations

from datetime import date

import pytest

from rag import Assistant, Turn
from rag.page.cards import answer_card
from rag.printed import answer_lines


@pytest.fixture(scope="module")
def assistant(sample_archive):
    opened = Assistant.open(sample_archive)
    yield opened
    opened.close()


@pytest.mark.parametrize(
    ("question", "asked_on", "short"),
    [
        ("What will rebuilding Section 17 cost?", date(2026, 5, 10), "4.1 million crowns"),
        ("How many pupils sat the repeat maths paper?", date(2026, 5, 20), "14,212"),
        ("How many pupils did the failed exam software hit?", date(2026, 5, 6), "14,800"),
        ("How much money was Vane convicted of taking?", date(2026, 5, 15), "1.9 million crowns"),
    ],
)
def test_the_number_the_name_the_day_itself(assistant, question, asked_on, short):
    answer = assistant.ask(question, asked_on=asked_on)
    assert answer.short.text == short
    (cited,) = [citation for citation in answer.citations if citation.number == answer.short.citation]
    assert cited.start <= answer.short.start < answer.short.end <= cited.end
    assert cited.article.body[answer.short.start : answer.short.end] == short
    assert next(answer_lines(answer)) == f"{short} [{answer.short.citation}]"
    assert answer_card(answer, 1).index("dl-short") < answer_card(answer, 1).index("dl-sentence")
    assert answer.to_json()["short"]["text"] == short


@pytest.mark.parametrize(
    "question",
    [
        "Why did the embankment break?",  # a reason has no short form
        "By how many votes did Renn win?",  # a difference may have to be computed
        "What happened with the ferry Teal?",
        "Who won the 2010 World Cup?",
    ],
)
def test_where_it_is_not_certain_there_is_none(assistant, question):
    assert assistant.ask(question, asked_on=date(2026, 6, 1)).short is None


def test_a_follow_up_has_none(assistant):
    """It was put into other words by rule."""
    first = assistant.ask("What will rebuilding Section 17 cost?", asked_on=date(2026, 5, 10))
    second = assistant.ask(
        "And what about the insurance bill?", [Turn(first.searched_for, first)], asked_on=date(2026, 5, 10)
    )
    assert second.searched_for != second.question and second.short is None
