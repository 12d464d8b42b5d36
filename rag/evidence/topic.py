"""Topic: whether a sentence and what it cites speak of the same."""

from __future__ import annotations

from collections.abc import Sequence

from ..citation import Citation
from ..embedder import Embedder
from ..sentences import sentences
from ..words import terms

# Set on one half of the planted faults of the tests: a sentence speaks of the same where either holds.
_ENOUGH_WORDS = 0.6  # share of its terms that stand in the passage
_ENOUGH_MEANING, _SOME_WORDS = 0.5, 0.3  # cosine with a sentence of the passage, and at least so many terms


def speaks_of_the_same(text: str, citations: Sequence[Citation], embedder: Embedder) -> bool:
    wanted = set(terms(text))
    held = {term for citation in citations for term in terms(f"{citation.passage.text} {citation.article.headline}")}
    share = len(wanted & held) / len(wanted) if wanted else 1.0
    if share >= _ENOUGH_WORDS:
        return True
    if share < _SOME_WORDS:
        return False
    parts = [span.of(c.passage.text) for c in citations for span in sentences(c.passage.text)]
    vectors = embedder.vectors([text, *parts])
    return float((vectors[1:] @ vectors[0]).max()) >= _ENOUGH_MEANING
