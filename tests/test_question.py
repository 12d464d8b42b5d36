"""A question names publishers in any usual way, and turns from one matter to the next."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.events import first_day
from rag.publishers import mentions
from rag.question import understand
from rag.quotation import quoted, stands_in
from rag.recency import lean

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


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("Who first reported the leak?", True),
        ("Which paper was the first to report it?", True),
        ("What was the first report on the ferry?", True),
        ("What did the county originally say?", True),
        ("How high was the initial estimate of the damage?", True),
        ("Who broke the story?", True),
        ("Who was the first woman on the council?", False),
        ("How much did it earn in the first quarter?", False),
        ("Did she win for the first time?", False),
        ("What did the first minister say?", False),
        ("The paper first said 40. What is the right figure?", False),
        ("Who first reported it, and what is the latest?", False),
    ],
)
def test_the_first_report_is_asked_for(text, first):
    assert understand(text).wants_first is first


@pytest.mark.parametrize(
    ("text", "compares"),
    [
        ("Compare the two budgets", True),
        ("Do both papers blame the yard?", True),
        ("Did the Bell and the Post say the same?", True),
        ("Do the prosecutor and the auditor agree?", True),
        ("How does the first plan differ from the second?", True),
        ("Which of the two strikes was dearer, the one in March or the one in April?", True),
        ("Were more homes flooded than in the last flood?", True),
        ("What happened the same day?", False),
        ("Were more than 40 homes flooded?", False),
        ("How many drivers agreed to the deal?", False),
        ("What did the ferry cost?", False),
    ],
)
def test_a_comparison_is_known(text, compares):
    assert understand(text).compares is compares


@pytest.mark.parametrize(
    ("text", "changes"),
    [
        ("How has the price of the ferry changed?", True),
        ("Has the mayor's position changed since the vote?", True),
        ("How did the count develop?", True),
        ("What has happened since then?", True),
        ("How did the plan evolve over time?", True),
        ("Why did the fare go from 3 to 4 crowns?", True),
        ("What does climate change do to the reef?", False),
        ("Who pays for the design changes?", False),
        ("What does the ferry cost?", False),
    ],
)
def test_a_change_over_time_is_known(text, changes):
    assert understand(text).wants_change is changes


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('Who said "a guess with a tie on"?', ("a guess with a tie on",)),
        ("Who said “a guess”, and who „keinen Cent“ or «pas un sou»?", ("a guess", "keinen Cent", "pas un sou")),
        ("Who said ‘we don’t know’?", ("we don’t know",)),
        ("Who said 'it isn't so'?", ("it isn't so",)),
        ("Does 'The Verge' article say 'no way'?", ("no way",)),
        ("the dogs' home and the cats' home", ()),
        ("rock 'n' roll, it's the ministers' plan", ()),
        ('an "open end', ()),
    ],
)
def test_quoted_words_are_found_and_publishers_names_are_none(text, words):
    assert quoted(text, PUBLISHERS) == words
    assert understand(text, PUBLISHERS).whole.quoted == words


@given(st.one_of(st.text(), st.text(alphabet="a '\"“”„‚‘’«»‹›s.")))
def test_every_quotation_stands_in_its_text(text):
    assert all(words in text for words in quoted(text))


def test_quoted_words_stand_in_a_text_side_by_side():
    assert stands_in("A guess, with a tie", "He called it “a guess with a tie on”.")
    assert not stands_in("guess tie", "a guess with a tie on")
    assert not stands_in("...", "anything")


FLOOD, VOTE = date(2026, 3, 8), date(2026, 5, 10)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("What has been paid since the flood?", FLOOD, None),
        ("Who left after the Sarn flood in Wickering?", FLOOD, None),
        ("How many boats lay there before the flood, and who owned them?", None, FLOOD),
        ("What was promised ahead of the election?", None, VOTE),
        ("What happened in the week after the start of the flood?", FLOOD, None),
    ],
)
def test_an_event_that_the_archive_dates_tells_the_time(text, first, last):
    days = {"flood": FLOOD, "Sarn flood in Wickering": FLOOD, "election": VOTE}
    (period,) = understand(text, dated=days.get).whole.periods
    assert (period.first, period.last) == (first, last)
    assert period.words in text


@pytest.mark.parametrize(
    "text",
    ["after the minister said so", "What about the flood?", "after Easter eggs", "after Greta Lund", "after a flood"],
)
def test_what_is_no_event_is_not_looked_up(text):
    assert not any(p.words.startswith("after the") for p in understand(text, dated=lambda words: FLOOD).whole.periods)


def test_an_event_has_a_day_where_its_headlines_tell_of_one():
    told = [
        ("Flooding in Wickering", "2026-03-08T05:00:00Z"),
        ("Count after the flood", "2026-03-26"),
        ("Fire", "2026-01-01"),
    ]
    assert first_day("flood", told) == FLOOD
    assert first_day("fire in Wickering", told) is None
    assert first_day("flood", [*told, ("Flood at Teck", "2024-01-01")]) is None
    assert first_day("flood", [("Flood", "")]) is None
    assert first_day("", told) is None


@given(st.text())
def test_any_question_is_understood(text):
    question = understand(text, PUBLISHERS, bylines=lambda words: ("Ana Lind",), dated=lambda words: FLOOD)
    assert all(period.words in text for period in question.whole.periods)


def test_recent_news_is_leant_to_and_old_archives_stay_as_they_are():
    asked_on = date(2026, 3, 18)
    assert lean("2026-03-18T10:00:00Z", asked_on) == 1.0
    assert lean("2026-03-04", asked_on, half_life=14) == 0.5
    assert lean("2026-03-19", asked_on) == lean("", asked_on) == 0.0
    assert lean("2024-03-18", asked_on) < 1e-6


def test_a_question_that_names_a_time_is_known():
    assert understand("What did the ferry cost?").names_no_time
    for text in ("What did it cost in March 2026?", "Who first reported it?", "How has the price changed?"):
        assert not understand(text).names_no_time
