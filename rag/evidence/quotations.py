"""Words between quotation marks that do not stand in the source."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ..citation import Citation
from ..quotation import quotations, stands_in
from ..words import tokens

_LEFT_OUT = re.compile(r"…|\.\.\.|\[[^\]]*\]")  # of a quotation: "we … go", "[the mayor] knew"


def wrong_quotations(text: str, citations: Sequence[Citation], passages: str) -> Iterator[str]:
    evidence = f"{passages}\n" + "\n".join(citation.article.headline for citation in citations)
    for quotation in (span.of(text) for span in quotations(text)):
        if not is_quoted(quotation, evidence):
            yield f"“{quotation[:60]}” is not quoted word for word"


def is_quoted(quotation: str, evidence: str) -> bool:
    """Whether it stands there word for word; "…" and what stands in square brackets are left out."""
    return all(stands_in(part, evidence) for part in _LEFT_OUT.split(quotation) if tokens(part))
