"""A model that lies over the sample news, sixty turns or (``make test-lies``) a thousand: no false citation is shown."""

from __future__ import annotations

import json
import os
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest
from answer_check import false_citations, left_over, stands_in
from conftest import ROOT
from lying_model import Lie, LyingModel
from mock_chat_server import MockChatServer

from rag.answer import Answer
from rag.archive import Archive
from rag.assistant import Assistant
from rag.llm import chat_model
from rag.search import Searcher

SEED = int(os.environ.get("DATELINE_SEED", "11"))
# Of the true sentences with one thing changed (c) so many may be shown as carried by their source, and of those with one
# thing exchanged for another of the same passage, or turned round (e): what the checks without a language model miss.
# Measured over 1,000 turns: 9 of 604, and 51 of 605. Of every other lie none may be shown.
MISSED_CHANGES = 0.05
MISSED_EXCHANGES = 0.15


@dataclass
class Seen:
    """What came of all turns."""

    turns: int = 0
    told: Counter[str] = field(default_factory=Counter)
    missed: list[str] = field(default_factory=list)
    false: list[str] = field(default_factory=list)
    honest_shown: int = 0

    def misses(self, sort: str) -> list[str]:
        return [line for line in self.missed if line.startswith(sort)]

    def rate(self, sort: str) -> float:
        return len(self.misses(sort)) / max(1, self.count(sort))

    def count(self, sort: str) -> int:
        return sum(n for kind, n in self.told.items() if kind.startswith(sort))

    def __str__(self) -> str:
        by_kind = Counter(line.split(" | ")[0] for line in self.missed)
        lines = [f"{kind}: {by_kind[kind]} of {n}" for kind, n in sorted(self.told.items())]
        return "\n".join([f"seed {SEED}, {self.turns} turns", *lines, *self.missed, *self.false])


def lied_to(archive: Path, turns: int) -> Seen:
    lines = (ROOT / "eval" / "data" / "sample_questions.jsonl").read_text("utf-8").splitlines()
    questions = [json.loads(line) for line in lines]
    questions = [q for q in questions if q["split"] == "tune" and q["gold"] and not q["history"]]
    searcher, model, seen = Searcher.open(archive), LyingModel(SEED), Seen(turns)
    stored = Archive.open(archive)
    with MockChatServer(model) as server:
        assistant = Assistant(searcher, chat_model("openai:mock", server.url), "openai:mock")
        for n in range(turns):
            question, before = questions[n % len(questions)], model.turns
            answer = assistant.ask(question["text"], asked_on=date.fromisoformat(question["asked_on"]))
            if model.turns > before:
                _weigh(seen, n, answer, model, stored)
    searcher.close()
    stored.close()
    return seen


def _weigh(seen: Seen, turn: int, answer: Answer, model: LyingModel, stored: Archive) -> None:
    seen.false += [f"turn {turn}: {fault}" for fault in false_citations(answer, model.sent, stored)]
    seen.false += [f"turn {turn}: {fault}" for fault in left_over(answer)]
    sentence, _ = model.honest
    seen.honest_shown += any(s.verdict.holds and stands_in(sentence, s.text) for s in answer.sentences)
    for lie in model.lies:
        seen.told[f"{lie.sort} {lie.kind}"] += 1
        if _is_believed(lie, answer):
            passage = " ".join(model.sent.get(lie.number, "").split())
            seen.missed.append(f"{lie.sort} {lie.kind} | turn {turn} | {lie.told} | {lie.changed} | {passage}")


def _is_believed(lie: Lie, answer: Answer) -> bool:
    """Whether a sentence cites for the lie (a), or is said to be carried by what it cites (c, d, e)."""
    shown = [s for s in answer.sentences if s.citations and lie.is_in(s.text)]
    return bool(shown) if lie.sort == "a" else lie.sort in "cde" and any(s.verdict.holds for s in shown)


@pytest.mark.parametrize("turns", [60, pytest.param(1_000, marks=[pytest.mark.lies, pytest.mark.timeout(1_800)])])
def test_no_false_citation_is_shown(sample_archive, turns):
    seen = lied_to(sample_archive, turns)
    assert not seen.false, seen
    assert not seen.misses("a") + seen.misses("b") + seen.misses("d"), seen
    few = 3 / max(1, seen.count("c"))  # of sixty turns' forty so many may be chance
    assert seen.rate("c") <= max(MISSED_CHANGES, few), seen
    assert seen.rate("e") <= MISSED_EXCHANGES, seen
    assert seen.honest_shown >= 0.95 * turns, seen
