"""Words between quotation marks that do not stand in the source."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ..citation import Citation
from ..sentences import Span
from ..words import tokens
from .denial import stands_in

_QUOTED = re.compile(r"[“\"«]([^“”\"«»]{2,})[”\"»]|(?<!\w)‘([^‘’]{2,}(?:’\w[^‘’]*)*)’(?!\w)")
_LEFT_OUT = re.compile(r"…|\.\.\.|\[[^\]]*\]")  # of a quotation: "we … go", "[the mayor] knew"


def quotations(text: str) -> list[Span]:
    """The stretches between quotation marks, without the marks."""
    return [Span(*match.span(1 if match[1] is not None else 2)) for match in _QUOTED.finditer(text)]


def wrong_quotations(text: str, citations: Sequence[Citation], passages: str) -> Iterator[str]:
    evidence = f"{passages}\n" + "\n".join(citation.article.headline for citation in citations)
    for quotation in (span.of(text) for span in quotations(text)):
        if not is_quoted(quotation, evidence):
            yield f"“{quotation[:60]}” is not quoted word for word"


def is_quoted(quotation: str, evidence: str) -> bool:
    """Whether it stands there word for word; "…" and what stands in square brackets are left out."""
    return all(stands_in(part, evidence) for part in _LEFT_OUT.split(quotation) if tokens(part))
