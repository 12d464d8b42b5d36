"""What the wording of a question asks for, and which sentences hold it."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.expectation import Expectation, expected, names
from rag.holding import fit


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("How many homes were damaged?", Expectation.NUMBER),
        ("How much did the bridge cost?", Expectation.MONEY),
        ("What was the price of the ferry?", Expectation.MONEY),
        ("Who is Edda Holt?", Expectation.IDENTITY),
        ("Who is the mayor?", Expectation.PERSON),
        ("When does the library open?", Expectation.DATE),
        ("Where was the car found?", Expectation.PLACE),
        ("Why did the price go up?", Expectation.REASON),
        ("What did Holt say about the bridge?", Expectation.QUOTE),
        ("Is the bridge open?", Expectation.ANYTHING),
    ],
)
def test_a_question_expects(question, kind):
    assert expected(question) is kind


@pytest.mark.parametrize(
    ("question", "better", "worse"),
    [
        ("How many homes were damaged?", "The flood damaged 312 homes.", "The flood damaged homes in the lower town."),
        ("How many jobs will go?", "The number of jobs falls by 120.", "It began at 9 a.m."),
        ("How old is Edda Holt?", "Edda Holt, 61, has been mayor since autumn.", "Edda Holt won by 214 votes."),
        ("Who is Edda Holt?", "Mayor Edda Holt opened the fair.", "The fair was opened on Sunday."),
        ("When does it open?", "It opens on 20 June.", "It opens with a speech."),
        ("What did the bridge cost?", "It cost 12 million crowns.", "It is the longest in the valley."),
    ],
)
def test_the_sentence_that_answers_fits_better(question, better, worse):
    kind = expected(question)
    assert fit(kind, better, question) > fit(kind, worse, question) or kind is Expectation.ANYTHING


def test_a_number_that_the_question_gave_itself_is_no_answer():
    assert fit(Expectation.NUMBER, "Of the 14 members all came.", "How many of the 14 members came?") == 0


def test_names_are_runs_of_large_words():
    assert names("Who is Troels Lund Poulsen?") == ["Troels Lund Poulsen"]
    assert names("Did the mayor of Pellow Bay resign?") == ["Pellow Bay"]
    assert names("The bridge is closed.") == []


@given(st.text(), st.text())
def test_any_text_has_a_fit_between_nothing_and_one(question, sentence):
    assert 0 <= fit(expected(question), sentence, question) <= 1
    names(sentence)


QUESTIONS = (
    "How many homes were damaged?|How much did the bridge cost?|Who is Edda Holt?|Who is the mayor?|When was it?|"
    "Where was it?|Why?|What did Holt say?|How old is Edda Holt?|What share was it?"
).split("|")


@pytest.mark.parametrize(
    "part",
    ["1,", "Aa ", "The ", "A-", "A’", "er ", "chair", "in the a ", " ", "how much is ", "what did ", "Who is Aa "],
)
def test_a_hostile_sentence_or_question_is_read_in_time(part):
    text = f"Holt{part * (20_000 // len(part))}x"
    began = time.process_time()
    for question in QUESTIONS:
        fit(expected(question), text, question)
    fit(expected(text), "It cost 5 euros.", text)
    names(text)
    assert time.process_time() - began < 20
