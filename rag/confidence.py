"""Confidence: how sure it is, from 0 to 1, that the sentences picked from the hits answer the question.

A logistic curve over what is best among them. It is fitted to questions that the archive answers and to others that it
does not (the tune halves of three sets; ``python -m eval fit``), each set and each kind with the same weight.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, fields

from .candidates import Candidate
from .expectation import Expectation, expected
from .passage import Hit
from .question import Question

# Kinds of words of which a sentence has them or not; a reason or a quotation can be told in any words.
_PLAIN_KINDS = frozenset(
    {Expectation.NUMBER, Expectation.MONEY, Expectation.PERSON, Expectation.PLACE, Expectation.DATE}
)
_FIFTH = 5


@dataclass(frozen=True, slots=True)
class Signs:
    """What tells whether the quotes answer. Of the quotes the best ``mean`` and ``least`` (see `rag.alignment`), the smallest
    share of ``strange`` names, and whether the one asked about has ``spoken``; the scores of the ``first`` and of the ``fifth``
    hit; what is ``missing`` of the expected kind of words; and what the ``last`` quote is worth."""

    mean: float
    least: float
    strange: float
    spoken: float
    first: float
    fifth: float
    missing: float
    last: float

    @classmethod
    def of(cls, question: Question, quotes: Sequence[Candidate], hits: Sequence[Hit], last: float) -> Signs:
        plain = expected(question.text) in _PLAIN_KINDS
        return cls(
            mean=max(quote.closely.mean for quote in quotes),
            least=max(quote.closely.least for quote in quotes),
            strange=min(quote.strange for quote in quotes),
            spoken=float(any(quote.spoken for quote in quotes)),
            first=hits[0].score,
            fifth=hits[min(_FIFTH, len(hits)) - 1].score,
            missing=plain * (1 - max(quote.fit for quote in quotes)),
            last=last,
        )


@dataclass(frozen=True, slots=True)
class ConfidenceWeights(Signs):
    """What each sign counts for, and where the curve begins."""

    bias: float = 0.0


WEIGHTS = ConfidenceWeights(
    mean=1.8, least=1.1, strange=-2.44, spoken=2.41, first=3.77, fifth=3.02, missing=-1.54, last=0.17, bias=-5.76
)


def confidence(signs: Signs, weights: ConfidenceWeights = WEIGHTS) -> float:
    told = sum(getattr(weights, sign.name) * getattr(signs, sign.name) for sign in fields(Signs))
    return 1 / (1 + math.exp(-max(-500.0, told + weights.bias)))
