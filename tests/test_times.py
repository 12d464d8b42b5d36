"""Words that name an instant, words that do not, and words that only seem to."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.times import news_time

MARCH_4 = datetime(2026, 3, 4, 14, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    "words",
    [
        "2026-03-04T14:05:00Z",
        "2026-03-04T15:05:00+01:00",
        "20260304T140500Z",
        "20260304140500",
        "2026/03/04 14:05 UTC",
        "Wed, 04 Mar 2026 14:05:00 +0000",
        "Wed, 04 Mar 2026 15:05:00 +0100 (CET)",
        "Wed, 04 Mar 2026 09:05:00 EST",
        "Wed, 04 Mar 2026 16:05:00 MEST",
        "Wed, 04 Mar 2026 19:35:00 IST",
        "4 March 2026, 14:05 GMT",
        "Wednesday 4 March 2026 14.05 GMT",
        "March 4, 2026 at 9:05 a.m. ET",
        "Published: March 4th, 2026 2:05 pm (GMT)",
        "2026-03-04 17:05 GMT+3",
        "1772633100",
        "1772633100000",
        1772633100,
        1772633100.0,
    ],
)
def test_one_instant_in_many_words(words):
    assert news_time(words, "here").instant == MARCH_4


@pytest.mark.parametrize(
    "words",
    ["2/3/2024", "03.04.2024", "Tuesday", "March 2026", "2026", "4 March", "14:05", "1/1/1", "12/25/24", "yesterday",
     "12 hours ago", "2026-02-30", "99999999999999999999", "not a date", "0000-00-00"],
)  # fmt: skip
def test_doubtful_words_keep_no_instant_but_stay_as_they_are(words):
    time = news_time(words, "here")
    assert (time.instant, time.raw) == (None, words)


def test_a_day_above_twelve_tells_the_order():
    assert news_time("13/3/2024", "here").day == news_time("3/13/2024", "here").day == "2024-03-13"


def test_a_missing_zone_is_said():
    time = news_time("2026-03-04 14:05", "json date")
    assert time.instant == MARCH_4
    assert time.known_by == "json date (no zone given, read as UTC)"


def test_an_unknown_or_doubtful_zone_is_said():
    assert news_time("4 March 2026 14:05 XYZ", "here").known_by == "here (zone XYZ not known, read as UTC)"
    assert news_time("Wed, 04 Mar 2026 19:35:00 IST", "here").known_by == "here (IST read as India)"


def test_a_named_zone_follows_the_clock_change():
    assert news_time("July 4, 2026 9:05 AM ET", "here").instant.hour == 13
    assert news_time("January 4, 2026 9:05 AM ET", "here").instant.hour == 14


@pytest.mark.parametrize("words", ["1700-01-01", "9999-12-31", "1970-01-01T00:00:00Z", "2200-01-01"])
def test_unlikely_dates_keep_their_instant(words):
    assert news_time(words, "here").instant is not None


@pytest.mark.parametrize("nothing", [None, "", "  \u200b "])
def test_no_words_no_time(nothing):
    assert news_time(nothing, "here") is None


@given(
    st.one_of(st.text(max_size=60), st.integers(), st.floats(), st.from_regex(r"[0-9/.:\-+TZ ]{1,30}", fullmatch=True))
)
def test_never_raises_and_always_utc(words):
    time = news_time(words, "here")
    assert time is None or time.instant is None or time.instant.utcoffset().total_seconds() == 0
