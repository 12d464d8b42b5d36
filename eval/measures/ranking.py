"""Figures of one ranked list, as trec_eval counts them: which of its places are relevant, and how many there are in all.

``relevances`` is best first, each thing listed once; ``relevant`` is the number of relevant things that could have been
found. With nothing relevant to find every figure is 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import log2

Relevances = Sequence[bool]


def hit(relevances: Relevances, k: int) -> float:
    """Success@k: 1 where one of the first k is relevant."""
    return float(any(relevances[:k]))


def reciprocal_rank(relevances: Relevances, k: int) -> float:
    """RR@k: one over the rank of the first that is relevant, 0 where none of the first k is."""
    return next((1 / rank for rank, is_relevant in _ranked(relevances, k) if is_relevant), 0.0)


def recall(relevances: Relevances, relevant: int, k: int) -> float:
    """R@k: the share of all relevant ones that stand among the first k."""
    return sum(relevances[:k]) / relevant if relevant else 0.0


def average_precision(relevances: Relevances, relevant: int, k: int) -> float:
    """AP@k (map_cut_k of trec_eval): the precisions at the relevant ranks up to k, summed, over *all* relevant ones."""
    ranks = [rank for rank, is_relevant in _ranked(relevances, k) if is_relevant]
    precisions = (found / rank for found, rank in enumerate(ranks, start=1))
    return sum(precisions) / relevant if relevant else 0.0


def ndcg(relevances: Relevances, relevant: int, k: int) -> float:
    """nDCG@k (Järvelin and Kekäläinen 2002) with gain 1 and discount log2(rank + 1), over that of the best list."""
    ideal = _gain([True] * min(relevant, k), k)
    return _gain(relevances, k) / ideal if ideal else 0.0


def _gain(relevances: Relevances, k: int) -> float:
    return sum(1 / log2(rank + 1) for rank, is_relevant in _ranked(relevances, k) if is_relevant)


def _ranked(relevances: Relevances, k: int) -> enumerate[bool]:
    return enumerate(relevances[:k], start=1)
