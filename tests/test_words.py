"""One analysis of words: spellings meet, numbers keep their value, accents do not part what belongs together."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.words import terms, tokens


@pytest.mark.parametrize(
    ("british", "american"),
    [
        ("defence", "defense"),
        ("harbours", "harbors"),
        ("organised", "organized"),
        ("theatre", "theater"),
        ("travelled", "traveled"),
        ("Poulsen's", "Poulsen"),
        ("Poulsen’s", "poulsen"),
        ("80,000", "80000"),
        ("café", "cafe"),
        ("soldiers", "soldier"),
    ],
)
def test_spellings_of_one_word_share_a_term(british, american):
    assert terms(british) == terms(american)


def test_what_a_question_is_made_of_is_no_term():
    assert terms("What did the article say about how many of them?") == []


def test_numbers_stay_whole():
    assert tokens("€1.4 billion and 3-2, 12 per cent") == ["1.4", "billion", "and", "3", "2", "12", "per", "cent"]


@given(st.text())
def test_any_text_is_analysed(text):
    assert all(isinstance(term, str) and term for term in terms(text))
