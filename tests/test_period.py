"""The days of which a question speaks, counted from the day on which it is asked (a Wednesday here)."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.period import periods_in

ASKED = date(2026, 3, 18)


@pytest.mark.parametrize(
    ("words", "first", "last"),
    [
        ("what happened yesterday?", "2026-03-17", "2026-03-17"),
        ("today", "2026-03-18", "2026-03-18"),
        ("on Monday", "2026-03-16", "2026-03-16"),
        ("last Wednesday", "2026-03-11", "2026-03-11"),
        ("last week", "2026-03-09", "2026-03-15"),
        ("this week", "2026-03-16", "2026-03-18"),
        ("last month", "2026-02-01", "2026-02-28"),
        ("last weekend", "2026-03-14", "2026-03-15"),
        ("on 4 March 2025", "2025-03-04", "2025-03-04"),
        ("on October 7, 2023", "2023-10-07", "2023-10-07"),
        ("on the 4th of March", "2026-03-04", "2026-03-04"),
        ("on 20 December", "2025-12-20", "2025-12-20"),
        ("in August", "2025-08-01", "2025-08-31"),
        ("in February 2026", "2026-02-01", "2026-02-28"),
        ("2026-03-02", "2026-03-02", "2026-03-02"),
        ("in the past three days", "2026-03-15", "2026-03-18"),
        ("over the past 3 days", "2026-03-15", "2026-03-18"),
        ("since Monday", "2026-03-16", None),
        ("before 6 November 2023", None, "2023-11-06"),
        ("who may run for mayor?", None, None),
        ("30 February 2026", "2026-02-01", "2026-02-28"),
        ("between 3 and 9 March", "2026-03-03", "2026-03-09"),
        ("from 3 to 9 March 2025", "2025-03-03", "2025-03-09"),
        ("March 3–9, 2025", "2025-03-03", "2025-03-09"),
        ("between 3 March and 9 April 2025", "2025-03-03", "2025-04-09"),
        ("from 28 December to 3 January", "2025-12-28", "2026-01-03"),
        ("between March and May 2025", "2025-03-01", "2025-05-31"),
        ("from November to January", "2025-11-01", "2026-01-31"),
        ("from Monday to Friday", "2026-03-09", "2026-03-13"),
        ("the first week of April", "2025-04-01", "2025-04-07"),
        ("in the last week of February", "2026-02-22", "2026-02-28"),
        ("in early May", "2025-05-01", "2025-05-12"),
        ("at the end of April", "2025-04-24", "2025-04-30"),
        ("last summer", "2025-06-01", "2025-08-31"),
        ("last winter", "2025-12-01", "2026-02-28"),
        ("in the summer of 2024", "2024-06-01", "2024-08-31"),
        ("who won gold at the last Winter Olympics?", None, None),
        ("what will the pool cost this summer?", None, None),
        ("published in 2024", "2024-01-01", "2024-12-31"),
        ("articles from 2024", "2024-01-01", "2024-12-31"),
        ("what was built in 2024?", None, None),
        ("two days ago", "2026-03-16", "2026-03-16"),
        ("three weeks ago", "2026-02-22", "2026-02-28"),
        ("a few days ago", "2026-03-12", "2026-03-17"),
        ("this morning", "2026-03-18", "2026-03-18"),
        ("tonight", "2026-03-18", "2026-03-18"),
        ("the day before yesterday", "2026-03-16", "2026-03-16"),
        ("in Tuesday's article", "2026-03-17", "2026-03-17"),
        ("on Tuesday 3 March", "2026-03-03", "2026-03-03"),
        ("next Friday", "2026-03-20", "2026-03-20"),
        ("3/4/2025", "2025-04-03", "2025-04-03"),
        ("3/14/2025", "2025-03-14", "2025-03-14"),
        ("14.3.2025", "2025-03-14", "2025-03-14"),
        ("2026/03/02", "2026-03-02", "2026-03-02"),
        ("31/31/2020", None, None),
        ("since August", "2025-08-01", None),
        ("over Easter 2025", "2025-04-18", "2025-04-21"),
        ("in the week after Easter", "2025-04-22", "2025-04-28"),
        ("the week before 3 March", "2026-02-24", "2026-03-02"),
        ("in his Easter sermon", None, None),
        ("a vote of 11 to 8 in the council", None, None),
    ],
)
def test_words_become_days(words, first, last):
    found = periods_in(words, ASKED)
    if first is None and last is None:
        assert found == []
    else:
        (period,) = found
        assert (period.first and period.first.isoformat(), period.last and period.last.isoformat()) == (first, last)


def test_a_period_holds_its_days_and_no_unknown_one():
    (week,) = periods_in("last week", ASKED)
    assert week.holds("2026-03-15T23:00:00Z")
    assert not week.holds("2026-03-16")
    assert week.holds("2026-03-16", slack=1)
    assert not week.holds("")


PIECES = (
    "between|from|to|and|until|since|before|after|the|week|of|first|last|next|early|end|in|on|ago|days|weeks|two|a few|3|9|31|"
    "2024|29|March|May|February|Monday|Easter|Christmas|winter|yesterday|today|published|articles|/|-|.|,|morning|this"
).split("|")


@given(st.one_of(st.text(), st.lists(st.sampled_from(PIECES), max_size=12).map(" ".join)), st.dates())
def test_any_text_is_read_and_the_words_of_a_period_stand_in_it(text, asked_on):
    for period in periods_in(text, asked_on):
        assert period.words and period.words in text
        assert period.first or period.last
        assert not (period.first and period.last) or period.first <= period.last


@given(st.dates(min_value=date(1990, 1, 1), max_value=date(2090, 1, 1)))
def test_yesterday_is_the_day_before_whatever_the_day(asked_on):
    (period,) = periods_in("yesterday", asked_on)
    assert (asked_on - period.first).days == 1


RELATIVE = (
    "yesterday|today|last week|this week|last month|this month|last weekend|on Monday|last Sunday|in August|in January|"
    "last winter|two months ago|over Easter|early May|the first week of February|over the past 99 months|the last day|"
    "on 4 March|29 February|on 31 December"
).split("|")


@given(st.sampled_from(RELATIVE), st.one_of(st.dates(), st.sampled_from([date.min, date.max])), st.integers(0, 400))
def test_relative_words_have_days_on_any_day_of_the_calendar(words, asked_on, slack):
    for period in periods_in(words, asked_on):
        assert period.first <= period.last
        assert period.holds(period.first.isoformat(), slack)
