"""Ablation: the ranking without each of its parts in turn, over one archive, and what that costs.

A part is left out through public seams alone: its weight set to 0, or the question read without it. A new weight of
`rag.ranking.Weights` gets its row by being there; anything else is one more line of `variants`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields, replace

from rag.filter import Filter
from rag.neighbours import merged, widened
from rag.passage import Hit
from rag.question import Question
from rag.ranking import Weights
from rag.reranker import reranker_named
from rag.search import Searcher

from .benchmarks import Benchmark
from .compare import LEVEL, Compared, compare_all
from .figures import Cell, table
from .measures.measure import Measure
from .peers import PLACES, Haystack, dense_alone, lexical_alone
from .question import EvalQuestion, Split
from .question_files import questions_of
from .record import Run
from .run import Finder, Progress, evaluate, silent
from .scoring import MEASURES
from .summary import figure
from .workplace import Workplace

WHOLE = "the whole ranking"
_ASKED = ("mrr@10", "hits@4", "hits@10", "facts@10")


def run(
    benchmark: Benchmark,
    workplace: Workplace,
    half: Split | None = Split.TUNE,
    reranker: str = "",
    progress: Callable[[str], Progress] = lambda name: silent,
) -> list[Run]:
    """The whole ranking's run, then one without each part. Asked is what has an answer and follows no other question:
    those are all that tell of the ranking alone."""
    searcher = Searcher.open(workplace.archive(benchmark.archive, benchmark.news), workplace.kept)
    questions = [q for q in questions_of(benchmark.questions) if q.gold and not q.history and half in (None, q.split)]
    try:
        return [
            replace(evaluate(find, questions, name=name, progress=progress(name)), questions=benchmark.name)
            for name, find in variants(searcher, reranker)
        ]
    finally:
        searcher.close()


def variants(searcher: Searcher, reranker: str = "") -> Iterator[tuple[str, Finder]]:
    """Every way of ranking that is compared, by what is another than in the whole, which comes first."""
    yield WHOLE, _finder(searcher)
    if reranker:
        reread = (searcher.archive, searcher.embedder, searcher.indexes, searcher.weights, reranker_named(reranker))
        yield f"reranker {reranker}", _finder(Searcher(*reread))
    for name, weights in weights_without(searcher.weights):
        yield name, _finder(Searcher(searcher.archive, searcher.embedder, searcher.indexes, weights))
    yield "no clauses", _finder(searcher, read=lambda question: replace(question, clauses=()))
    # A story's share of 50 places is more than ten: among the first ten it then takes as many as it earns.
    yield "no share a story", _finder(searcher, k=5 * PLACES, show=lambda hits: hits[:PLACES])
    yield "neighbours = 1", _finder(searcher, show=lambda hits: merged(widened(hit) for hit in hits))
    for peer in (lexical_alone, dense_alone):
        alone = peer(Haystack(searcher, searcher.embedder))
        yield alone.name, alone.find


def weights_without(weights: Weights) -> Iterator[tuple[str, Weights]]:
    """Each weight set to 0 by turns."""
    for field in fields(weights):
        if getattr(weights, field.name):
            yield f"{field.name} = 0", replace(weights, **{field.name: 0})


def shown(runs: Sequence[Run]) -> str:
    """A line for each way of ranking: the means and, below the whole, the difference with its 95 % interval; a star where
    it is told apart after Holm's adjustment over the whole table."""
    measures = [measure for measure in MEASURES if measure.name in _ASKED]
    compared = {(c.other, c.measure.name): c for c in compare_all(runs, measures)}
    whole, *others = runs
    rows: list[list[Cell]] = [[whole.name, *(_mean(whole, measure) for measure in measures)]]
    rows += [[one.name, *(_cell(compared.get((one.name, measure.name))) for measure in measures)] for one in others]
    return table(["", *(measure.name for measure in measures)], rows)


def _finder(
    searcher: Searcher,
    read: Callable[[Question], Question] = lambda question: question,
    show: Callable[[list[Hit]], list[Hit]] = lambda hits: hits,
    k: int = PLACES,
) -> Finder:
    """``read`` changes how the question is understood, ``show`` what is made of the hits."""

    def find(asked: EvalQuestion):
        question = read(searcher.understand(asked.text, asked.asked_on))
        return [hit.to_document() for hit in show(searcher.search(question, k, Filter(as_of=asked.as_of)))]

    return find


def _mean(run: Run, measure: Measure) -> str:
    found = figure(run, measure)
    return f"{found.mean:.3f}" if found else "–"


def _cell(compared: Compared | None) -> str:
    if compared is None:
        return "–"
    found, star = compared.difference, "*" if compared.adjusted < LEVEL else ""
    return f"{found.mean_b:.3f}  {found.difference:+.3f} [{found.low:+.3f}, {found.high:+.3f}]{star}"
