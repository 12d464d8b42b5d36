"""Right and Wrong under an answer, as a reader clicks and tabs through them; what was said lies in the archive's folder."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import TOWN, write_articles

from ingest import ingest
from rag.embedder import WordHashEmbedder
from rag.feedback import FILE, judgements_in

pytest.importorskip("playwright")
from chat_browser import Server, Tab, reading, serving  # noqa: E402
from playwright.sync_api import Browser, Locator  # noqa: E402

COST = "How much will the new bridge at Orle cost?"
OFF = "Who won the chess title in Reykjavik in 1972?"
NO_MODEL = "No model (verbatim quotes)"


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("feedback")
    ingest([write_articles(folder / "news", TOWN)], folder / "archive", embedder=WordHashEmbedder())
    return folder / "archive"


@pytest.fixture(scope="module")
def server(archive: Path) -> Iterator[Server]:
    with serving("--archive", str(archive)) as running:
        yield running


@pytest.fixture(scope="module")
def reader(browser: Browser, server: Server) -> Iterator[Tab]:
    with reading(browser, server, model=NO_MODEL) as opened:
        yield opened


@pytest.fixture
def tab(reader: Tab, archive: Path) -> Tab:
    """A new chat, and nothing said yet."""
    (archive / FILE).unlink(missing_ok=True)
    reader.new_chat()
    return reader


def asked(tab: Tab, question: str, place: int = 0) -> Locator:
    """The place to judge the answer."""
    tab.ask(question)
    tab.answer(place)
    return tab.page.locator("#board .bot-row").nth(place).locator(".dl-judge[data-drawn]")


def said(archive: Path) -> list[tuple[str, str, str]]:
    return [(j.question, j.verdict.value, j.comment) for j in judgements_in(archive)]


def pressed(judge: Locator) -> list[str | None]:
    return [judge.locator(f".dl-{name}").get_attribute("aria-pressed") for name in ("right", "wrong")]


def test_a_verdict_can_be_given_changed_and_taken_back(tab: Tab, archive: Path):
    judge = asked(tab, COST)
    assert pressed(judge) == ["false", "false"]
    judge.locator(".dl-right").click()
    judge.get_by_text("Noted as right.").wait_for()
    assert pressed(judge) == ["true", "false"] and not judge.locator(".dl-comment").is_visible()
    judge.locator(".dl-wrong").click()
    judge.get_by_text("Noted as wrong.").wait_for()
    assert pressed(judge) == ["false", "true"]
    judge.locator(".dl-comment").fill("15 million, say the engineers")
    judge.locator(".dl-keep").click()
    judge.get_by_text("with your words").wait_for()
    judge.locator(".dl-wrong").click()
    judge.get_by_text("Taken back.").wait_for()
    assert pressed(judge) == ["false", "false"]
    assert said(archive) == [
        (COST, "right", ""), (COST, "wrong", ""), (COST, "wrong", "15 million, say the engineers"), (COST, "none", ""),
    ]  # fmt: skip


def test_it_works_by_keyboard_and_says_what_it_is(tab: Tab, archive: Path):
    judge = asked(tab, COST)
    judge.locator(".dl-right").focus()
    tab.page.keyboard.press("Tab")
    focused = "document.activeElement.getAttribute('aria-label')"
    assert tab.page.evaluate(focused) == "Wrong: the answer is wrong"
    tab.page.keyboard.press("Space")
    judge.get_by_text("Noted as wrong.").wait_for()
    tab.page.keyboard.press("Tab")
    assert tab.page.evaluate(focused) == "What is wrong, or what is the right answer?"
    tab.page.keyboard.type("x" * 510)
    tab.page.keyboard.press("Enter")
    judge.get_by_text("with your words").wait_for()
    assert said(archive)[-1] == (COST, "wrong", "x" * 500)
    assert tab.page.get_by_role("group", name="Is this answer right?").count() == 1


def test_each_answer_has_its_own_and_keeps_it_when_the_next_comes(tab: Tab, archive: Path):
    first = asked(tab, COST)
    first.locator(".dl-wrong").click()
    first.get_by_text("Noted as wrong.").wait_for()
    second = asked(tab, OFF, 1)
    second.locator(".dl-right").click()
    second.get_by_text("Noted as right.").wait_for()
    assert (pressed(first), pressed(second)) == (["false", "true"], ["true", "false"])
    kept = judgements_in(archive)[-1]
    assert (kept.question, kept.history, kept.refused) == (OFF, (COST,), True)


def test_a_folder_that_cannot_be_written_is_told_and_the_chat_goes_on(tab: Tab, archive: Path):
    judge = asked(tab, COST)
    (archive / FILE).mkdir()
    try:
        judge.locator(".dl-right").click()
        judge.get_by_text("make it and the archive's folder writable").wait_for()
        assert pressed(judge) == ["false", "false"]
        assert "12 million" in (tab.ask(COST) or tab.answer(1))
    finally:
        (archive / FILE).rmdir()


def test_a_page_can_be_kept_from_asking(browser: Browser, archive: Path):
    with serving("--archive", str(archive), "--no-feedback") as quiet, reading(browser, quiet, model=NO_MODEL) as tab:
        tab.ask(COST)
        assert "12 million" in tab.answer()
        assert tab.page.locator(".dl-judge").count() == 0
        assert posted(quiet, b"{}") in (404, 405)


def posted(server: Server, body: bytes, **headers: str) -> int:
    connection = http.client.HTTPConnection(server.netloc, timeout=10)
    connection.request("POST", "/dateline/feedback", body, {"Content-Type": "application/json"} | headers)
    status = connection.getresponse().status
    connection.close()
    return status


def test_the_road_takes_little_and_nothing_of_another_site(server: Server):
    body = json.dumps({"answer": "0" * 16, "verdict": "right", "comment": ""}).encode()
    assert posted(server, body) == 200  # an answer that nobody has seen: told, not kept
    assert posted(server, body, Origin="https://evil.example") == 403
    assert posted(server, body + b" " * 10_000) == 413
    assert posted(server, b"{not json") == 422
