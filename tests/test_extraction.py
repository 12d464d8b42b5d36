"""How well web pages are read: the measures themselves, and our figures on real pages, which may not fall."""

from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, date, datetime, timedelta, timezone
from functools import partial

import pytest
from conftest import SHARED

from eval import extraction, floors
from eval.extractors import Found, dateline, installed
from eval.figures import DATELINE
from eval.question import Split
from eval.saved_pages import SETS, Page, pages, truth

STORY = "The harbour bridge will stay shut until June.\n\nEngineers found cracks in two more piers on Tuesday."
PUBLISHED = datetime(2026, 3, 4, 23, 30, tzinfo=UTC)


def page(**fields) -> Page:
    told = {"headline": "Bridge shut", "publisher": "HarlowPost", "authors": ("Ann Lee",), "published": PUBLISHED}
    known = {"name": "a", "split": Split.REPORT, "html": "", "address": "https://harlowpost.example/bridge"}
    return Page(**{**known, "body": STORY, **told, **fields})


def score(found: Found, **fields) -> extraction.Scored:
    return extraction.scored(page(**fields), lambda html, address: found)


def test_shingles_by_hand():
    assert extraction.shingle_scores("a b c d e", "a b c d x") == (0.5, 0.5)
    assert extraction.shingle_scores("a b c d e f", "c d e f") == (1.0, 1 / 3)
    assert extraction.shingle_scores("a b", "a b") == (1.0, 1.0)
    # As in the benchmark's own script: no text has no precision, and is left out of its mean.
    assert extraction.shingle_scores("a b c d", "") == (None, 0.0)


def test_a_page_found_in_full_is_right_in_all():
    found = Found("Bridge  shut!", "The Harlow Post", ("ANN LEE",), PUBLISHED, "", STORY)
    assert score(found).headline and score(found).publisher and score(found).authors
    assert (score(found).day, score(found).instant, score(found).precision, score(found).recall) == (True, True, 1, 1)


def test_nothing_found_is_wrong_in_all():
    wrong = score(Found())
    assert not any((wrong.headline, wrong.publisher, wrong.authors, wrong.day, wrong.instant, wrong.recall))


@pytest.mark.parametrize(
    ("name", "right"),
    [("Harlow Post", True), ("harlowpost.example", True), ("The Harlow Post Online", True), ("Post", True),
     ("The Weekly Harbour", False), ("", False), ("The", False), ("HP", False)],
)  # fmt: skip
def test_publishers(name, right):
    assert extraction.same_publisher(name, "HarlowPost", "https://www.harlowpost.example/bridge") is right


def test_an_agency_by_its_initials():
    assert extraction.same_publisher("Harlow Press", "HPNews", "https://hpnews.example/1")
    assert not extraction.same_publisher("Harlow Press", "Ferry", "https://ferry.example/1")


def test_people_are_a_set():
    assert extraction.same_people(["Omar Haddad", "Ann  Lee"], ("Ann Lee", "Omar Haddad"))
    assert not extraction.same_people(["Ann Lee", "Harlow Post"], ("Ann Lee",))


@pytest.mark.parametrize(
    ("published", "day", "instant"),
    [
        (datetime(2026, 3, 4, 23, 30, 20, tzinfo=UTC), True, True),
        (datetime(2026, 3, 5, 0, 30, tzinfo=timezone(timedelta(hours=1))), True, True),
        (datetime(2026, 3, 5, 0, 30, tzinfo=UTC), False, False),
        (date(2026, 3, 4), True, None),
        (date(2026, 3, 5), False, None),
        (None, False, False),
    ],
)
def test_days_and_instants(published, day, instant):
    scored = score(Found(published=published))
    assert (scored.day, scored.instant) == (day, instant)


def test_a_day_alone_may_be_that_of_the_publishers_clock():
    local = PUBLISHED.astimezone(timezone(timedelta(hours=1)))
    assert score(Found(published=date(2026, 3, 5)), published=local).day


def test_a_standfirst_that_is_told_apart_is_not_missed_in_the_body():
    first, _, rest = STORY.partition("\n\n")
    assert score(Found(standfirst=first, body=rest)).recall == 1
    assert score(Found(body=rest)).recall < 1
    assert score(Found(standfirst=first, body=STORY)).precision == 1


def test_the_interval_holds_the_figure_and_comes_again():
    scored = [score(Found(body=STORY[: 10 * n])) for n in range(1, 9)]
    lines = extraction.lines("x", scored)
    assert [line.split for line in lines] == [Split.REPORT, "all"]
    assert lines[0].f1_low < lines[0].f1 < lines[0].f1_high
    assert extraction.lines("x", scored) == lines


def test_our_reader_as_an_extractor():
    html = f"<html><body><article><h1>Bridge shut</h1><p>{STORY * 2}</p><p>{STORY}</p></article></body></html>"
    found = dateline(html, "https://harlowpost.example/2026/03/04/bridge")
    assert (found.headline, found.publisher, found.published.date()) == (
        "Bridge shut",
        "harlowpost.example",
        date(2026, 3, 4),
    )
    assert dateline("<html></html>", "") == Found()


@pytest.mark.parametrize("name", SETS)
def test_our_figures_on_the_report_half_stay_above_the_floors(name):
    folder = SHARED / "data" / name
    if not truth(folder).is_file():
        pytest.skip("../shared is not here")
    held = [page for page in pages(folder) if page.split is Split.REPORT]
    with ProcessPoolExecutor(2) as pool:
        scored = list(pool.map(partial(extraction.scored, extract=dateline), held, chunksize=4))
    figures = floors.of_extraction(name, extraction.lines(DATELINE, scored))
    assert all(floors.has_floor(floors.read(), figure) for figure in figures)
    assert not floors.shortfalls(floors.read(), figures)


@pytest.mark.scale
@pytest.mark.timeout(600)
def test_on_news_pages_no_other_extractor_is_right_more_often():
    folder = SHARED / "data" / "news_pages"
    if not truth(folder).is_file():
        pytest.skip("../shared is not here")
    held = pages(folder)
    ours, *others = (extraction.lines(name, extraction.run(held, extract))[-1] for name, extract in installed().items())
    for what in ("headline", "publisher", "authors", "day", "f1"):
        assert getattr(ours, what) >= max(getattr(other, what) for other in others), what
