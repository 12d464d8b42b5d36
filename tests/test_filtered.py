"""Filters give exactly what reading everything would give, whichever way is taken, and the archive has the last word."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from conftest import TOWN, write_articles
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest import ingest
from rag.as_of import standing
from rag.clock import utc_now
from rag.embedder import WordHashEmbedder
from rag.filter import Filter
from rag.index import filtered
from rag.index.pair import IndexPair
from rag.index.passage_index import Probe
from rag.search import Searcher

NAMES = ("The Orle Bell", "Northern Post", "Evening Star")
FIRST = date(2026, 3, 1)
QUESTION = "What will the bridge at Orle cost, while how many people come to the library on Sunday?"
DAYS = st.none() | st.integers(-2, 42).map(lambda n: FIRST + timedelta(days=n))
FILTERS = st.builds(
    Filter, publishers=st.frozensets(st.sampled_from((*NAMES, "Nobody"))), first=DAYS, last=DAYS, as_of=DAYS
)


def story(number: int) -> dict:
    told = TOWN[number % 3] | {
        "url": f"https://bell.example/{number}",
        "publisher": NAMES[number % 7 % 3],
        "published": f"{FIRST + timedelta(days=number % 40)}T08:00:00+00:00",
        "body": f"Number {number} begins here. {TOWN[number % 3]['body']}",
    }
    return told if number % 11 else {key: value for key, value in told.items() if key != "published"}


def later(number: int) -> dict:
    return story(number) | {"version": 2, "updated": "2026-04-02T08:00:00+00:00", "body": f"Changed. {TOWN[1]['body']}"}


@pytest.fixture(scope="module")
def many(tmp_path_factory):
    folder = tmp_path_factory.mktemp("many")
    told = [story(n) for n in range(60)] + [later(n) for n in (5, 17, 31)]
    told += [story(n) | {"embargoed": "2999-01-01T00:00:00+00:00"} for n in (61, 62)]
    ingest([write_articles(folder / "news", told)], folder / "archive", embedder=WordHashEmbedder())
    opened = Searcher.open(folder / "archive")
    yield opened
    opened.close()


def passing(searcher: Searcher, only: Filter) -> dict[str, np.ndarray]:
    """By reading every article: passage id -> vector of what passes."""
    found = {}
    for stored in searcher.archive.passages_since():
        article = stored.article
        if only.as_of:
            article = standing(article, only.as_of, searcher.archive)
        days = (only.first or date.min).isoformat(), (only.last or date.max).isoformat()
        dated = not (only.first or only.last) or (article and days[0] <= article.published[:10] <= days[1])
        named = not only.publishers or (article and article.publisher in only.publishers)
        if article and article.usable_from <= utc_now() and dated and named:
            found[stored.passage.id] = stored.vector
    return found


@pytest.mark.parametrize("read_exactly", [0, 200])
@given(only=FILTERS)
@settings(max_examples=60)
def test_no_hit_is_shown_that_does_not_pass_and_none_that_passes_is_missed(many, read_exactly, only):
    """Once with all vectors read, once with Chroma asked for more than it takes."""
    kept, filtered._READ_EXACTLY = filtered._READ_EXACTLY, read_exactly
    try:
        hits = many.search(many.understand(QUESTION), 200, only)
    finally:
        filtered._READ_EXACTLY = kept
    true = passing(many, only)
    stories = {stored.passage.article_id for stored in many.archive.stored(list(true)).values()}
    assert {hit.article.id for hit in hits} <= stories
    assert bool(hits) == bool(stories)
    assert len(hits) >= min(10, len(stories)) or only.as_of  # what repeats another has no place
    listed = set(many.indexes.listed(sorted(many.archive.passage_ids()), only))
    assert listed >= set(true) if only.as_of else listed == set(true)


@pytest.mark.parametrize("read_exactly", [0, 200])
@given(only=FILTERS)
@settings(max_examples=60)
def test_the_nearest_that_pass_are_those_of_brute_force(many, read_exactly, only):
    probe = Probe(QUESTION, many.embedder.vectors([QUESTION])[0])
    kept, filtered._READ_EXACTLY = filtered._READ_EXACTLY, read_exactly
    try:
        ((near, by_words),) = many.indexes.found([probe], 5, only)
    finally:
        filtered._READ_EXACTLY = kept
    near = list(many.indexes.listed([f.passage_id for f in near], only))
    true = passing(many, only)
    if only and only.as_of is None:
        cosines = sorted((float(vector @ probe.vector) for vector in true.values()), reverse=True)[:5]
        assert [float(true[i] @ probe.vector) for i in near] == pytest.approx(cosines, abs=1e-5)
        unfiltered = [f.score for f in many.indexes.sparse(probe, 500) if f.passage_id in true]
        scores = [f.score for f in by_words if f.passage_id in true]
        assert scores == pytest.approx(unfiltered[: len(scores)])
        assert len(scores) >= min(5, len(unfiltered)) - 2  # the two that are under embargo


def test_what_is_gone_from_the_archive_is_not_shown_whatever_the_indexes_hold(town):
    searcher = Searcher.open(town)
    with searcher.archive.transaction() as db:
        db.execute(
            "DELETE FROM passage WHERE article_id IN (SELECT article_id FROM revision WHERE publisher = ?)", NAMES[:1]
        )
    for only in (Filter(), Filter(publishers=frozenset(NAMES)), Filter(first=FIRST)):
        found = searcher.search(searcher.understand("the bridge at Orle and its library"), 10, only)
        assert [hit.article.publisher for hit in found] == ["Northern Post"]
    searcher.close()


def test_what_another_process_is_writing_is_filtered_as_well(town, tmp_path):
    """The archive holds it, the indexes do not yet."""
    reader = Searcher.open(town)
    writer = IndexPair.for_writing(reader.archive)
    more = tmp_path / "more"
    ingest([write_articles(more / "news", [story(1), story(2)])], more / "archive", embedder=WordHashEmbedder())
    other = Searcher.open(more / "archive")
    for stored in other.archive.passages_since():
        reader.archive.put_revision(stored.article, "x", utc_now())
        key = f"key {stored.passage.id}"
        reader.archive.put_embeddings({key: _reading(stored.vector)})
        reader.archive.put_passages([(stored.passage, key)])
    (town / "chroma" / "edition").unlink()
    reader.archive.next_edition()
    for only, count in ((Filter(publishers=frozenset(NAMES[1:])), 3), (Filter(publishers=frozenset(NAMES[2:])), 1)):
        found = reader.search(reader.understand("the bridge at Orle and its library"), 10, only)
        assert len({hit.article.id for hit in found}) == count
    writer.close()
    other.close()
    reader.close()


def _reading(vector: np.ndarray):
    from rag.embedder import Reading

    return Reading(vector, vector[None])
