"""Sent: the passages as they go to a chat model, numbered from 1 in the order of the hits, within a budget."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from .drafting import MARK, NOT_SHOWN
from .passage import Hit
from .sentences import Span, sentences

# Of all passages with their heads: some 3,000 tokens of English, so that rules and answer fit beside them into the 4,096
# that Ollama gives a model unasked. Ten passages of news are 7,700 to 9,300 (the sample's questions).
BUDGET = 12_000  # characters
_LONGEST_PART = 200  # characters of a headline, a publisher or a correction


@dataclass(frozen=True, slots=True)
class Sent:
    """A hit, and the ``span`` of its article's body that was sent: the passage, or its first sentences."""

    hit: Hit
    span: Span

    @property
    def text(self) -> str:
        """The head (headline, publisher, day, kind; the day of a later version; what was corrected) and the words below."""
        return f"{_head(self.hit)}\n{unmarked(self.span.of(self.hit.article.body))}"


def fitted(hits: Sequence[Hit], budget: int = BUDGET) -> list[Sent]:
    """As many hits as fit into so many characters, from the first on; the last one may be cut at the end of a sentence.

    Those behind it are left out, so that the numbers stay those of the hits.
    """
    found: list[Sent] = []
    for hit in hits:
        span = _within(hit, budget - len(_head(hit)) - 1)
        if not len(span):
            break
        found.append(Sent(hit, span))
        budget -= len(found[-1].text)
        if span.end < hit.passage.end:
            break
    return found


def unmarked(text: str) -> str:
    """Without what a model would take for a mark ("[3]" becomes "(3)"), and without signs that no reader sees."""
    return MARK.sub(lambda match: f"({match[0][1:-1]})", NOT_SHOWN.sub("", text))


def _within(hit: Hit, room: int) -> Span:
    passage = hit.passage
    if len(passage.text) <= room:
        return Span(passage.start, passage.end)
    ends = [
        s.end for s in sentences(hit.article.body, Span(passage.start, passage.end)) if s.end - passage.start <= room
    ]
    return Span(passage.start, max(ends, default=passage.start))


def _head(hit: Hit) -> str:
    article = hit.article
    told = [article.publisher or "publisher unknown", article.published[:10] or "date unknown", article.kind.value]
    if article.updated != article.published:
        told.append(f"version of {article.updated[:10]}")
    if article.correction:
        told.append(f"corrected: {article.correction}")
    headline, *rest = (re.sub(r"\s+", " ", unmarked(part))[:_LONGEST_PART] for part in (article.headline, *told))
    return f"{headline} ({'; '.join(rest)})"
