"""Ten shuffled orders of one mixed batch give the same archive: copies, revisions, corrections, kills, tracking."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from conftest import write_articles

from ingest import ingest
from rag.archive import Archive
from rag.copies import clusters_of
from rag.embedder import WordHashEmbedder
from rag.upkeep import verify

PARAGRAPHS = (
    "The ferry Marit ran aground off Skerry Point at dawn on Tuesday with 84 people on board, the coast guard said.",
    "All passengers were taken off by two fishing boats and brought to the harbour of Lund, where buses waited.",
    "Captain Iver Moss told reporters that a light buoy was out of its place. The harbour office denied it.",
    "The line will be served by a smaller ship until the hull has been looked at in dock, its owner said.",
)


def story(name: str, **changes) -> dict:
    return {
        "url": f"https://{name}.example/ferry",
        "headline": f"Ferry aground, {name}",
        "publisher": f"The {name}",
        "published": "2026-03-03T08:00:00Z",
        "updated": "2026-03-03T08:00:00Z",
        "body": "\n\n".join(PARAGRAPHS),
    } | changes


def batch() -> list[dict]:
    copies = [story(name, originator="Halvern News Agency") for name in ("Bell", "Post", "Echo")]
    copies.append(story("Coast", body="\n\n".join(PARAGRAPHS[:3]), headline="84 saved from ferry"))
    versions = [
        story("Star", updated=f"2026-03-03T{hour:02}:00:00Z", body=f"{PARAGRAPHS[0]}\n\n{hour} people were hurt.")
        for hour in (9, 12, 11, 10)
    ]
    tied = [story("Tide", body=f"The tide at Lund reached {n} metres on Tuesday morning, a record.") for n in (3, 4, 5)]
    tracked = [
        story("Bell", url=url)
        for url in ("http://www.Bell.example/ferry/?utm_source=a", "https://bell.example/ferry#x")
    ]
    corrected = [
        story("Dawn", headline="Moss resigns", body="Captain Iver Moss resigned on Friday, the owner said."),
        story("Dawn", headline="Moss stays", body="Captain Iver Moss stays, the owner said on Friday.",
              updated="2026-03-04T08:00:00Z", correction="An earlier version said that he had resigned."),
    ]  # fmt: skip
    killed = [
        story("Wire", body="The captain was drunk, a witness claimed to this paper."),
        story("Wire", body="The captain was drunk and asleep, a witness claimed.", version=2),
        story("Wire", body="Kill this story.", pubstatus="canceled", version=3),
    ]
    states = [
        story("Late", embargoed="2999-01-01T00:00:00Z", body="The report on the ferry will be published tomorrow."),
        story("Held", pubstatus="withheld", body="Nobody may read this about the ferry yet."),
        story("Bad", body=""),
    ]
    return [*copies, *versions, *tied, *tracked, *corrected, *killed, *states]


def state(directory: Path) -> dict:
    """Everything that an archive says, apart from when and in which order it came."""
    archive = Archive.open(directory)
    articles = list(archive.articles())
    clusters = clusters_of(archive, [article.id for article in articles])
    return {
        "current": sorted(article.to_json() for article in articles),
        "revisions": sorted(version.revision for version in archive.versions()),
        "passages": sorted(archive.passage_ids()),
        "tombstones": sorted(grave.article_id for grave in archive.tombstones()),
        "clusters": sorted((i, c.originator_id, tuple(sorted(c.article_ids))) for i, c in clusters.items()),
        "sound": verify(archive).sound,
    }


@pytest.fixture(scope="module")
def in_order(tmp_path_factory) -> dict:
    folder = tmp_path_factory.mktemp("in-order")
    ingest([write_articles(folder / "news", batch())], folder / "archive", embedder=WordHashEmbedder())
    return state(folder / "archive")


def test_the_batch_holds_what_it_should(in_order):
    assert len(in_order["tombstones"]) == 1 and in_order["sound"]
    assert not any("drunk" in article for article in in_order["current"])
    assert [len(ids) for _, _, ids in in_order["clusters"]] == [
        5
    ] * 5  # the four copies and the brief made of their lead
    assert any("12 people were hurt" in article for article in in_order["current"])
    assert any("Moss stays" in article for article in in_order["current"])


@pytest.mark.parametrize("seed", range(10))
def test_every_order_gives_the_same_archive(in_order, tmp_path, seed):
    """Each article is a file of its own, so that it is an input of its own, and some runs take the batch in two."""
    articles = batch()
    random.Random(seed).shuffle(articles)
    files = [write_articles(tmp_path / "news", [a], f"{n:03}.json") for n, a in enumerate(articles)]
    cut = random.Random(seed).randrange(len(files)) if seed % 2 else len(files)
    for part in (files[:cut], files[cut:]):
        if part:
            ingest(part, tmp_path / "archive", embedder=WordHashEmbedder())
    assert state(tmp_path / "archive") == in_order
