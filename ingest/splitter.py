"""Splitter: Article -> Passages: whole paragraphs, several where they are short, parts of one only where it is long."""

from __future__ import annotations

from collections.abc import Iterator

from rag.article import Article
from rag.passage import Passage
from rag.sentences import Span, paragraphs, sentences

# MiniLM reads 256 word pieces, about 1,100 characters of news; headline and credit take some of them.
TARGET = 1_000
LONGEST = 1_200


def split(article: Article) -> list[Passage]:
    """The passages of an article: in order, without overlap, every one a stretch of ``article.body``.

    Whole paragraphs share a passage up to `TARGET` characters. A paragraph is parted only if it is longer than
    `LONGEST`, then between sentences; a sentence only if it alone is longer, then at a space.
    """
    body = article.body
    pieces = [piece for paragraph in paragraphs(body) for piece in _pieces(body, paragraph)]
    return [
        Passage(article.id, article.revision, position, span.start, span.end, span.of(body))
        for position, span in enumerate(_joined(pieces, TARGET))
    ]


def _pieces(body: str, paragraph: Span) -> list[Span]:
    """A paragraph as it is, or its sentences gathered into stretches of at most `LONGEST`."""
    if len(paragraph) <= LONGEST:
        return [paragraph]
    return _joined([part for sentence in sentences(body, paragraph) for part in _cut(body, sentence)], LONGEST)


def _cut(body: str, sentence: Span) -> Iterator[Span]:
    start = sentence.start
    while sentence.end - start > LONGEST:
        space = body.rfind(" ", start + 1, start + LONGEST)
        end = space if space > start else start + LONGEST
        yield Span(start, end)
        start = end + 1 if space > start else end
    if start < sentence.end:
        yield Span(start, sentence.end)


def _joined(pieces: list[Span], longest: int) -> list[Span]:
    """Neighbours together as long as they stay within ``longest`` characters."""
    joined: list[Span] = []
    for piece in pieces:
        if joined and piece.end - joined[-1].start <= longest:
            joined[-1] = Span(joined[-1].start, piece.end)
        else:
            joined.append(piece)
    return joined
