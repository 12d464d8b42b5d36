"""MultiHop-RAG (Tang and Yang 2024): Dateline's retrieval beside the plain chain, measured in one run."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rag.search import Searcher

from . import reuters
from .baseline import Retriever, dateline, retrievers
from .figures import DATELINE, Cell, mean, percentile, table
from .question import EvalQuestion, Split, multihop_questions
from .retrieval import RetrievalScore, score
from .workplace import Workplace

ARTICLES = 104
REUTERS_STORIES = 619


@dataclass(frozen=True, slots=True)
class Retrieved:
    """What one retriever's ten passages were worth for one question, and how long it took to find them."""

    retriever: str
    articles: int
    question: EvalQuestion
    score: RetrievalScore
    seconds: float


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table."""

    retriever: str
    articles: int
    split: str
    n: int
    hits_at_4: float | None
    hits_at_10: float | None
    mrr_at_10: float | None
    fact_recall_at_10: float | None
    ms_p50: int | None
    ms_p95: int | None


def run(data: Path, workplace: Workplace, distractors: Sequence[Path] = (), baselines: bool = True) -> list[Retrieved]:
    """Dateline and the baselines over the articles alone, and once more among distractors if some are given."""
    corpus, questions = data / "corpus.json", multihop_questions(data / "questions.jsonl")
    retrieved = _among([corpus], "multihop", questions, workplace, baselines, ARTICLES)
    if distractors:
        others = [_as_news(source, workplace) for source in distractors]
        retrieved += _among([corpus, *others], "multihop-among-others", questions, workplace, baselines)
    return retrieved


def lines(retrieved: Iterable[Retrieved]) -> list[Line]:
    """Means by number of articles, retriever and half."""
    held = list(retrieved)
    groups = dict.fromkeys((r.articles, r.retriever) for r in held)
    return [
        _line(retriever, articles, split, [r for r in held if (r.articles, r.retriever) == (articles, retriever)])
        for articles, retriever in groups
        for split in (Split.TUNE, Split.REPORT, "all")
    ]


def shown(held: Sequence[Line]) -> str:
    headings = ("articles", "retriever", "split", "n", "Hits@4", "Hits@10", "MRR@10", "facts@10", "ms p50", "ms p95")
    return table(headings, (_cells(line) for line in held))


def to_json(held: Sequence[Line]) -> list[dict[str, Any]]:
    return [asdict(line) for line in held]


def _among(
    sources: Sequence[Path],
    name: str,
    questions: Sequence[EvalQuestion],
    workplace: Workplace,
    baselines: bool,
    articles: int | None = None,
) -> list[Retrieved]:
    directory, report = workplace.archive(name, sources)
    searcher = Searcher.open(directory, workplace.embedder)
    try:
        held = searcher.archive.counts()["articles"]
        if articles is not None and held != articles:
            raise SystemExit(f"The archive holds {held} articles, not {articles}: {report.to_json()}")
        compared = retrievers(searcher, workplace.kept) if baselines else {DATELINE: dateline(searcher)}
        return [found for label, retrieve in compared.items() for found in _asked(label, retrieve, held, questions)]
    finally:
        searcher.close()


def _asked(label: str, retrieve: Retriever, articles: int, questions: Sequence[EvalQuestion]) -> list[Retrieved]:
    """Asks every question that has an answer; the first is asked twice, so that no clock sees a cold start."""
    answerable = [question for question in questions if question.answerable]
    retrieve(answerable[0])
    found = []
    for question in answerable:
        begun = time.perf_counter()
        passages = retrieve(question)
        seconds = time.perf_counter() - begun
        found.append(Retrieved(label, articles, question, score(passages, question.facts), seconds))
    return found


def _line(retriever: str, articles: int, split: str, held: Sequence[Retrieved]) -> Line:
    held = [r for r in held if split in (r.question.split, "all")]
    return Line(
        retriever,
        articles,
        split,
        len(held),
        mean(r.score.hits_at_4 for r in held),
        mean(r.score.hits_at_10 for r in held),
        mean(r.score.mrr_at_10 for r in held),
        mean(r.score.fact_recall_at_10 for r in held),
        _milliseconds(percentile(0.5, (r.seconds for r in held))),
        _milliseconds(percentile(0.95, (r.seconds for r in held))),
    )


def _milliseconds(seconds: float | None) -> int | None:
    return None if seconds is None else round(1000 * seconds)


def _cells(line: Line) -> tuple[Cell, ...]:
    figures = (line.hits_at_4, line.hits_at_10, line.mrr_at_10, line.fact_recall_at_10, line.ms_p50, line.ms_p95)
    return (line.articles, line.retriever, line.split, line.n, *figures)


def _as_news(source: Path, workplace: Workplace) -> Path:
    """A distractor as something to ingest: the Reuters collection is drawn from, anything else is taken as it is."""
    if source.name != "reut2.tar.xz":
        return source
    return reuters.drawn(source, REUTERS_STORIES, workplace.directory / "reuters.jsonl")
