"""Which day an article means by "Tuesday": what is plain is resolved, what is not stays as it is."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.article import Article, NewsTime
from rag.sentences import Span
from rag.spoken_days import spoken_days

WEDNESDAY = "2026-03-04"


def days(body: str, published: str = WEDNESDAY) -> list[tuple[str, str]]:
    time = NewsTime(datetime.fromisoformat(published).replace(tzinfo=UTC), published, "test") if published else None
    article = Article(identity="a", headline="Orle", body=body, first_published=time)
    return [(body[day.start : day.end], day.day) for day in spoken_days(article, Span(0, len(body)))]


@pytest.mark.parametrize(
    ("body", "day"),
    [
        ("The mayor said on Tuesday that the bridge would open soon.", "2026-03-03"),
        ("The mayor said late on Wednesday that it was closed.", "2026-03-04"),
        ("Workers closed the bridge on Friday.", "2026-02-27"),
        ("It has been shut since Sunday.", "2026-03-01"),
        ("The bridge was broken on Sunday when a barge hit it.", "2026-03-01"),
        ("The minister on Monday postponed the opening until 4 May.", "2026-03-02"),
        ("The council will vote on Thursday.", "2026-03-05"),
        ("The order to boil water is to be lifted on Friday if tests are clean.", "2026-03-06"),
        ("The strike begins on Saturday.", "2026-03-07"),
        ("Trains are cancelled until Monday.", "2026-03-09"),
        ("The union announced a stoppage for Friday.", "2026-03-06"),
        ("She resigned last Monday.", "2026-03-02"),
        ("Divers found cracks yesterday.", "2026-03-03"),
        ("The bridge reopens tomorrow.", "2026-03-05"),
        ("It made a loss last year.", "2025"),
        ("It will be sold next month.", "2026-04"),
    ],
)
def test_what_is_plain_is_resolved(body, day):
    assert [found for _, found in days(body)] == [day]


@pytest.mark.parametrize(
    "body",
    [
        "The market is held every Monday.",
        "The council will vote on Wednesday.",  # today, or in a week?
        "The first round is on Sunday 26 April.",
        "They have been there since Monday of last week.",
        "She would pass sentence on Thursday next week.",
        "They may meet on the second Sunday of May.",
        "He asked the union to return on Tuesday.",  # asked on Tuesday, or return?
        "They marched on Easter Monday.",
        "Tuesday's vote was close.",
        "She gave them Wednesday afternoons.",
        "USA Today reported it.",
        "In 1998 the mayor said that taxes would rise next year.",
    ],
)
def test_what_is_not_plain_stays_as_it_is(body):
    assert days(body) == []


def test_without_a_day_of_publication_nothing_is_resolved():
    assert days("The mayor said on Tuesday that it was closed.", "") == []


def test_the_words_of_another_sentence_decide_nothing():
    assert days("The council will vote. It met on Monday.") == [("Monday", "2026-03-02")]


def test_of_a_tomorrow_that_somebody_spoke_of_on_another_day_nothing_is_said():
    assert days("He said on Sunday that the harbour would close tomorrow.") == [("Sunday", "2026-03-01")]


def test_an_empty_stretch_names_no_day():
    article = Article(identity="a", headline="Orle", body="He said on Monday that it was so.")
    assert spoken_days(article, Span(5, 5)) == ()


@given(st.dates(date(1900, 1, 8), date(2100, 1, 1)), st.sampled_from("Monday Tuesday Wednesday Thursday Friday".split()))
def test_a_past_weekday_lies_within_the_week_up_to_publication(published, weekday):
    ((words, day),) = days(f"The mayor said on {weekday} that it was closed.", published.isoformat())
    meant = date.fromisoformat(day)
    assert words == f"{meant:%A}" == weekday and published - timedelta(days=6) <= meant <= published


@given(st.text(max_size=300))
def test_any_text_is_taken(body):
    for words, day in days(body or "."):
        assert words in body and day


@pytest.mark.parametrize("published", ["0001-01-01", "9999-12-31"])
def test_the_first_and_the_last_day_of_the_calendar(published):
    body = "He came yesterday. It ends tomorrow. It grows next year and next month. He said so on Sunday."
    assert len(days(body, published)) >= 2
