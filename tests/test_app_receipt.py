"""The receipt of an answer, downloaded from the chat in its three forms; nothing that was erased comes out of it."""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import TOWN, write_articles

from ingest import ingest
from rag.archive import Archive
from rag.embedder import WordHashEmbedder
from rag.receipt import Receipt
from rag.removal import erase

pytest.importorskip("playwright")
from chat_browser import Server, reading, serving  # noqa: E402
from playwright.sync_api import Browser  # noqa: E402

COST = "How much will the new bridge at Orle cost?"
NO_MODEL = "No model (verbatim quotes)"


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("receipt")
    ingest([write_articles(folder / "news", TOWN)], folder / "archive", embedder=WordHashEmbedder())
    return folder / "archive"


@pytest.fixture(scope="module")
def server(archive: Path) -> Iterator[Server]:
    with serving("--archive", str(archive)) as running:
        yield running


def test_three_forms_are_downloaded_until_an_article_is_erased(browser: Browser, server: Server, archive: Path):
    with reading(browser, server, model=NO_MODEL, accept_downloads=True) as tab:
        tab.ask(COST)
        tab.answer()
        links = tab.page.locator(".dl-receipt a")
        files, addresses = [], []
        for place in range(3):
            addresses.append(links.nth(place).evaluate("link => link.href"))
            with tab.page.expect_download() as started:
                links.nth(place).click()
            files.append((started.value.suggested_filename, Path(started.value.path()).read_text("utf-8")))
        assert [name for name, _ in files] == ["receipt.md", "receipt.html", "receipt.json"]
        receipt = Receipt.from_json(files[2][1])
        assert receipt.question == COST and all(receipt.digest in text for _, text in files)
        assert "<script" not in files[1][1]
        with urllib.request.urlopen(addresses[1]) as reply:
            told = {name.lower(): value for name, value in reply.headers.items()}
        assert (told["cache-control"], told["x-content-type-options"]) == ("no-store", "nosniff")
        assert "attachment" in told["content-disposition"]

    opened = Archive.open(archive)
    erase(opened, ids=[receipt.answer["citations"][0]["article_id"]], reason="test")
    opened.close()
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(addresses[2])
    assert refused.value.code == 410 and TOWN[0]["headline"] not in refused.value.read().decode()
