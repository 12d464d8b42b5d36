"""Splitter: Article -> Passages, on sentence ends, and across a paragraph only where both sides are short."""

from __future__ import annotations

from collections.abc import Iterator

from rag.article import Article
from rag.passage import Passage
from rag.sentences import Span, paragraphs, sentences

# Stored in the archive: passages cut by another version are cut anew by `repair`.
VERSION = "1"
# MiniLM reads 256 word pieces, about 1,100 characters of news; headline and credit take some of them.
TARGET = 1_000
LONGEST = 1_200


def split(article: Article) -> list[Passage]:
    """The passages of an article: in order, without overlap, every one a stretch of ``article.body``.

    A passage holds whole sentences up to about `TARGET` characters; only a single sentence longer than `LONGEST` is
    cut, at a space.
    """
    spans = _gathered(list(_pieces(article.body)), article.body)
    return [
        Passage(article.id, article.revision, position, span.start, span.end, span.of(article.body))
        for position, span in enumerate(spans)
    ]


def _pieces(body: str) -> Iterator[list[Span]]:
    """Each paragraph as its sentences; a sentence that is too long as its parts."""
    for paragraph in paragraphs(body):
        yield [part for sentence in sentences(body, paragraph) for part in _cut(body, sentence)]


def _cut(body: str, sentence: Span) -> Iterator[Span]:
    start = sentence.start
    while sentence.end - start > LONGEST:
        space = body.rfind(" ", start + 1, start + LONGEST)
        end = space if space > start else start + LONGEST
        yield Span(start, end)
        start = end + 1 if space > start else end
    if start < sentence.end:
        yield Span(start, sentence.end)


def _gathered(by_paragraph: list[list[Span]], body: str) -> list[Span]:
    gathered: list[Span] = []
    open_span: Span | None = None
    for pieces in by_paragraph:
        for position, piece in enumerate(pieces):
            if open_span and _joins(open_span, piece, new_paragraph=position == 0):
                open_span = Span(open_span.start, piece.end)
                continue
            if open_span:
                gathered.append(open_span)
            open_span = piece
    return gathered + [open_span] if open_span else gathered


def _joins(open_span: Span, piece: Span, new_paragraph: bool) -> bool:
    """News paragraphs are one or two sentences: short ones share a passage, a full one is not carried over."""
    length = piece.end - open_span.start
    return length <= TARGET or (not new_paragraph and length <= LONGEST and len(piece) < TARGET // 4)
