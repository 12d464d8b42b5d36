"""Assistant: a question and the chat before it -> Answer, streamed, every sentence cited and checked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from .answer import Answer, Sentence, ShortAnswer, State, Verdict
from .candidates import Candidate
from .citation import Citation
from .drafting import Drafted, Drafter, one_line
from .embedder import Embedder
from .errors import ModelUnavailable
from .evidence import check
from .filter import Filter
from .followup import LONGEST_FOLLOWUP, Turn, stand_alone
from .llm import QUOTING, chat_model, say
from .passage import Hit
from .prompt import NO_ANSWER, OTHERWISE, answer_messages, is_own_words, rewrite_messages, says_no
from .question import Question
from .quoting import Selection, select
from .search import Searcher
from .sent import Sent, fitted
from .sentences import Span, sentences
from .sidebar import sidebar_of
from .speaker import speaker_at
from .words import terms

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

_HITS = 10
_NEAREST = 3
# Below this the hits have so little to do with the question that no model is asked.
_HOPELESS = 0.15
_LONGEST_QUESTION = 2_000
_REWRITING = 20.0  # seconds of silence for putting a question into other words: the rules can do it too
_QUOTED_INSTEAD = "Below, the archive is quoted instead."


class Assistant:
    """Answers from one archive; without a model it quotes. Several threads may ask at once."""

    def __init__(self, searcher: Searcher, model: BaseChatModel | None = None, model_name: str = QUOTING) -> None:
        self.searcher = searcher
        self._model = model
        self._model_name = model_name if model else QUOTING

    @classmethod
    def open(
        cls,
        directory: str | Path,
        model: str | None = None,
        *,
        base_url: str | None = None,
        embedder: Embedder | None = None,
    ) -> Assistant:
        """Opens an archive and, if one is named, a chat model. ArchiveNotFound, EmbedderMismatch, MissingExtra, WrongUse."""
        llm = chat_model(model, base_url)
        return cls(Searcher.open(directory, embedder), llm, model or QUOTING)

    @property
    def model_name(self) -> str:
        """The name under which the chat model was opened; "quoting" without one."""
        return self._model_name

    def close(self) -> None:
        self.searcher.close()

    def ask(
        self, question: str, history: Sequence[Turn] = (), *, asked_on: date | None = None, only: Filter = Filter()
    ) -> Answer:
        """The complete answer."""
        *_, last = self.stream(question, history, asked_on=asked_on, only=only)
        return last

    def stream(
        self, question: str, history: Sequence[Turn] = (), *, asked_on: date | None = None, only: Filter = Filter()
    ) -> Iterator[Answer]:
        """Answers that grow; the last is ``complete``. Never raises for a model that fails: the answer is then quoted.

        "Yesterday" counts from ``asked_on``, else from the day as of which it is asked, else from today.
        """
        text = self._stand_alone(question.strip()[:_LONGEST_QUESTION], history)
        asked = self.searcher.understand(text, asked_on or only.as_of)
        hits = self.searcher.search(asked, _HITS, only) if terms(text) else []
        answer = Answer(
            question=question, searched_for=text, hits=tuple(hits), model=self._model_name, as_of=only.as_of
        )
        yield answer
        for grown in self._answered(answer, asked, only):
            yield replace(grown, complete=False)  # the first words never wait for what stands beside them
            if grown.complete:
                yield replace(grown, sidebar=sidebar_of(asked, grown, self.searcher, only))

    def _answered(self, answer: Answer, asked: Question, only: Filter) -> Iterator[Answer]:
        selection = select(asked, answer.hits, self.searcher)
        answer = replace(answer, confidence=selection.confidence)
        if selection.denial:
            yield _denied(answer, selection.denial)
        elif self._model is None:
            yield from _quoted(answer, selection, self._span_line(only))
        elif selection.confidence < _HOPELESS:
            yield _refused(answer, self._span_line(only))
        else:
            yield from self._written(answer, asked, selection, only)

    def _stand_alone(self, question: str, history: Sequence[Turn]) -> str:
        by_rule = stand_alone(question, history)
        if not history or self._model is None:
            return by_rule
        try:
            rewritten = one_line("".join(say(self._model, rewrite_messages(question, history), _REWRITING)))
        except ModelUnavailable:  # the answer itself will say that the model is gone
            return by_rule
        rewritten = rewritten.strip('"“” ')
        fits = 0 < len(rewritten) <= LONGEST_FOLLOWUP and not is_own_words(rewritten)
        return rewritten if fits else by_rule

    def _written(self, answer: Answer, asked: Question, selection: Selection, only: Filter) -> Iterator[Answer]:
        """The model's answer, sentence by sentence as it is finished and checked.

        Of a model that breaks off the finished sentences stay; where it gave none that is cited, the archive is quoted.
        """
        assert self._model is not None
        sent, broken = fitted(answer.hits), ""
        composer = _Composer(answer, sent, self.searcher.embedder)
        try:
            for piece in say(self._model, answer_messages(asked.text, asked.asked_on.isoformat(), sent)):
                yield composer.grown(piece)
        except ModelUnavailable as error:
            broken = str(error)
        final = composer.finished(broken_off=bool(broken))
        if final.citations and (selection.answers or any(s.verdict.holds for s in final.sentences)):
            yield replace(final, notice=f"{broken} {_left_out(answer, sent)}".strip(), complete=True)
        elif says_no(final.text) and not broken:
            yield _refused(answer, self._span_line(only))
        else:
            notice = f"{broken or _worthless(final)} {_QUOTED_INSTEAD if selection.answers else ''}".strip()
            quoting = replace(answer, notice=notice, model=QUOTING, removed_citations=final.removed_citations)
            yield from _quoted(quoting, selection, self._span_line(only))

    def _span_line(self, only: Filter) -> str:
        first, last = self.searcher.archive.span(only.as_of or date.max)
        then = f" As it stood on {only.as_of}, it covers" if only.as_of else " It covers"
        covers = f"{then} {first[:10]} to {last[:10]}." if first else f"{then} nothing." if only.as_of else ""
        return covers + (" The filters are on: they may hide an answer." if replace(only, as_of=None) else "")


class _Composer:
    """Turns what a model has written so far into sentences with verdicts; each sentence is checked once."""

    def __init__(self, answer: Answer, sent: Sequence[Sent], embedder: Embedder) -> None:
        self._answer = answer
        self._sent = sent
        self._embedder = embedder
        self._drafter = Drafter()
        self._sentences: list[Sentence] = []
        self._citations: list[Citation] = []
        self._removed = 0
        self._before = ""  # all that was written, also what is not shown

    def grown(self, written: str) -> Answer:
        """The answer with the next characters of the model."""
        return self._with(self._drafter.add(written), self._drafter.draft)

    def finished(self, broken_off: bool) -> Answer:
        return self._with(self._drafter.finish(broken_off), "")

    def _with(self, ready: list[Drafted], draft: str) -> Answer:
        for sentence in ready:
            # What repeats the rules of the prompt is an order that was obeyed, not news.
            if not is_own_words(sentence.text, self._before):
                self._sentences.append(self._checked(sentence))
            self._before += sentence.text
        return replace(
            self._answer,
            sentences=tuple(self._sentences),
            citations=tuple(self._citations),
            removed_citations=self._removed,
            draft="" if is_own_words(draft, self._before) else draft,
        )

    def _checked(self, sentence: Drafted) -> Sentence:
        given = [n for n in sentence.numbers if 1 <= n <= len(self._sent)]
        self._removed += len(sentence.numbers) - len(given)
        cited = [self._cite(sentence.text, self._sent[n - 1]) for n in given]
        return Sentence(sentence.text, tuple(c.number for c in cited), check(sentence.text, cited, self._embedder))

    def _cite(self, text: str, sent: Sent) -> Citation:
        """The words that were sent and carry the sentence; one number for one quotation."""
        hit, span = sent.hit, _closest(text, sent)
        for known in self._citations:
            if known.passage.id == hit.passage.id and known.start == span.start:
                return known
        citation = _citation(len(self._citations) + 1, hit, span)
        self._citations.append(citation)
        return citation


def _worthless(answer: Answer) -> str:
    if answer.citations:
        return "Nothing that the model wrote is carried by what it cited."
    if answer.sentences:
        return "The model cited nothing that the archive holds."
    return "The model wrote nothing: ask again, or ask another model."


def _left_out(answer: Answer, sent: Sequence[Sent]) -> str:
    found, read = len(answer.hits), len(sent)
    return f"Of the {found} passages found, the model read the first {read}: the rest did not fit." if read < found else ""


def _closest(text: str, sent: Sent) -> Span:
    """The sentence of what was sent that shares most words with a text; the longer where two share as many."""
    body, wanted = sent.hit.article.body, set(terms(text))
    spans = sentences(body, sent.span)
    return max(spans, key=lambda span: (len(wanted & set(terms(span.of(body)))), len(span)))


def _citation(number: int, hit: Hit, span: Span) -> Citation:
    speaker = speaker_at(hit.article.body, span.start)
    return Citation(number, hit.article, hit.passage, span.start, span.end, speaker, hit.carried_by)


def _quoted(answer: Answer, selection: Selection, span_line: str) -> Iterator[Answer]:
    """The answer without a model, one sentence more at a time."""
    if not selection.answers:
        yield _refused(answer, span_line)
        return
    answer = replace(answer, short=_short(selection) if answer.question == answer.searched_for else None)
    for count in range(1, len(selection.quotes) + 1):
        yield _with_quotes(answer, selection.quotes[:count], complete=count == len(selection.quotes))


def _short(selection: Selection) -> ShortAnswer | None:
    if selection.short is None or selection.best is None:
        return None
    text = selection.short.of(selection.best.hit.article.body)
    return ShortAnswer(text, selection.quotes.index(selection.best) + 1, selection.short.start, selection.short.end)


def _denied(answer: Answer, denial: Candidate) -> Answer:
    """A false premise is named and not followed."""
    return replace(answer, refused=True, notice=OTHERWISE, premise=_citing(1, denial), complete=True)


def _citing(number: int, quote: Candidate) -> Citation:
    hit, span = quote.hit, quote.span
    return Citation(number, hit.article, hit.passage, span.start, span.end, quote.speaker, hit.carried_by)


def _with_quotes(answer: Answer, quotes: Sequence[Candidate], complete: bool) -> Answer:
    citations = tuple(_citing(number, quote) for number, quote in enumerate(quotes, start=1))
    quoted = tuple(Sentence(c.quote, (c.number,), Verdict(State.VERBATIM)) for c in citations)
    return replace(answer, sentences=quoted, citations=citations, complete=complete)


def _refused(answer: Answer, span_line: str) -> Answer:
    """ "The archive does not say", with the nearest coverage: one hit an article."""
    nearest = list({hit.article.id: hit for hit in reversed(answer.hits)}.values())[::-1][:_NEAREST]
    notice = f"{answer.notice} {NO_ANSWER}{span_line}".strip()
    return replace(answer, refused=True, notice=notice, nearest=tuple(nearest), complete=True)
