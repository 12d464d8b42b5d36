"""Is the answer right, and do its citations hold? Plain comparisons of text: no model judges another."""

from __future__ import annotations

from collections.abc import Sequence

from rag.answer import Answer
from rag.archive import Archive
from rag.citation import Citation
from rag.words import tokens

# Shorter stretches stand in too many sentences to say that two are the same.
_LEAST_SHARED = 25
_LONGEST_SHORT_ANSWER = 4
_NO_WORDS_OF_THE_NEWS = ("yes", "no", "both", "neither")


def gold_quoted(sentences: Sequence[str], facts: Sequence[str]) -> bool:
    """Whether one of the sentences is one of the facts, or one holds the other."""
    return any(says_the_same(sentence, fact) for sentence in sentences for fact in facts)


def says_the_same(sentence: str, fact: str) -> bool:
    """The same words, white space apart, or one of at least 25 characters within the other."""
    first, second = sorted((" ".join(sentence.split()), " ".join(fact.split())), key=len)
    return first == second or (len(first) >= _LEAST_SHARED and first in second)


def is_short(answer: str) -> bool:
    """Whether an answer is a name, a number, a day: something that the news itself would say in these words."""
    words = tokens(answer)
    return 0 < len(words) <= _LONGEST_SHORT_ANSWER and words[0] not in _NO_WORDS_OF_THE_NEWS


def answer_found(sentences: Sequence[str], answer: str) -> bool:
    """Whether the words of a short answer stand side by side in one of the sentences."""
    wanted = f" {' '.join(tokens(answer))} "
    return any(wanted in f" {' '.join(tokens(sentence))} " for sentence in sentences)


def broken_citations(answer: Answer, archive: Archive) -> int:
    """How many citations do not hold against the record; a quoted sentence that cites nothing counts as one."""
    uncited = sum(not sentence.citations for sentence in answer.sentences)
    quoted = [sentence.text for sentence in answer.sentences]
    return uncited + sum(not _holds(citation, quoted, archive) for citation in answer.citations)


def _holds(citation: Citation, quoted: Sequence[str], archive: Archive) -> bool:
    """The words that are shown are those of the current version in the archive at this place, inside the passage."""
    article = archive.article(citation.article.id)
    passage = citation.passage
    return (
        article is not None
        and passage.start <= citation.start < citation.end <= passage.end
        and article.body[passage.start : passage.end] == passage.text
        and article.body[citation.start : citation.end] == citation.quote
        and citation.quote in quoted
    )
