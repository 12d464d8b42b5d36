"""Composing: what a model has written so far -> sentences with citations and verdicts, false quotation marks taken off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from .answer import Answer, Sentence
from .citation import Citation
from .drafting import Drafted, Drafter
from .embedder import Embedder
from .entailment import Entailment
from .evidence import check
from .passage import Hit
from .prompt import is_own_words
from .quote_guard import guarded, guarded_draft
from .sent import Sent
from .sentences import Span, sentences
from .speaker import speaker_at
from .words import terms

_LOOK_BACK = 200  # characters in which the rules of the prompt may have begun


@dataclass(frozen=True, slots=True)
class Checks:
    """How hard a model's sentences are looked at: ``entails`` is asked last, where one is named; ``strict`` drops every
    sentence that does not hold, and shows no draft."""

    embedder: Embedder
    entails: Entailment | None = None
    strict: bool = False


class Composer:
    """Takes a model's text as it comes; each sentence is checked once, when it is finished."""

    def __init__(self, answer: Answer, sent: Sequence[Sent], checks: Checks) -> None:
        self._answer = answer
        self._sent = sent
        self._checks = checks
        self._drafter = Drafter()
        self._sentences: list[Sentence] = []
        self._dropped: list[Sentence] = []
        self._citations: list[Citation] = []
        self._removed = 0
        self._before = ""  # the end of what was written, also what is not shown

    def grown(self, written: str) -> Answer:
        """The answer with the next characters of the model."""
        return self._with(self._drafter.add(written), self._drafter.draft)

    def finished(self, broken_off: bool) -> Answer:
        return self._with(self._drafter.finish(broken_off), "")

    def _with(self, ready: list[Drafted], draft: str) -> Answer:
        # What repeats the rules of the prompt is an order that was obeyed, not news.
        for sentence in ready:
            if not is_own_words(sentence.text, self._before):
                self._take(sentence)
            self._before = (self._before + sentence.text)[-_LOOK_BACK:]
        return replace(
            self._answer,
            sentences=tuple(self._sentences),
            citations=tuple(self._citations),
            dropped=tuple(self._dropped),
            removed_citations=self._removed,
            draft=self._shown(draft),
        )

    def _shown(self, draft: str) -> str:
        if self._checks.strict or is_own_words(draft, self._before):
            return ""
        return guarded_draft(draft, [_evidence(sent) for sent in self._sent])

    def _take(self, sentence: Drafted) -> None:
        given = [n for n in sentence.numbers if 1 <= n <= len(self._sent)]
        self._removed += len(sentence.numbers) - len(given)
        known = len(self._citations)
        cited = [self._cite(sentence.text, self._sent[n - 1]) for n in given]
        verdict = check(sentence.text, cited, self._checks.embedder, self._checks.entails)
        text = guarded(sentence.text, [_evidence(self._sent[n - 1]) for n in given])
        checked = Sentence(text, tuple(citation.number for citation in cited), verdict)
        if self._checks.strict and not verdict.holds:
            del self._citations[known:]
            self._dropped.append(replace(checked, citations=()))
        else:
            self._sentences.append(checked)

    def _cite(self, text: str, sent: Sent) -> Citation:
        """The words that were sent and carry the sentence; one number for one quotation."""
        hit, span = sent.hit, _closest(text, sent)
        for known in self._citations:
            if known.passage.id == hit.passage.id and known.start == span.start:
                return known
        citation = _citation(len(self._citations) + 1, hit, span)
        self._citations.append(citation)
        return citation


def _evidence(sent: Sent) -> str:
    return f"{sent.hit.article.headline}\n\n{sent.hit.passage.text}"


def _closest(text: str, sent: Sent) -> Span:
    """The sentence of what was sent that shares most words with a text; the longer where two share as many."""
    body, wanted = sent.hit.article.body, set(terms(text))
    spans = sentences(body, sent.span)
    return max(spans, key=lambda span: (len(wanted & set(terms(span.of(body)))), len(span)))


def _citation(number: int, hit: Hit, span: Span) -> Citation:
    speaker = speaker_at(hit.article.body, span.start)
    return Citation(number, hit.article, hit.passage, span.start, span.end, speaker, hit.carried_by)


