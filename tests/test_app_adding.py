"""Adding articles from the page: pasted, dropped, by address; what is added can be asked about at once."""

from __future__ import annotations

import http.server
import threading
import zipfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from conftest import TOWN, write_articles

from ingest import ingest
from rag.embedder import embedder_named

pytest.importorskip("playwright")
from chat_browser import Server, Tab, reading, serving  # noqa: E402
from playwright.sync_api import Browser  # noqa: E402

PASTED = """Lighthouse at Skerry Point sold
A painter from Lund buys it for 310,000 crowns

By Tove Rask
3 March 2026

The lighthouse at Skerry Point was sold on Monday for 310,000 crowns to the painter Ines Hald, the harbour office said.

She will open a studio in it, and the lamp will go on burning, the office said.
"""
PAGE = """<html lang="en"><head><title>Tram line 4 opens</title>
<meta property="article:published_time" content="2026-03-20T08:00:00Z">
<meta property="og:site_name" content="Coast Echo"></head>
<body><article><h1>Tram line 4 opens</h1>
<p>The new tram line 4 in Lund was opened on Friday by transport minister Arne Falk, eleven months late.</p>
<p>It has nine stops and carried 6,200 passengers on its first day, the city said in a statement on Saturday.</p>
</article></body></html>"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("adding")
    ingest([write_articles(folder / "news", TOWN)], folder / "archive", embedder=embedder_named("minilm"))
    with serving("--archive", str(folder / "archive"), "--allow-private") as running:
        yield running


@pytest.fixture(scope="module")
def tab(browser: Browser, server: Server) -> Iterator[Tab]:
    with reading(browser, server, model="No model (verbatim quotes)") as opened:
        opened.page.click("#adding > button")
        opened.page.wait_for_selector("#pasted textarea")
        yield opened


def added(tab: Tab, words: str) -> str:
    tab.page.click("#add")
    tab.page.wait_for_selector(f"#added >> text={words}")
    return tab.page.inner_text("#added")


def asked(tab: Tab, question: str) -> str:
    tab.new_chat()
    tab.ask(question)
    return tab.answer()


def test_a_pasted_article_is_answered_from_at_once(tab: Tab):
    tab.page.fill("#pasted textarea", PASTED)
    assert "1 article added." in added(tab, "1 article added.")
    assert "310,000 crowns" in asked(tab, "For how much was the lighthouse at Skerry Point sold?")
    assert tab.page.input_value("#pasted textarea") == ""


def test_the_same_again_is_there_already(tab: Tab):
    tab.page.fill("#pasted textarea", PASTED)
    added(tab, "1 article there already")


def test_dropped_files_are_read_whatever_they_are(tab: Tab, tmp_path: Path):
    with zipfile.ZipFile(tmp_path / "news.zip", "w") as packed:
        packed.writestr("tram.html", PAGE)
    (tmp_path / "broken.json").write_text('{"headline": "<b>No body</b>"}')
    tab.page.set_input_files("#dropped input[type=file]", [tmp_path / "news.zip", tmp_path / "broken.json"])
    tab.page.wait_for_selector("#dropped >> text=broken")
    told = added(tab, "could not be read")
    assert "1 article added, 1 article could not be read" in told or "1 could not be read" in told
    assert "no body text" in told
    assert "6,200 passengers" in asked(tab, "How many passengers did tram line 4 carry on its first day?")


def test_an_address_is_fetched(tab: Tab, tmp_path: Path):
    (tmp_path / "tram5.html").write_text(PAGE.replace("line 4", "line 5").replace("6,200", "7,300"))
    handler = partial(http.server.SimpleHTTPRequestHandler, directory=tmp_path)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as site:
        threading.Thread(target=site.serve_forever, daemon=True).start()
        tab.page.fill("#pasted textarea", f"http://127.0.0.1:{site.server_port}/tram5.html")
        added(tab, "1 article added.")
        site.shutdown()
    assert "7,300 passengers" in asked(tab, "How many passengers did tram line 5 carry on its first day?")


def test_nothing_given_is_told_with_its_cure(tab: Tab):
    assert "paste an article or an address, or drop files" in added(tab, "nothing to add")


def test_readers_may_be_kept_from_adding(server: Server, browser: Browser, tmp_path: Path):
    ingest([write_articles(tmp_path / "news", TOWN)], tmp_path / "archive", embedder=embedder_named("minilm"))
    shut = serving("--archive", str(tmp_path / "archive"), "--no-adding")
    with shut as closed, reading(browser, closed, model="No model (verbatim quotes)") as reader:
        assert reader.page.locator("#adding").count() == 0
        assert reader.page.request.post(f"{closed.address}/gradio_api/upload").status == 404
