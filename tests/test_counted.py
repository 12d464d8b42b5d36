"""What the numbers of a sentence count, and which of them it states at all."""

from __future__ import annotations

import time

import pytest

from rag.counted import counted


@pytest.mark.parametrize(
    ("sentence", "words", "noun"),
    [
        ("The flood damaged 391 homes.", "391 homes", "home"),
        ("Water stood in about 140 homes in the lower town.", "about 140 homes", "home"),
        ("The firm plans to cut 180 of its 640 jobs.", "180", "job"),
        ("It will shed 180 of 640 jobs.", "180", "job"),
        ("The county has raised its count of flooded homes to 312.", "312", "home"),
        ("The number of homes damaged was 391, not 428.", "391", "home"),
        ("The quota falls from 8,400 to 6,900 tonnes.", "6,900 tonnes", "tonn"),
        ("The ferry will cost 47.5 million crowns instead of 38 million.", "47.5 million crowns", "crown"),
        ("Two people were hurt.", "Two people", "peopl"),
    ],
)
def test_a_number_is_read_with_what_it_counts(sentence: str, words: str, noun: str):
    (figure,) = counted(sentence)
    assert sentence[figure.start : figure.end] == words
    assert noun in figure.nouns


@pytest.mark.parametrize(
    "sentence",
    [
        "A further 588 pupils will write on Tuesday.",
        "He wants the quota left at 8,000 tonnes.",
        "The fleet may land 1,100 tonnes less.",
        "It was in locker 114.",
        "The union counts everybody, including 700 clerks.",
        "Nobody was hurt.",
        "Two of its members spoke.",
        "It will cost just over a million crowns.",
    ],
)
def test_what_is_added_wanted_or_compared_is_not_stated(sentence: str):
    assert counted(sentence) == ()


def test_the_number_that_gave_way_is_known():
    assert [f.instead_of for f in counted("The quota falls from 8,400 to 6,900 tonnes.")] == ["8,400"]
    assert [f.instead_of for f in counted("It will cost 47.5 million crowns instead of 38 million.")] == ["38 million"]
    assert [f.total for f in counted("They live in 118 of the 391 homes.")] == [391.0]


def test_a_price_per_share_is_not_a_price():
    (figure,) = counted("The bid is 15.60 crowns a share.")
    assert figure.per == "share"


@pytest.mark.parametrize("unit", ["number of ", "1 of ", "from 1 to ", "a, ", "1,000 ", "including ", "instead of 3 "])
def test_hostile_repetition_takes_no_time(unit: str):
    begun = time.perf_counter()
    counted(unit * 400)
    assert time.perf_counter() - begun < 5
