"""Words between quotation marks that do not stand in the source."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ..citation import Citation
from ..words import tokens
from .denial import stands_in

_QUOTED = re.compile(r"[“\"«]([^“”\"«»]{2,})[”\"»]|(?<!\w)‘([^‘’]{2,}(?:’\w[^‘’]*)*)’(?!\w)")
_LEFT_OUT = re.compile(r"…|\.\.\.|\[[^\]]*\]")  # of a quotation: "we … go", "[the mayor] knew"


def wrong_quotations(text: str, citations: Sequence[Citation], passages: str) -> Iterator[str]:
    evidence = f"{passages}\n" + "\n".join(citation.article.headline for citation in citations)
    for match in _QUOTED.finditer(text):
        quotation = match[1] or match[2]
        if not all(stands_in(part, evidence) for part in _LEFT_OUT.split(quotation) if tokens(part)):
            yield f"“{quotation[:60]}” is not quoted word for word"
