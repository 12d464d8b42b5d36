"""The chat as a reader has it: a real server, a real browser, a small archive. Nothing but the loopback is ever asked."""

from __future__ import annotations

import http.client
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import TOWN, write_articles
from mock_chat_server import MockChatServer, Reply

import app
from ingest import ingest
from rag.embedder import WordHashEmbedder
from rag.errors import WrongUse
from rag.page.desk import chosen_filter

pytest.importorskip("playwright")
from chat_browser import Server, Tab, eventually, reading, serving  # noqa: E402
from playwright.sync_api import Browser, Page  # noqa: E402

COST = "How much will the new bridge at Orle cost?"
OFF = "Who won the chess title in Reykjavik in 1972?"
HOSTILE = {
    "url": "https://evil.example/ferry",
    "headline": "Ferry &lt;script&gt;window.owned=1&lt;/script&gt; &lt;img src=x onerror=window.owned=2&gt; sinks",
    "publisher": "Coast &lt;b onmouseover=alert(1)&gt; Echo",
    "byline": '"><svg onload=window.owned=3>',
    "published": "2026-03-11T08:00:00+00:00",
    "body": "The ferry Marlin sank with 40 goats aboard, &lt;img src=https://evil.example/p.png onerror=window.owned=4&gt; "
    "${window.owned=5} ![x](https://evil.example/q.png) the coast guard said.",
}  # fmt: skip


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("chat")
    ingest([write_articles(folder / "news", [*TOWN, HOSTILE])], folder / "archive", embedder=WordHashEmbedder())
    return folder / "archive"


@pytest.fixture(scope="module")
def slow_model() -> Iterator[MockChatServer]:
    """Ten minutes of an answer, unless the reader stops it."""
    with MockChatServer(Reply("The bridge at Orle will cost 12 million crowns. [1] " * 200, between=0.1)) as server:
        yield server


@pytest.fixture(scope="module")
def server(archive: Path, slow_model: MockChatServer) -> Iterator[Server]:
    with serving("--archive", str(archive), "--model", "openai:slow", "--base-url", slow_model.url) as running:
        yield running


@pytest.fixture(scope="module")
def first_reader(browser: Browser, server: Server) -> Iterator[Tab]:
    with reading(browser, server) as opened:
        opened.without_model()
        yield opened


@pytest.fixture
def tab(first_reader: Tab) -> Tab:
    """A new chat in a page that is open already, without a model."""
    first_reader.new_chat()
    return first_reader


def in_view(page: Page, selector: str) -> bool:
    """Whether an element stands in the window, above the line to ask in."""
    return page.evaluate(
        "s => { const r = document.querySelector(s).getBoundingClientRect();"
        "const line = document.querySelector('#composer').getBoundingClientRect().top;"
        "return r.height > 0 && r.top >= 0 && r.top < line && r.left >= 0 && r.right <= innerWidth; }",
        selector,
    )


def test_the_ready_line_names_the_address_and_what_is_held(server: Server):
    assert re.fullmatch(
        r"Dateline is ready at http://127\.0\.0\.1:\d+ — 4 articles, 2 March to 11 March 2026\n", server.ready_line
    )


def test_a_citation_leads_to_the_marked_words(tab: Tab):
    tab.ask(COST)
    assert "12 million crowns" in tab.answer()
    tab.page.locator("#board details.dl-source").first.evaluate("card => card.removeAttribute('open')")
    tab.page.click("#board a.dl-cite >> nth=0")
    tab.page.wait_for_selector("#a1-s1[open].dl-found mark")
    tab.page.wait_for_timeout(700)  # the page scrolls there smoothly
    assert in_view(tab.page, "#a1-s1 mark")
    assert "12 million crowns" in tab.page.inner_text("#a1-s1 mark")
    assert tab.page.evaluate("document.activeElement.id") == "a1-s1"


def test_a_citation_works_by_keyboard(tab: Tab):
    tab.ask(COST)
    tab.answer()
    tab.page.focus("#board a.dl-cite >> nth=0")
    tab.page.keyboard.press("Enter")
    tab.page.wait_for_selector("#a1-s1.dl-found")
    assert tab.page.evaluate("document.activeElement.id") == "a1-s1"


def test_a_refusal_shows_the_nearest_coverage(tab: Tab):
    tab.ask(OFF)
    said = tab.answer()
    assert "The archive does not say." in said
    assert "It covers 2 March 2026 to 11 March 2026." in said
    assert "NOT AN ANSWER" in said.upper()
    assert tab.page.locator(".dl-near").count() >= 1


def test_a_suggestion_asks_at_one_click_and_a_new_chat_clears(tab: Tab):
    suggestion = tab.page.locator("#board .example").last
    question = suggestion.inner_text()
    suggestion.click()
    tab.answer()
    assert tab.page.inner_text(".dl-asked") == question
    tab.new_chat()
    assert tab.page.locator(".dl-asked").count() == 0


def test_a_follow_up_says_what_was_searched_for_and_both_answers_keep_their_sources(tab: Tab):
    tab.ask("What did Edda Holt say about the bridge at Orle?")
    tab.answer()
    tab.ask("And what did she say about autumn?")
    assert "Searched for: What did Edda Holt say about autumn?" in tab.answer(1)
    assert tab.page.locator("#a1-s1").count() == 1


def test_filters_narrow_the_archive_and_a_wrong_one_is_told_calmly(browser: Browser, server: Server):
    with reading(browser, server) as tab:
        tab.without_model()
        tab.page.click("#filters button")
        days = tab.page.locator("#filters .day input[type=date]")
        days.nth(1).wait_for()  # the filters unfold in their own time
        first, last = days.all()[:2]
        first.fill("2026-03-03")
        last.fill("2026-03-01")
        tab.ask(COST)
        assert "The filter ends before it begins" in tab.answer()
        last.fill("")
        tab.ask(COST)
        assert "12 million crowns, Mayor" not in tab.answer(1)
        first.fill("")
        tab.page.click("#filters [aria-label=Publishers]")
        tab.page.get_by_role("option", name="Northern Post").click()
        tab.ask("How much will the bridge at Orle cost?")
        said = tab.answer(2)
        assert "15 million" in said
        assert "The Orle Bell" not in said


def test_hostile_articles_are_shown_as_words(tab: Tab):
    assert "<b onmouseover=alert(1)>" in tab.page.inner_text(".dl-publishers")
    tab.ask("How many goats were aboard the ferry Marlin when it sank?")
    said = tab.answer()
    assert "40 goats" in said
    assert "<script>window.owned=1</script>" in said
    assert "${window.owned=5} ![x](https://evil.example/q.png)" in said
    assert tab.page.locator("#board :is(img, script, svg[onload], b)").count() == 0


def test_a_hostile_question_is_shown_as_words(tab: Tab):
    question = "<img src=x onerror=window.owned=6> ![](https://evil.example/x.png) <script>window.owned=7</script>?"
    tab.ask(question)
    tab.answer()
    assert tab.page.inner_text(".dl-asked") == question


def test_stop_ends_the_answer_and_the_call_to_the_model(browser: Browser, server: Server, slow_model: MockChatServer):
    with reading(browser, server) as tab:
        tab.ask(COST)
        tab.page.wait_for_selector(".dl-sentence:not(.dl-draft)")
        before = slow_model.hung_up
        tab.page.click("#box .stop-button")
        tab.page.wait_for_selector(".dl-stopped")
        assert "12 million crowns" in tab.answer()
        assert eventually(lambda: slow_model.hung_up > before)
        tab.without_model()
        tab.ask(COST)
        tab.page.wait_for_selector("#a2-s1")


def test_a_reader_who_leaves_ends_the_call_to_the_model(browser: Browser, server: Server, slow_model: MockChatServer):
    with reading(browser, server) as tab:
        tab.ask(COST)
        tab.page.wait_for_selector(".dl-sentence")
    assert eventually(lambda: slow_model.open == 0)


def test_two_readers_do_not_see_each_other(browser: Browser, server: Server, tab: Tab):
    with reading(browser, server) as other:
        other.without_model()
        tab.ask("Is the canary word ZAUNKOENIG in the archive?")
        other.ask(COST)
        assert "12 million" in other.answer()
        assert "ZAUNKOENIG" in tab.page.inner_text("#board") and tab.answer()
        assert "ZAUNKOENIG" not in other.page.content()
        assert "How much" not in tab.page.inner_text("#board")


def test_a_phone_has_no_sideways_scroll_and_its_citations_work(browser: Browser, server: Server):
    phone = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True, "color_scheme": "dark"}
    with reading(browser, server, **phone) as tab:
        tab.without_model()
        tab.ask(COST)
        tab.answer()
        assert tab.page.evaluate("document.documentElement.scrollWidth") <= 390
        tab.page.tap("#board a.dl-cite >> nth=0")
        tab.page.wait_for_timeout(900)
        assert in_view(tab.page, "#a1-s1 mark")
        ground = tab.page.evaluate("getComputedStyle(document.querySelector('.gradio-container')).backgroundColor")
        assert ground == "rgb(23, 24, 26)"


@pytest.mark.parametrize("text", ["soon", "2026-03-31xyz", "2026-02-30"])
def test_a_day_that_is_none_is_told(text):
    with pytest.raises(WrongUse, match=f"“{text}” in From is no day: write it as 2026-03-31."):
        chosen_filter([], text, "")


# -- the server, without a browser ----------------------------------------------------------------------------------


def called(server: Server, method: str = "GET", path: str = "/", **headers: str) -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection(server.netloc, timeout=10)
    connection.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    reply = connection.getresponse()
    reply.body = reply.read().decode()  # type: ignore[attr-defined]
    connection.close()
    return reply


def test_the_policy_allows_no_foreign_or_inline_script(server: Server):
    reply = called(server)
    policy = reply.headers["content-security-policy"]
    scripts = next(part for part in policy.split("; ") if part.startswith("script-src"))
    nonce = re.fullmatch(r"script-src 'self' 'nonce-([\w-]{20,})'", scripts)
    assert nonce
    assert "http" not in policy.replace("https://", "")
    assert f'<script nonce="{nonce[1]}"' in reply.body
    assert nonce[1] not in called(server).body
    assert reply.headers["x-content-type-options"] == "nosniff"
    assert reply.headers["referrer-policy"] == "no-referrer"
    assert "githubusercontent" not in reply.body


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"}, {"Host": "evil.example:7860"}, {"Host": "127.0.0.1.evil.example"}, {"Host": ""},
        {"Host": "127.0.0.1@evil.example"}, {"Origin": "https://evil.example"}, {"Origin": "null"},
        {"Origin": "http://localhost:3000"},
    ],
)  # fmt: skip
def test_another_site_is_refused(server: Server, headers: dict[str, str]):
    assert called(server, **headers).status == 403
    assert called(server, "POST", "/gradio_api/queue/join", **headers).status == 403


@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/info", "/gradio_api/file=/etc/passwd", "/gradio_api/proxy=http://evil.example/",
        "/docs", "/openapi.json", "/monitoring", "/gradio_api/mcp/", "/gradio_api/component_server", "/runs",
        "/dateline/../app.py", "/static/..%2f..%2fconfig", "/gradio_api/stream/x", "/gradio_api/call/ask",
    ],
)  # fmt: skip
def test_roads_that_the_chat_does_not_need_are_shut(server: Server, path: str):
    assert called(server, path=path).status == 404


@pytest.mark.parametrize(
    ("arguments", "cure"),
    [
        (["--archive", "/nowhere/at/all", "--port", "0"], "python -m ingest"),
        (["--port", "99999"], "--port"),
        (["--port", "many"], "--help"),
        (["--host", "0.0.0.0"], "DATELINE_PASSWORD"),
        (["--host", "127.0.0.1.evil.example"], "DATELINE_PASSWORD"),
        (["--base-url", "http://127.0.0.1:9/v1"], "--model"),
        (["--colour"], "--help"),
    ],
)
def test_wrong_use_is_one_line_with_its_cure(arguments: list[str], cure: str, monkeypatch, capsys):
    monkeypatch.delenv("DATELINE_PASSWORD", raising=False)
    assert cure in told(arguments, capsys)


def test_a_port_that_is_taken_is_told(server: Server, archive: Path, capsys):
    assert "--port" in told(["--archive", str(archive), "--port", server.netloc.partition(":")[2]], capsys)


def test_an_empty_archive_is_told(tmp_path: Path, capsys):
    ingest([], tmp_path, embedder=WordHashEmbedder())
    assert "python -m ingest" in told(["--archive", str(tmp_path), "--port", "0"], capsys)


def told(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    """The one line with which the app ends, with exit code 2."""
    try:
        code = app.main(arguments)
    except SystemExit as ended:
        code = ended.code
    assert code == 2
    line = capsys.readouterr().err
    assert line.count("\n") == 1
    return line
