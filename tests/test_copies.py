"""Copies: found by what they share, whatever the order; one cluster with its originator; forms and updates stay apart."""

from __future__ import annotations

import random
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from conftest import ROOT
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.readers import reader_for
from ingest.source import Source
from rag import copies
from rag.archive import Archive
from rag.article import Article, Kind, NewsTime, Status
from rag.same_story import WINDOW, likeness

PARAGRAPHS = (
    "The river Sarn broke its embankment at Wickering early on Sunday and flooded about 140 homes in the lower town.",
    "Chief Fire Officer Bodil Hask said 600 people had been moved to the sports hall and to two schools in Lower Teck.",
    "The gauge at Teck Weir stood at 5.84 metres at four in the morning, 31 centimetres above the record of 1987.",
    "Governor Aksel Thorne declared an emergency and asked the army for pumps, sandbags and two field kitchens.",
    "Trains between Aldermere and Wickering will not run before Tuesday, the railway said, and lorries are sent round.",
    "Interior Minister Selma Raike is to visit the valley on Monday with the heads of the insurers' chamber.",
)
BODY = "\n\n".join(PARAGRAPHS)
OTHER = (
    "A roofer of 52 has been questioned about the painting that vanished from the museum in Pellow Bay in March.",
    "Inspector Runa Quill said that the man had worked under the torn roof on 29 and 30 March and had kept a key.",
    "The picture, “Women Mending Nets”, was insured for 2.4 million crowns and hung there from 1931 onwards.",
)
LOCAL = "Readers of this newspaper can bring blankets and dry clothes to our office in Canal Street from nine o'clock today."


def at(hours: float) -> NewsTime:
    return NewsTime(datetime(2026, 3, 8, 9, tzinfo=UTC) + timedelta(hours=hours), "", "test")


def article(name: str, body: str = BODY, *, publisher: str = "", hours: float | None = 0, **fields) -> Article:
    time = None if hours is None else at(hours)
    given = {"headline": f"Headline of {name}", "publisher": publisher or f"The {name}", "first_published": time}
    return Article(identity=f"https://{name}.example/flood", body=body, **given | fields)


WIRE = article("wire", publisher="HTA", originator="HTA")
COURIER = article("courier", "\n\n".join(PARAGRAPHS[:4]), hours=1, originator="HTA")
LEDGER = article("ledger", "\n\n".join((LOCAL, *PARAGRAPHS[1:])), hours=2, originator="HTA")
LONER = article("loner", "\n\n".join(OTHER), hours=4)


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive.create(tmp_path / "archive")


def put(archive: Archive, *articles: Article) -> None:
    """As an ingest does it: the versions first, then the copies, in one transaction."""
    with archive.transaction():
        current = [a for a in articles if archive.put_revision(a, f"input of {a.id}", "2026-04-01T00:00:00+00:00")]
        copies.note_current(archive, current)


def clusters(archive: Archive) -> set[tuple[str, ...]]:
    """The clusters as tuples of publishers, the originator's first."""
    found = copies.clusters_of(archive, sorted(archive.article_ids()))
    return {tuple(carrier.publisher for carrier in cluster.carriers) for cluster in found.values()}


def everything(archive: Archive) -> list[list[tuple]]:
    return [archive.rows(f"SELECT * FROM {table} ORDER BY 1, 2, 3") for table in ("run", "sketch", "copy", "carrier")]


def test_a_wire_story_cut_retitled_and_localised_is_one_cluster(archive):
    put(archive, COURIER, LONER, LEDGER, WIRE)
    assert clusters(archive) == {("HTA", "The courier", "The ledger")}
    cluster = copies.clusters_of(archive, [LEDGER.id, LONER.id])[LEDGER.id]
    assert (cluster.originator_id, cluster.id) == (WIRE.id, WIRE.id)
    assert cluster.article_ids == (WIRE.id, COURIER.id, LEDGER.id)
    assert cluster.others_than(COURIER) == ("HTA", "The ledger")
    assert LONER.id not in copies.clusters_of(archive, [LONER.id])


def test_the_originator_is_the_credited_wire_else_the_first_else_the_smallest_id(archive):
    late_wire = replace(WIRE, first_published=at(9))
    put(archive, COURIER, late_wire)
    assert clusters(archive) == {("HTA", "The courier")}
    copies.forget(archive, [late_wire.id])
    first, second = sorted((article("one"), article("two")), key=lambda a: a.id)
    undated = article("undated", hours=None)
    put(archive, second, undated, first, article("later", hours=3))
    found = copies.clusters_of(archive, [undated.id])[undated.id]
    assert found.article_ids[:2] == (first.id, second.id)
    assert found.article_ids[-1] == undated.id


def test_copies_are_looked_for_within_a_window_of_days(archive):
    late = article("late", hours=24 * (WINDOW + 1))
    put(archive, WIRE, late)
    assert clusters(archive) == set()
    put(archive, replace(late, first_published=at(24 * WINDOW), version=2))
    assert clusters(archive) == {("HTA", "The late")}


def test_a_new_version_replaces_what_the_old_one_shared(archive):
    put(archive, WIRE, COURIER)
    put(archive, replace(COURIER, body=LONER.body, version=2), LONER)
    assert clusters(archive) == {("The courier", "The loner")}
    put(archive, COURIER)  # the first version again: late, and no longer current
    assert clusters(archive) == {("The courier", "The loner")}


def test_what_is_removed_leaves_its_cluster_and_the_rest_finds_a_new_originator(archive):
    put(archive, WIRE, COURIER, LEDGER)
    copies.forget(archive, [WIRE.id, "of an article that never came"])
    assert clusters(archive) == {("The courier", "The ledger")}
    copies.forget(archive, [COURIER.id])
    assert clusters(archive) == set()
    copies.forget(archive, [LEDGER.id])
    assert everything(archive) == [[], [], [], []]


@pytest.mark.parametrize(
    "unusable",
    [
        {"status": Status.WITHHELD},
        {"status": Status.EMBARGOED, "embargoed_until": NewsTime(datetime(2999, 1, 1, tzinfo=UTC), "", "test")},
    ],
)
def test_what_may_not_be_used_is_never_named(archive, unusable):
    put(archive, replace(WIRE, **unusable), COURIER, LEDGER)
    assert clusters(archive) == {("The courier", "The ledger")}
    put(archive, replace(COURIER, **unusable, version=2))
    assert clusters(archive) == set()


def test_updates_live_pages_and_forms_of_one_publisher_are_not_copies(archive):
    update = article("update", "\n\n".join((*PARAGRAPHS[:3], *OTHER)), publisher="HTA", hours=6)
    live = article("live", "\n\n".join((*OTHER, *PARAGRAPHS[3:])), kind=Kind.LIVE, hours=6)
    weather = [
        article(
            f"weather{day}",
            f"The harbour office expects {day + 3} degrees and a wind of {day + 11} knots at Pellow Bay. High water is at "
            f"{day + 4}.{day + 20} and {day + 16}.{day + 31}, low water at {day}.{day + 12}; the sun sets at 18.{day + 14}.",
            publisher="Pellow Bay Courier",
            hours=24 * day,
        )
        for day in range(5)
    ]
    put(archive, WIRE, update, live, *weather)
    assert clusters(archive) == set()
    again = replace(update, identity="https://again.example", first_published=at(7))
    put(archive, again)  # the same text under a new address
    assert clusters(archive) == {("HTA", "HTA")}


def test_a_round_up_does_not_chain_the_stories_that_it_holds(archive):
    flood, theft = article("flood", "\n\n".join(PARAGRAPHS[:3])), article("theft", "\n\n".join(OTHER))
    round_up = article("evening", "\n\n".join((*PARAGRAPHS[:3], *OTHER)), hours=9)
    put(archive, round_up, theft, flood)
    (cluster,) = clusters(archive)
    assert len(cluster) == 2
    assert cluster[1] == "The evening"


def test_a_running_story_does_not_chain_from_version_to_version(archive):
    """Each telling shares two thirds with the one before and nothing with the one three tellings on."""
    told = (*PARAGRAPHS, *OTHER, LOCAL)
    tellings = [article(f"paper{n}", "\n\n".join(told[n : n + 3]), hours=n) for n in range(len(told) - 2)]
    put(archive, *tellings)
    for names in clusters(archive):
        places = [int(name.removeprefix("The paper")) for name in names]
        assert max(places) - min(places) <= 2, names


def test_a_publishers_standing_paragraph_makes_no_copies(archive):
    standing = "\n\n" + " ".join(
        f"Our newsletter number {n} brings the day to your table every morning." for n in range(3)
    )
    put(
        archive,
        article("a", BODY + standing, publisher="P"),
        article("b", "\n\n".join(OTHER) + standing, publisher="P"),
    )
    assert clusters(archive) == set()


POOL = [
    WIRE, COURIER, LEDGER, LONER, article("undated", hours=None), article("late", hours=24 * 6),
    article("update", "\n\n".join((*PARAGRAPHS[2:], OTHER[0])), publisher="HTA", hours=6),
    article("thief", LONER.body, hours=9),
    article("evening", "\n\n".join((*PARAGRAPHS[:3], *OTHER)), hours=9), article("short", PARAGRAPHS[0] + PARAGRAPHS[1]),
    replace(COURIER, body=LONER.body, version=2, this_version=at(20)), replace(LONER, publisher="HTA", version=3),
]  # fmt: skip


@settings(max_examples=12, deadline=None)
@given(order=st.permutations(POOL), size=st.integers(1, len(POOL)))
def test_every_order_and_every_batch_ends_in_the_same_clusters(tmp_path_factory, order, size):
    archives = [Archive.create(tmp_path_factory.mktemp("order")) for _ in range(3)]
    put(archives[0], *sorted(POOL, key=lambda a: (a.version, a.id)))
    for batch in batched_by_story(order, size):
        put(archives[1], *batch)
        put(archives[2], *batch)
    copies.renew(archives[2])
    assert everything(archives[0]) == everything(archives[1]) == everything(archives[2])
    assert clusters(archives[0])


def batched_by_story(articles: list[Article], size: int) -> list[list[Article]]:
    """Batches as an ingest makes them: two versions of one story never stand in one."""
    batches: list[list[Article]] = [[]]
    for told in articles:
        if len(batches[-1]) == size or told.id in {a.id for a in batches[-1]}:
            batches.append([])
        batches[-1].append(told)
    return batches


@given(
    st.lists(st.sampled_from([*PARAGRAPHS, *OTHER, LOCAL]), min_size=1),
    st.lists(st.sampled_from(PARAGRAPHS), min_size=1),
)
def test_likeness_is_the_same_from_both_sides(mine, theirs):
    one, other = article("one", " ".join(mine)), article("other", " ".join(theirs), originator="The one")
    assert likeness(one, other) == likeness(other, one)
    assert 0 <= likeness(one, other) <= 1


@pytest.mark.parametrize("body", ["", "Storm.", "\u200b\x00 \ud800", "嵐が町を襲った。" * 30, "12 13 14 " * 500])
def test_odd_bodies_are_taken(archive, body):
    odd = [article(name, body.encode("utf-8", "replace").decode()) for name in ("a", "b")]
    put(archive, *odd)
    assert likeness(*odd) in (0.0, 1.0)


def test_a_flood_of_copies_is_one_cluster_in_reasonable_time(archive):
    flood = [article(f"farm{n}", f"{BODY}\n\nPage {n} of this site.", hours=n / 60) for n in range(120)]
    for batch in batched_by_story(flood, 50):
        put(archive, *batch)
    (cluster,) = clusters(archive)
    assert len(cluster) == 120


# -- recall on copies made of the sample news: what tuning on other news must keep --------------------------------------


def sample_news() -> list[Article]:
    files = sorted((ROOT / "ingest" / "sample" / "news").glob("*.*"))
    sources = [Source(str(file), file.read_bytes()) for file in files]
    return [item for source in sources for item in reader_for(source).read(source)]


def cut(body: str, draw: random.Random) -> str:
    paragraphs = body.split("\n\n")
    return "\n\n".join(paragraphs[: max(2, len(paragraphs) // 2)])


def reworded(body: str, draw: random.Random) -> str:
    words = re.findall(r"[a-z]{3,}", BODY)
    return re.sub(r"\b[a-z]+\b", lambda found: draw.choice(words) if draw.random() < 0.1 else found[0], body)


def localised(body: str, draw: random.Random) -> str:
    return f"{LOCAL}\n\n{body}"


def with_new_lead(body: str, draw: random.Random) -> str:
    return "\n\n".join((LOCAL, *body.split("\n\n")[1:]))


@pytest.mark.parametrize(("change", "least"), [(cut, 0.97), (reworded, 0.97), (localised, 1.0), (with_new_lead, 0.97)])
def test_changed_copies_of_the_sample_news_are_found(change, least):
    news, draw = sample_news(), random.Random(8)
    made = [
        replace(told, identity=told.identity + "#copy", publisher="Evening Star", body=change(told.body, draw))
        for told in news
    ]
    found = [likeness(told, copy) > 0 for told, copy in zip(news, made, strict=True)]
    assert sum(found) / len(found) >= least


def test_the_carried_wire_stories_of_the_sample_news_are_found_and_nothing_else(archive):
    news = sample_news()
    put(archive, *{told.id: told for told in sorted(news, key=lambda a: a.updated)}.values())
    carried = {told.id for told in news if told.originator == "Halvern Telegraph Agency"}
    found = copies.clusters_of(archive, sorted(archive.article_ids()))
    assert found.keys() == carried
    assert {cluster.carriers[0].publisher for cluster in found.values()} == {"Halvern Telegraph Agency"}
    assert len({cluster.id for cluster in found.values()}) == 8
