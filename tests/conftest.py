"""Real parts for every test: a small archive embedded by word hashes, and the sample news embedded by MiniLM, once."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from hypothesis import settings

from ingest import ingest
from rag.embedder import WordHashEmbedder
from rag.search import Searcher

# How long one example takes depends on what else the machine does; what must not take long is bounded in tests of its own.
# The same examples every time, so that a change is told by what it breaks; DATELINE_RANDOM=1 looks for new ones.
settings.register_profile("dateline", deadline=None, derandomize=not os.environ.get("DATELINE_RANDOM"))
settings.load_profile("dateline")

# A model that is not here is asked of the hub, for a minute where there is no network. Before anything imports its client.
os.environ.setdefault("HF_HUB_OFFLINE", "1")

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"

TOWN = [
    {
        "url": "https://bell.example/bridge",
        "headline": "Bridge at Orle to cost 12 million",
        "publisher": "The Orle Bell",
        "byline": "Mina Tarn",
        "published": "2026-03-02T08:00:00+00:00",
        "body": "The new bridge at Orle will cost 12 million crowns, Mayor Edda Holt said on Monday.\n\n"
        "“We have waited thirty years for it,” she said. “We can wait until autumn.”\n\n"
        "The old bridge was closed in January after divers found cracks in two piers.",
    },
    {
        "url": "https://post.example/bridge",
        "headline": "Engineers doubt the price of the Orle bridge",
        "publisher": "Northern Post",
        "byline": "Ivo Brandt",
        "published": "2026-03-05T10:00:00+00:00",
        "body": "The bridge at Orle will cost 15 million crowns, not 12, the engineers' chamber said on Thursday.\n\n"
        "Its president, Kaspar Lund, blamed the price of steel. Holt called the figure “a guess with a tie on”.",
    },
    {
        "url": "https://bell.example/library",
        "headline": "Library stays open on Sundays",
        "publisher": "The Orle Bell",
        "byline": "Mina Tarn",
        "published": "2026-03-09T08:00:00+00:00",
        "body": "The town library in Orle will stay open on Sundays for another year, the council decided by 14 votes to 9.\n\n"
        "About 340 people come on a normal Sunday, librarian Ada Quist said.",
    },
]


def write_articles(folder: Path, articles: list[dict], name: str = "town.jsonl") -> Path:
    """A JSONL file of articles, as a newsroom would hand it over."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / name
    file.write_text("\n".join(json.dumps(article, ensure_ascii=False) for article in articles), encoding="utf-8")
    return file


@pytest.fixture
def town(tmp_path: Path) -> Path:
    """An archive of three short articles in ``tmp_path``, embedded by word hashes."""
    ingest([write_articles(tmp_path / "news", TOWN)], tmp_path / "archive", embedder=WordHashEmbedder())
    return tmp_path / "archive"


@pytest.fixture
def searcher(town: Path):
    opened = Searcher.open(town)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def sample_archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample news, embedded by the bundled MiniLM: about 15 seconds, once for the whole run. Only read it."""
    folder = tmp_path_factory.mktemp("sample")
    report = ingest([ROOT / "ingest" / "sample" / "news"], folder)
    assert not report.quarantined, report.quarantined
    return folder


@pytest.fixture(scope="module")
def browser():
    """Chromium, for the files that have made sure of playwright."""
    from chat_browser import chromium

    with chromium() as opened:
        yield opened
