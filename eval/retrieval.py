"""Is what a question needs among the passages that were found? Hits@k, MRR@10 and fact recall@10.

The rule is that of MultiHop-RAG (Tang and Yang 2024, `retrieval_evaluate.py`): a passage is relevant if it contains a
gold fact, spaces and newlines removed from both; questions without gold are left out by the caller. Fact recall@k is
ours: a question that needs facts from four articles is not answered by the first of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RetrievalScore:
    """One question's figures, each between 0 and 1."""

    hits_at_4: float
    hits_at_10: float
    mrr_at_10: float
    fact_recall_at_10: float


def score(passages: Sequence[str], facts: Sequence[str]) -> RetrievalScore:
    """The figures of the passages found for one question, best first; the question has at least one fact."""
    return RetrievalScore(
        hits_at(4, passages, facts),
        hits_at(10, passages, facts),
        reciprocal_rank(10, passages, facts),
        fact_recall_at(10, passages, facts),
    )


def hits_at(k: int, passages: Sequence[str], facts: Sequence[str]) -> float:
    """1 where one of the first k passages is relevant."""
    return float(any(relevances(passages[:k], facts)))


def reciprocal_rank(k: int, passages: Sequence[str], facts: Sequence[str]) -> float:
    """One over the rank of the first relevant passage, 0 where the first k hold none."""
    ranks = (rank for rank, relevant in enumerate(relevances(passages[:k], facts), start=1) if relevant)
    return 1 / next(ranks, float("inf"))


def fact_recall_at(k: int, passages: Sequence[str], facts: Sequence[str]) -> float:
    """The share of the facts (the same words count once) that the first k passages contain."""
    wanted = {_bare(fact) for fact in facts}
    held = [_bare(passage) for passage in passages[:k]]
    return sum(any(fact in passage for passage in held) for fact in wanted) / len(wanted)


def relevances(passages: Sequence[str], facts: Sequence[str]) -> list[bool]:
    """Which of the passages contain a fact."""
    wanted = [_bare(fact) for fact in facts]
    return [any(fact in passage for fact in wanted) for passage in map(_bare, passages)]


def _bare(text: str) -> str:
    return text.replace(" ", "").replace("\n", "")
