"""Two hundred questions off the sample archive, and a model that would answer anything: how many are refused."""

from __future__ import annotations

import json
from datetime import date
from itertools import product

import pytest
from answer_check import passages_sent
from conftest import ROOT
from mock_chat_server import MockChatServer, Reply

from rag.assistant import Assistant
from rag.llm import chat_model
from rag.search import Searcher
from rag.sentences import sentences

_MATTERS = (
    "the Sibelius violin contest in Helsinki", "the volcano Kelimutu in Indonesia", "the tennis final in Melbourne",
    "the price of cocoa in Ghana", "the comet Tsuchinshan", "the chess match in Reykjavik", "the dam of Itaipu",
    "the new opera in Buenos Aires", "the cholera vaccine in Dhaka", "the uranium mine at Rössing", "the Tour of Flanders",
    "the merger of two banks in Zurich", "the trial of the poet in Lima", "the bullet train to Lucknow",
    "the snow leopards of Bhutan", "the Lunar Gateway station", "the copper price in Santiago", "the salt tax in Mongolia",
    "the election in Paraguay", "the sumo tournament in Osaka",
)  # fmt: skip
_ASKED = (
    "Who was the first to speak about {}?", "How much money was lost over {}?", "When was {} first mentioned?",
    "Why did experts argue about {}?", "Where did the dispute over {} begin?", "What happened with {} last year?",
    "How many people were hurt because of {}?", "Which minister was responsible for {}?", "What did critics say about {}?",
    "Did anyone apologise for {}?",
)  # fmt: skip
INVENTED = "It was Nadia Brenko who did so in 1987, at a cost of 40,000 crowns [1]. Nine people were hurt [2]."
# Measured on this set, rounded down: of a model that invents all are refused; one that repeats a true sentence of the
# nearest passage is stopped only where the archive has nothing near.
REFUSED_INVENTING = 0.99
REFUSED_REPEATING = 0.9
WRONGLY_REFUSED = 0.05


def repeating(request) -> Reply:
    text = passages_sent(request)[1]
    return Reply(f"{sentences(text)[0].of(text)} [1]")


def refused(searcher: Searcher, script, asked: list[tuple[str, date]]) -> list[str]:
    """The questions that were refused."""
    with MockChatServer(script) as server:
        assistant = Assistant(searcher, chat_model("openai:mock", server.url), "openai:mock")
        return [text for text, day in asked if assistant.ask(text, asked_on=day).refused]


@pytest.fixture(scope="module")
def sample(sample_archive):
    searcher = Searcher.open(sample_archive)
    yield searcher
    searcher.close()


OFF = [(asked.format(matter), date(2026, 6, 30)) for asked, matter in product(_ASKED, _MATTERS)]


# All of them, or one in ten.
SOME = pytest.mark.parametrize("every", [10, pytest.param(1, marks=[pytest.mark.lies, pytest.mark.timeout(900)])])


@SOME
@pytest.mark.parametrize(("script", "least"), [(Reply(INVENTED), REFUSED_INVENTING), (repeating, REFUSED_REPEATING)])
def test_what_is_off_the_archive_is_refused(sample, script, least, every):
    asked = OFF[::every]
    found = refused(sample, script, asked)
    answered = [text for text, _ in asked if text not in found]
    assert len(asked) == 200 // every
    assert len(found) >= least * len(asked), f"{len(found)} of {len(asked)} refused; answered: {answered}"


@SOME
def test_and_what_the_archive_answers_is_not(sample, every):
    lines = (ROOT / "eval" / "data" / "sample_questions.jsonl").read_text("utf-8").splitlines()
    questions = [q for q in map(json.loads, lines) if q["split"] == "tune" and q["gold"] and not q["history"]][::every]
    asked = [(q["text"], date.fromisoformat(q["asked_on"])) for q in questions]
    found = refused(sample, repeating, asked)
    assert len(found) <= max(1, WRONGLY_REFUSED * len(asked)), f"{len(found)} of {len(asked)} wrongly refused: {found}"
