"""Numbers of a sentence that its source does not hold."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ..citation import Citation
from ..quantity import Quantity, quantities, without_source
from .dates import DATE, resolved, spelt

_ONE = re.compile(r"\b(?:one|an?|single)\b", re.IGNORECASE)
_TWO = re.compile(r"\b(?:twice|both|double[ds]?|pair|couple)\b", re.IGNORECASE)


def wrong_numbers(text: str, citations: Sequence[Citation], passages: str) -> Iterator[str]:
    headlines = " ".join(f"{c.article.headline}\n{c.article.dateline}\n{c.article.correction}" for c in citations)
    for quantity in missing_numbers(text, f"{passages}\n{headlines}"):
        if not _is_year_of_publication(quantity, citations):
            yield f"{quantity.words} is not in the source"


def missing_numbers(text: str, evidence: str) -> list[Quantity]:
    held = quantities(evidence)
    if _ONE.search(evidence):
        held.append(Quantity("one", 1.0, "", False))
    if _TWO.search(evidence):
        held.append(Quantity("two", 2.0, "", False))
    return without_source(quantities(DATE.sub(" ", spelt(text))), held)


def _is_year_of_publication(quantity: Quantity, citations: Sequence[Citation]) -> bool:
    years = {day[:4] for citation in citations for day in (citation.article.published, *resolved(citation))}
    return quantity.words in years
