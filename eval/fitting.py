"""Fitting: the weights of quoting and of its confidence, from the tune halves alone.

``python -m eval fit`` prints them as they stand in rag/quoting.py and rag/confidence.py, with what they reach on questions
that they were not fitted to (five folds). Sentences are fitted listwise (Cao et al. 2007: the likelihood of the gold
sentences among all of a question), the confidence by logistic regression; both with a ridge.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields

import numpy as np
from scipy.optimize import minimize

from rag.confidence import Signs
from rag.filter import Filter
from rag.followup import Turn, stand_alone
from rag.quoting import MOST_SENTENCES, QuotingWeights, traits, weighed_closely
from rag.search import Searcher
from rag.words import terms

from .benchmarks import Benchmark
from .measures.answers import gold_quoted
from .question import EvalQuestion, Split
from .question_files import questions_of
from .run import Progress, silent
from .workplace import Workplace

_RIDGE = 0.003
_SURE_RIDGE = 0.01
_REFUSED = 0.04  # of what the first benchmark, that of news, can answer
_FOLDS = 5
_TRAITS = tuple(field.name for field in fields(QuotingWeights))
_SIGNS = tuple(field.name for field in fields(Signs))


@dataclass(frozen=True, slots=True)
class Asked:
    """One question: the traits of its closely read sentences, shape (sentences, traits), which of them are ``gold``, and the
    signs of their best three."""

    benchmark: str
    answerable: bool
    traits: np.ndarray
    gold: np.ndarray
    signs: np.ndarray


@dataclass(frozen=True, slots=True)
class Fitted:
    """The weights, what they reach in folds: by benchmark the share of questions whose gold is among the best three, how
    often a question that can be answered seems surer than one that cannot (AUROC), and the ``bias`` at which `_REFUSED` of
    those that can be answered would be refused."""

    quoting: dict[str, float]
    confidence: dict[str, float]
    bias: float
    quoted: dict[str, float]
    auroc: dict[str, float]


def collected(
    benchmarks: Sequence[Benchmark], workplace: Workplace, progress: Callable[[str], Progress] = lambda name: silent
) -> list[Asked]:
    """The tune halves, follow-ups made to stand alone by rule."""
    return [asked for benchmark in benchmarks for asked in _collected(benchmark, workplace, progress(benchmark.name))]


def fitted(asked: Sequence[Asked]) -> Fitted:
    rows = [one for one in asked if one.gold.any()]
    weights = _listwise(rows)
    sure, bias = _logistic(asked)
    return Fitted(
        quoting=dict(zip(_TRAITS, weights.round(2).tolist(), strict=True)),
        confidence=dict(zip(_SIGNS, sure.round(2).tolist(), strict=True)),
        bias=round(bias, 2),
        quoted=_by_benchmark(rows, _in_folds(rows, _quoted_by)),
        auroc=_aurocs(asked, _in_folds(list(asked), _sureness_by)),
    )


def shown(found: Fitted) -> str:
    """The weights by their names, then a line for each benchmark."""
    lines = [f"{name} = {value}" for name, value in (*found.quoting.items(), *found.confidence.items())]
    reached = [f"{name}: gold among three {found.quoted[name]}, AUROC {found.auroc[name]}" for name in found.quoted]
    return "\n".join([*lines, f"bias = {found.bias}", "", *reached])


def _collected(benchmark: Benchmark, workplace: Workplace, progress: Progress) -> Iterator[Asked]:
    searcher = Searcher.open(workplace.archive(benchmark.archive, benchmark.news), workplace.kept)
    questions = [question for question in questions_of(benchmark.questions) if question.split is Split.TUNE]
    try:
        for done, question in enumerate(questions, start=1):
            if asked := _asked(benchmark.name, question, searcher):
                yield asked
            progress(done, len(questions))
    finally:
        searcher.close()


def _asked(benchmark: str, question: EvalQuestion, searcher: Searcher) -> Asked | None:
    turns = [Turn(text) for text in question.history]
    understood = searcher.understand(stand_alone(question.text, turns), question.asked_on)
    hits = searcher.search(understood, 10, Filter(as_of=question.as_of)) if terms(understood.text) else []
    weighed = weighed_closely(understood, hits, searcher)
    if not weighed:
        return None
    best = weighed[:MOST_SENTENCES]
    signs = Signs.of(understood, [one.candidate for one in best], hits, best[-1].worth)
    return Asked(
        benchmark=benchmark,
        answerable=question.answerable,
        traits=np.array([[traits(one.candidate)[name] for name in _TRAITS] for one in weighed]),
        gold=np.array([gold_quoted([one.candidate.text], question.facts) for one in weighed]),
        signs=np.array([getattr(signs, name) for name in _SIGNS], dtype=float),
    )


def _listwise(rows: Sequence[Asked]) -> np.ndarray:
    """Every benchmark counts the same, however many questions it has."""
    share = _shares([one.benchmark for one in rows])

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        total, slope = 0.0, np.zeros_like(weights)
        for one, counts in zip(rows, share, strict=True):
            worth = one.traits @ weights
            likely = np.exp(worth - worth.max())
            gold = np.where(one.gold, likely, 0.0)
            total -= counts * (np.log(gold.sum()) - np.log(likely.sum()))
            slope -= counts * (one.traits.T @ (gold / gold.sum() - likely / likely.sum()))
        return total + _RIDGE * weights @ weights, slope + 2 * _RIDGE * weights

    return minimize(loss, np.zeros(len(_TRAITS)), jac=True, method="L-BFGS-B").x


def _logistic(asked: Sequence[Asked]) -> tuple[np.ndarray, float]:
    """Every benchmark, and in it what can be answered and what cannot, counts the same."""
    signs, right = np.array([one.signs for one in asked]), np.array([float(one.answerable) for one in asked])
    middle, spread = signs.mean(axis=0), signs.std(axis=0) + 1e-9
    scaled, share = (signs - middle) / spread, _shares([(one.benchmark, one.answerable) for one in asked])

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        told = scaled @ weights[:-1] + weights[-1]
        chance = 1 / (1 + np.exp(-told))
        missed = share * (np.logaddexp(0, told) - right * told)
        slope = share * (chance - right)
        ridge = _SURE_RIDGE * weights[:-1]
        return missed.sum() + ridge @ weights[:-1], np.append(scaled.T @ slope + 2 * ridge, slope.sum())

    found = minimize(loss, np.zeros(len(_SIGNS) + 1), jac=True, method="L-BFGS-B").x
    weights = found[:-1] / spread
    told = signs @ weights
    return weights, -float(np.quantile(told[_is(asked, asked[0].benchmark)], _REFUSED))


def _is(asked: Sequence[Asked], name: str) -> np.ndarray:
    return np.array([one.benchmark == name and one.answerable for one in asked])


def _names(asked: Sequence[Asked]) -> list[str]:
    return list(dict.fromkeys(one.benchmark for one in asked))


def _shares(groups: Sequence[object]) -> np.ndarray:
    counts = {group: groups.count(group) for group in set(groups)}
    return np.array([1 / (len(counts) * counts[group]) for group in groups])


def _in_folds(asked: list[Asked], measured: Callable[[list[Asked], list[Asked]], list[float]]) -> np.ndarray:
    """Of every question what weights that were fitted to the other folds make of it."""
    found = np.zeros(len(asked))
    order = np.random.default_rng(7).permutation(len(asked))
    for n in range(_FOLDS):
        held = order[n::_FOLDS]
        others = [asked[m] for m in order if m not in set(held.tolist())]
        found[held] = measured(others, [asked[m] for m in held])
    return found


def _quoted_by(known: list[Asked], asked: list[Asked]) -> list[float]:
    weights = _listwise(known)
    return [float(one.gold[np.argsort(-(one.traits @ weights), kind="stable")[:MOST_SENTENCES]].any()) for one in asked]


def _sureness_by(known: list[Asked], asked: list[Asked]) -> list[float]:
    weights, _ = _logistic(known)
    return [float(one.signs @ weights) for one in asked]


def _by_benchmark(asked: Sequence[Asked], values: np.ndarray) -> dict[str, float]:
    return {
        name: round(float(np.mean([v for one, v in zip(asked, values, strict=True) if one.benchmark == name])), 3)
        for name in _names(asked)
    }


def _aurocs(asked: Sequence[Asked], values: np.ndarray) -> dict[str, float]:
    found = {}
    for name in _names(asked):
        known, unknown = (
            np.array(
                [v for one, v in zip(asked, values, strict=True) if one.benchmark == name and one.answerable is wanted]
            )
            for wanted in (True, False)
        )
        above = known[:, None] - unknown[None, :]
        found[name] = round(float((above > 0).mean() + (above == 0).mean() / 2), 3)
    return found
