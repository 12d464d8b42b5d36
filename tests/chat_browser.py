"""A running app.py and a reader's page in headless Chromium, for the tests that look at the chat as a reader does."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest

pytest.importorskip("playwright")
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright  # noqa: E402

ROOT = Path(__file__).resolve().parents[1]
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
ARGUMENTS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()


@dataclass
class Server:
    """A running app.py."""

    address: str
    process: subprocess.Popen[str]
    ready_line: str

    @property
    def netloc(self) -> str:
        return urlsplit(self.address).netloc


@contextmanager
def serving(*arguments: str, **environment: str) -> Iterator[Server]:
    process = subprocess.Popen(
        [sys.executable, "app.py", "--port", "0", *arguments], cwd=ROOT, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=os.environ | environment,
    )  # fmt: skip
    try:
        assert process.stdout
        line = process.stdout.readline()
        found = re.search(r"http://\S+", line)
        assert found, f"app.py did not start: {line!r}"
        yield Server(found[0], process, line)
    finally:
        process.terminate()
        process.wait(20)


@contextmanager
def chromium() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("no chromium on the PATH: apt-get install chromium")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield opened
        opened.close()


@dataclass
class Tab:
    """One reader's page, and all that it asked for or complained about."""

    page: Page
    asked: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def ask(self, question: str) -> None:
        self.page.fill("#box textarea", question)
        self.page.press("#box textarea", "Enter")

    def answer(self, place: int = 0) -> str:
        """The text of an answer of this chat, once it is complete."""
        self.page.wait_for_selector(f"#board .bot-row >> nth={place} >> .dl-turn:not(.dl-waiting)")
        self.page.wait_for_selector("#box .submit-button")
        return self.page.locator("#board .bot-row").nth(place).inner_text()

    def new_chat(self) -> None:
        if self.page.locator(".dl-asked").count():
            self.page.click("#fresh")
        self.page.wait_for_selector("#board .example")

    def without_model(self) -> None:
        self.page.click("#model input")
        self.page.get_by_role("option", name="No model").click()


@contextmanager
def reading(browser: Browser, server: Server, *, model: str = "openai:slow", **settings) -> Iterator[Tab]:
    """A fresh profile; fails afterwards if the page asked anything but its own server, or complained."""
    context: BrowserContext = browser.new_context(**{"viewport": {"width": 1280, "height": 860}} | settings)
    tab = Tab(context.new_page())
    tab.page.set_default_timeout(15_000)
    tab.page.on("request", lambda request: tab.asked.append(request.url))
    tab.page.on("console", lambda said: tab.complaints.append(said.text) if _complains(said) else None)
    tab.page.on("pageerror", lambda error: tab.complaints.append(str(error)))
    tab.page.on("dialog", lambda dialog: tab.complaints.append(f"dialog: {dialog.message}"))
    tab.page.goto(server.address)
    tab.page.wait_for_selector("#board .example")
    assert eventually(lambda: tab.page.input_value("#model input") == model)  # the page is awake
    yield tab
    assert {urlsplit(url).netloc for url in tab.asked if not url.startswith("data:")} == {server.netloc}
    assert not tab.complaints, tab.complaints
    assert tab.page.evaluate("window.owned") is None
    context.close()


def _complains(said: ConsoleMessage) -> bool:
    # Gradio's client warns so whenever a file was uploaded: it closes a stream of progress that it never opened.
    return said.type in ("error", "warning") and said.text != "Method not implemented."


def eventually(holds, seconds: float = 10.0) -> bool:
    until = time.monotonic() + seconds
    while not holds() and time.monotonic() < until:
        time.sleep(0.05)
    return bool(holds())
