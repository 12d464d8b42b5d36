"""Neighbours: a passage widened to what stands around it, with its place in the text kept."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from .passage import Hit, Passage
from .sentences import Span
from .sentences import sentences as sentences_of


def widened(hit: Hit, sentences: int = 1, *, characters: int | None = None, across_paragraphs: bool = True) -> Hit:
    """The hit with so many sentences more on either side, or with the whole sentences that fit in so many characters.

    Its text is still ``article.body[start:end]``. It never leaves the article, nor the paragraphs that it stands in where
    ``across_paragraphs`` is off. A sentence that the passage had only a part of is the first to come.
    """
    body, passage = hit.article.body, hit.passage
    spans = sentences_of(body, _bounds(body, passage, across_paragraphs))
    before = [span.start for span in reversed(spans) if span.start < passage.start]
    after = [span.end for span in spans if span.end > passage.end]
    if characters is None:
        before, after = before[:sentences], after[:sentences]
    else:
        before = [start for start in before if start >= passage.start - characters]
        after = [end for end in after if end <= passage.end + characters]
    return _over(hit, Span(min(before, default=passage.start), max(after, default=passage.end)))


def merged(hits: Iterable[Hit]) -> list[Hit]:
    """Hits, best first, with those that overlap in one version of an article made one, in the place of the best."""
    kept: list[Hit] = []
    for hit in hits:
        touched = [other for other in kept if _overlap(other.passage, hit.passage)]
        if not touched:
            kept.append(hit)
            continue
        places = [other.passage for other in (*touched, hit)]
        whole = Span(min(place.start for place in places), max(place.end for place in places))
        kept[kept.index(touched[0])] = _over(touched[0], whole)
        kept = [other for other in kept if other not in touched[1:]]
    return kept


def _bounds(body: str, passage: Passage, across_paragraphs: bool) -> Span:
    """The stretch that it may grow into; paragraphs are parted by one empty line (see `rag.article.Article`)."""
    if across_paragraphs:
        return Span(0, len(body))
    start, end = body.rfind("\n\n", 0, passage.start), body.find("\n\n", passage.end)
    return Span(start + 2 if start >= 0 else 0, end if end >= 0 else len(body))


def _over(hit: Hit, span: Span) -> Hit:
    text = span.of(hit.article.body)
    return replace(hit, passage=replace(hit.passage, start=span.start, end=span.end, text=text))


def _overlap(one: Passage, other: Passage) -> bool:
    return one.revision == other.revision and one.start < other.end and other.start < one.end
