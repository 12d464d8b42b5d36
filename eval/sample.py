"""Our questions about the sample news, asked of the Assistant without any model: retrieval, quoting, refusals."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from rag.answer import Answer
from rag.assistant import Assistant
from rag.followup import Turn

from .answers import answer_found, broken_citations, gold_quoted, is_short
from .question import EvalQuestion
from .retrieval import RetrievalScore, score

SAMPLE_NEWS = Path(__file__).resolve().parents[1] / "ingest" / "sample" / "news"


@dataclass(frozen=True, slots=True)
class Asked:
    """One question with the answer that it got. ``found`` is whether a short answer stands in what was quoted, None
    where the answer is not short; ``retrieval`` is None where there is no answer to find."""

    question: EvalQuestion
    answer: Answer
    retrieval: RetrievalScore | None
    quoted: bool
    found: bool | None
    broken: int
    search_seconds: float
    quote_seconds: float

    @property
    def refused(self) -> bool:
        return self.answer.refused


def ask_all(assistant: Assistant, questions: Iterable[EvalQuestion]) -> list[Asked]:
    """Asks every question on its day, after the questions of its chat. The first is asked twice: a cold start is none
    of its time."""
    questions = list(questions)
    for question in questions[:1]:
        _ask(assistant, question)
    return [_ask(assistant, question) for question in questions]


def _ask(assistant: Assistant, question: EvalQuestion) -> Asked:
    turns: list[Turn] = []
    for earlier in question.history:
        before = assistant.ask(earlier, turns, asked_on=question.asked_on)
        turns.append(Turn(before.searched_for, before))
    begun = time.perf_counter()
    growing = assistant.stream(question.text, turns, asked_on=question.asked_on)
    answer = next(growing)  # the hits, before any sentence
    searched = time.perf_counter()
    *_, answer = answer, *growing
    return _asked(assistant, question, answer, searched - begun, time.perf_counter() - searched)


def _asked(assistant: Assistant, question: EvalQuestion, answer: Answer, search: float, quote: float) -> Asked:
    passages, quotes = [hit.passage.text for hit in answer.hits], [s.text for s in answer.sentences]
    return Asked(
        question,
        answer,
        retrieval=score(passages, question.facts) if question.answerable else None,
        quoted=gold_quoted(quotes, question.facts),
        found=answer_found(quotes, question.answer) if is_short(question.answer) else None,
        broken=broken_citations(answer, assistant.searcher.archive),
        search_seconds=search,
        quote_seconds=quote,
    )
