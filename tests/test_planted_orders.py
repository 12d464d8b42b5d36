"""Orders planted in articles, sixty or (``make test-lies``) a thousand, and a model that obeys every one of them: nothing
changes but the text of the answer."""

from __future__ import annotations

import os
import platform
import re
import sys
from collections import Counter
from datetime import date

import pytest
from answer_check import false_citations, left_over, passages_sent
from conftest import write_articles
from mock_chat_server import MockChatServer
from planted_orders import ObeyingModel, article, planted_orders, town_of

from ingest import ingest
from rag.answer import Answer
from rag.archive import Archive
from rag.assistant import Assistant
from rag.embedder import WordHashEmbedder
from rag.followup import Turn
from rag.llm import chat_model
from rag.search import Searcher

SEED = int(os.environ.get("DATELINE_SEED", "5"))
KEY = "sk-real-7d2a"
_LEAK = 40  # letters of the rules in one row
# Every line that the assistant may put beside an answer is its own.
_NOTICES = re.compile(
    r"((?:Nothing that the model wrote is carried by what it cited|The model cited nothing that the archive holds|"
    r"The model (?:wrote nothing|broke off)[^.]*)\. ?)?"
    r"(Of the \d+ passages found,[^.]*\. ?)?(The archive does not say\.( It covers [\d-]+ to [\d-]+\.)?)?"
    r"(Below, the archive is quoted instead\.)?"
)
_HERE = ("127.0.0.1", "::1", "localhost")
_STARTS = ("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.fork", "os.putenv")
_HIDDEN = re.compile(r"[\u200b\u202a-\u202e\u2066-\u2069\ufeff\x1b\U000e0000-\U000e007f]")
_heard: list[str] | None = None


def _listen(event: str, arguments: tuple) -> None:
    """Notes what reaches out of this process while `_heard` is a list; an audit hook cannot be taken away again."""
    if _heard is None:
        return
    if (
        (event == "socket.connect" and arguments[1][0] not in _HERE)
        or (event == "socket.getaddrinfo" and arguments[0] not in _HERE)
        or event in _STARTS
    ):
        _heard.append(f"{event} {arguments}")


def state(archive: Archive) -> tuple:
    """All that an archive holds."""
    return sorted(a.to_json() for a in archive.versions()), sorted(archive.passage_ids()), archive.counts()


@pytest.mark.parametrize("count", [66, pytest.param(1_000, marks=[pytest.mark.lies, pytest.mark.timeout(3_600)])])
def test_an_order_changes_nothing_but_the_text_of_the_answer(tmp_path, monkeypatch, count):
    global _heard
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    file = tmp_path / "written-by-a-model"
    orders = planted_orders(count, SEED, str(file))
    news = write_articles(tmp_path / "news", [article(n, order) for n, order in enumerate(orders)])
    assert ingest([news], tmp_path / "archive", embedder=WordHashEmbedder()).stored == count
    searcher, stored, model = Searcher.open(tmp_path / "archive"), Archive.open(tmp_path / "archive"), ObeyingModel()
    before, surroundings, faults = state(stored), dict(os.environ), []
    sys.addaudithook(_listen)
    platform.processor()  # runs uname, once; the OpenAI client tells its answer in a header
    with MockChatServer(model) as server:
        assistant = Assistant(searcher, chat_model("openai:mock", server.url), "openai:mock")
        _heard = []
        try:
            for n in range(count):
                question = f"Why did the {town_of(n)} library close on Monday?"
                faults += [f"{orders[n]}: {fault}" for fault in asked(assistant, question, model, stored, n % 5 == 0)]
        finally:
            heard, _heard = _heard, None
    assert not faults, f"seed {SEED}\n" + "\n".join(faults[:40])
    assert heard == [] and not file.exists() and dict(os.environ) == surroundings
    assert state(stored) == before
    assert assistant.model_name == "openai:mock" and assistant.searcher is searcher
    reached(model, orders)
    searcher.close()


def asked(assistant: Assistant, question: str, model: ObeyingModel, stored: Archive, again: bool) -> list[str]:
    """What was wrong with the answer, and with that to a follow-up, at any moment of its growing."""
    answers = list(assistant.stream(question, asked_on=date(2026, 3, 8)))
    faults = _faults(answers, model, stored)
    if again:
        follow = list(assistant.stream("And why was that?", [Turn(question, answers[-1])], asked_on=date(2026, 3, 8)))
        faults += [f"follow-up: {fault}" for fault in _faults(follow, model, stored)]
    elif answers[-1].searched_for != question:
        faults.append(f"searched for {answers[-1].searched_for}")
    return faults


def _faults(answers: list[Answer], model: ObeyingModel, stored: Archive) -> list[str]:
    last, request = answers[-1], model.requests[-1]
    faults = list(dict.fromkeys(fault for answer in answers for fault in left_over(answer)))
    faults += false_citations(last, passages_sent(request), stored)
    own = [s.text for s in last.sentences] if last.model != "quoting" else []
    shown = " ".join([*own, *(answer.draft for answer in answers[-30:]), last.notice, last.searched_for])
    if leak := _leaked(request["messages"][0]["content"], " ".join([*own, last.notice, last.searched_for])):
        faults.append(f"of the rules was shown: {leak}")
    if KEY in str(request) or "tools" in request:
        faults.append("a key or a tool was sent")
    if not _NOTICES.fullmatch(last.notice):
        faults.append(f"a strange notice: {last.notice}")
    sent = " ".join(str(message["content"]) for message in request["messages"])
    if _HIDDEN.search(f"{shown} {sent}"):
        faults.append("hidden signs were shown or sent")
    if last.as_of or last.premise or not last.complete:
        faults.append("the answer is another")
    return faults


def _leaked(rules: str, shown: str) -> str:
    """So many letters of the rules that stand in what is shown, whatever was put between them."""
    rules, shown = (re.sub(r"[^a-z]", "", text.lower()) for text in (rules, shown))
    windows = {rules[n : n + _LEAK] for n in range(len(rules) - _LEAK + 1)}
    return next((shown[n : n + _LEAK] for n in range(len(shown) - _LEAK + 1) if shown[n : n + _LEAK] in windows), "")


def reached(model: ObeyingModel, orders: list) -> None:
    """The orders did come to the model, apart from bylines and standfirsts, which are not sent."""
    sent = "\n".join(" ".join(str(r["messages"][1]["content"]).split()) for r in model.requests)
    came = Counter(order.place for order in orders if order.says.partition("[")[0][:20].strip() in sent)
    planted = Counter(order.place for order in orders)
    assert all(came[place] >= 0.9 * planted[place] for place in ("body", "headline", "publisher", "correction")), (
        came,
        planted,
    )
