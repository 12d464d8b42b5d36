"""A question names publishers in any usual way, and turns from one matter to the next."""

from __future__ import annotations

from datetime import date

import pytest

from rag.publishers import mentions
from rag.question import understand

PUBLISHERS = (
    "The Verge",
    "The Age",
    "Wired",
    "Cnbc | World Business News Leader",
    "The Independent - Life and Style",
    "CBSSports.com",
    "Fortune",
    "FOX News - Health",
    "FOX News - Lifestyle",
)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("What did The Verge report?", ["The Verge"]),
        ("according to 'The Age' article", ["The Age"]),
        ("CNBC said so", ["Cnbc | World Business News Leader"]),
        ("The Independent's view", ["The Independent - Life and Style"]),
        ("as CBSSports reported", ["CBSSports.com"]),
        ("Fox News on diets", ["FOX News - Health", "FOX News - Lifestyle"]),
        ("a fortune was lost at the age of nine, wired to the mains", []),
        ("in Fortune and in Wired", ["Fortune", "Wired"]),
        ("on the verge of tears", []),
        ("Verger", []),
    ],
)
def test_publishers_are_recognised(text, named):
    assert [m.publisher for m in mentions(text, PUBLISHERS)] == named


@pytest.mark.parametrize("publisher", ["X", "The", " ", "the x", "(", "The Verge | "])
def test_an_odd_publisher_spoils_no_question(publisher):
    mentions("What about the bridge at x, the verge of X?", [publisher])


def test_a_question_of_two_matters_has_two_clauses_each_with_its_publisher():
    question = understand(
        "Did The Verge say that the trial opened on 3 October 2023, while Fortune reported that the jury was dismissed early?",
        PUBLISHERS,
        date(2023, 12, 1),
    )
    assert [c.publishers for c in question.clauses] == [("The Verge",), ("Fortune",)]
    assert question.whole.publishers == ("The Verge", "Fortune")
    assert question.clauses[0].periods[0].first == date(2023, 10, 3)


def test_a_plain_question_has_no_clauses():
    assert understand("How many homes were damaged?").clauses == ()


def test_the_latest_is_asked_for():
    assert understand("What is the latest on the ferry?").wants_latest
    assert not understand("What did the ferry cost?").wants_latest
