"""What a question takes for granted, and the sentence that denies it. Driven over a small archive with the model that ships."""

from __future__ import annotations

from datetime import date

import pytest

from rag import Assistant
from rag.prompt import OTHERWISE


@pytest.fixture(scope="module")
def assistant(sample_archive):
    opened = Assistant.open(sample_archive)
    yield opened
    opened.close()


@pytest.mark.parametrize(
    ("question", "asked_on", "says"),
    [
        ("Why did Renn cancel the contract for the Teal?", date(2026, 5, 29), "ruled out cancelling"),
        (
            "How come the Mariners were relegated on the last day?",
            date(2026, 5, 26),
            "saved themselves from relegation",
        ),
        ("Why did the court clear Osric Vane of embezzlement?", date(2026, 5, 16), "found guilty"),
    ],
)
def test_a_false_premise_is_named_with_the_words_that_deny_it(assistant, question, asked_on, says):
    answer = assistant.ask(question, asked_on=asked_on)
    assert answer.refused and answer.notice == OTHERWISE and answer.sentences == ()
    assert says in answer.premise.quote
    assert answer.premise.article.body[answer.premise.start : answer.premise.end] == answer.premise.quote
    assert answer.to_json()["premise"]["quote"] == answer.premise.quote


@pytest.mark.parametrize(
    "question",
    [
        "Why did Osric Vane have to stand trial?",
        "How many homes did the Sarn flood damage?",
        "Did Renn rule out cancelling the contract for the Teal?",
        "Why will the contract for the Teal not be cancelled?",
    ],
)
def test_what_is_so_or_is_asked_with_a_not_is_no_false_premise(assistant, question):
    assert assistant.ask(question, asked_on=date(2026, 5, 29)).premise is None
