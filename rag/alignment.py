"""Alignment: for each word of a question its nearest word in a sentence, by the vectors that the model gives the pieces.

A sentence resembles a question as a whole where they share a topic; it can answer only where every word of the question
has a counterpart in it or in the headline above it. This is the late interaction of ColBERT (Khattab and Zaharia 2020),
here with the embedding model as it is and words weighed by their rarity.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from .embedder import Embedder, Pieces
from .sentences import Span
from .words import STOP_WORDS, terms, tokens

_WORD = re.compile(r"[\w’'-]+")
_UNKNOWN = 3.0  # the weight of a word whose rarity nobody told


@dataclass(frozen=True, slots=True)
class Alignment:
    """Cosines, -1 to 1: ``whole`` of question and sentence, the ``mean`` over the question's words by their rarity, and the
    ``least``, the word that has the poorest counterpart."""

    whole: float
    mean: float
    least: float


NOTHING = Alignment(0.0, 0.0, 0.0)


def alignments(
    question: str, sentences: Sequence[tuple[str, str]], rarity: Mapping[str, float], embedder: Embedder
) -> list[Alignment]:
    """Of each sentence, given with the headline above it; ``rarity`` weighs the terms of the question."""
    if not sentences:
        return []
    asked, *read = embedder.pieces([question, *(f"{headline}\n{text}" for headline, text in sentences)])
    words = _asked_words(question, asked, rarity)
    shifts = (len(headline) + 1 for headline, _ in sentences)
    return [_aligned(asked, words, pieces, shift) for pieces, shift in zip(read, shifts, strict=True)]


@dataclass(frozen=True, slots=True)
class _Word:
    """The rows of its pieces, and what it weighs."""

    rows: np.ndarray
    weight: float


def _asked_words(question: str, asked: Pieces, rarity: Mapping[str, float]) -> list[_Word]:
    words = []
    for match in _WORD.finditer(question):
        if set(tokens(match[0])) <= STOP_WORDS:
            continue
        rows = np.flatnonzero(asked.within(Span(*match.span())))
        known = [rarity[term] for term in terms(match[0]) if term in rarity]
        if len(rows):
            words.append(_Word(rows, max(0.1, max(known, default=_UNKNOWN))))
    return words


def _aligned(asked: Pieces, words: Sequence[_Word], read: Pieces, shift: int) -> Alignment:
    inside = read.within(Span(shift, len(read.text)))
    if not words or not inside.any():
        return NOTHING
    cosines = asked.vectors @ read.vectors[inside].T
    best = cosines.max(axis=1)
    nearest = np.array([best[word.rows].mean() for word in words])
    weights = np.array([word.weight for word in words])
    whole = _unit(asked.vectors.mean(axis=0)) @ _unit(read.vectors[inside].mean(axis=0))
    return Alignment(float(whole), float(weights @ nearest / weights.sum()), float(nearest.min()))


def _unit(vector: np.ndarray) -> np.ndarray:
    return vector / max(float(np.linalg.norm(vector)), 1e-9)
