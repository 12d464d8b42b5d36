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
from .composing import Checks, Composer
from .drafting import one_line
from .embedder import Embedder
from .entailment import Entailment, nli
from .errors import ModelUnavailable
from .filter import Filter
from .followup import LONGEST_FOLLOWUP, Turn, stand_alone
from .llm import QUOTING, chat_model, say
from .prompt import NO_ANSWER, OTHERWISE, PERHAPS, answer_messages, is_own_words, rewrite_messages, says_no
from .question import Question
from .quoting import Selection, select
from .search import Searcher
from .sent import Sent, fitted
from .sidebar import sidebar_of
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

    def __init__(
        self,
        searcher: Searcher,
        model: BaseChatModel | None = None,
        model_name: str = QUOTING,
        *,
        entails: Entailment | None = None,
        strict: bool = False,
    ) -> None:
        self.searcher = searcher
        self._model = model
        self._model_name = model_name if model else QUOTING
        self._checks = Checks(searcher.embedder, entails, strict)

    @classmethod
    def open(
        cls,
        directory: str | Path,
        model: str | None = None,
        *,
        base_url: str | None = None,
        embedder: Embedder | None = None,
        entailment: str | None = None,
        strict: bool = False,
    ) -> Assistant:
        """Opens an archive and, if they are named, a chat model and a natural-language-inference model that checks it.

        ``strict`` leaves out each of its sentences that the archive does not carry. ArchiveNotFound, EmbedderMismatch,
        MissingExtra, WrongUse.
        """
        llm = chat_model(model, base_url)
        entails = nli(entailment) if entailment else None
        if entails:
            entails("It is so.", "It is so.")  # a wrong name is told now, not in the middle of an answer
        return cls(Searcher.open(directory, embedder), llm, model or QUOTING, entails=entails, strict=strict)

    def with_model(self, model: BaseChatModel | None, name: str) -> Assistant:
        """The same archive and checks with another chat model."""
        return Assistant(self.searcher, model, name, entails=self._checks.entails, strict=self.strict)

    @property
    def strict(self) -> bool:
        """Whether it leaves out what the archive does not carry, where a question does not say otherwise."""
        return self._checks.strict

    @property
    def model_name(self) -> str:
        """The name under which the chat model was opened; "quoting" without one."""
        return self._model_name

    def close(self) -> None:
        self.searcher.close()

    def ask(
        self,
        question: str,
        history: Sequence[Turn] = (),
        *,
        asked_on: date | None = None,
        only: Filter = Filter(),
        strict: bool | None = None,
    ) -> Answer:
        """The complete answer."""
        *_, last = self.stream(question, history, asked_on=asked_on, only=only, strict=strict)
        return last

    def stream(
        self,
        question: str,
        history: Sequence[Turn] = (),
        *,
        asked_on: date | None = None,
        only: Filter = Filter(),
        strict: bool | None = None,
    ) -> Iterator[Answer]:
        """Answers that grow; the last is ``complete``. Never raises for a model that fails: the answer is then quoted.

        "Yesterday" counts from ``asked_on``, else from the day as of which it is asked, else from today. ``strict`` is that
        of the assistant where it is None.
        """
        text = self._stand_alone(question.strip()[:_LONGEST_QUESTION], history)
        asked = self.searcher.understand(text, asked_on or only.as_of)
        hits = self.searcher.search(asked, _HITS, only) if terms(text) else []
        given = {"model": self._model_name, "as_of": only.as_of, "strict": self.strict if strict is None else strict}
        answer = Answer(question=question, searched_for=text, hits=tuple(hits), **given)
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
        composer = Composer(answer, sent, replace(self._checks, strict=answer.strict))
        try:
            for piece in say(self._model, answer_messages(asked.text, asked.asked_on.isoformat(), sent)):
                yield composer.grown(piece)
        except ModelUnavailable as error:
            broken = str(error)
        final = composer.finished(broken_off=bool(broken))
        if final.citations and (selection.answers or any(s.verdict.holds for s in final.sentences)):
            yield replace(final, notice=f"{broken} {_left_out(answer, sent)}".strip(), complete=True)
        elif says_no(" ".join(one.text for one in (*final.sentences, *final.dropped))) and not broken:
            yield _refused(answer, self._span_line(only))
        else:
            notice = f"{broken or _worthless(final)} {_QUOTED_INSTEAD if selection.answers else ''}".strip()
            kept = {"removed_citations": final.removed_citations, "dropped": final.dropped}
            yield from _quoted(replace(answer, notice=notice, model=QUOTING, **kept), selection, self._span_line(only))

    def _span_line(self, only: Filter) -> str:
        first, last = self.searcher.archive.span(only.as_of or date.max)
        then = f" As it stood on {only.as_of}, it covers" if only.as_of else " It covers"
        covers = f"{then} {first[:10]} to {last[:10]}." if first else f"{then} nothing." if only.as_of else ""
        return covers + (" The filters are on: they may hide an answer." if replace(only, as_of=None) else "")


def _worthless(answer: Answer) -> str:
    if answer.dropped:
        return "Nothing that the model wrote is carried by the archive."
    if answer.citations:
        return "Nothing that the model wrote is carried by what it cited."
    if answer.sentences:
        return "The model cited nothing that the archive holds."
    return "The model wrote nothing: ask again, or ask another model."


def _left_out(answer: Answer, sent: Sequence[Sent]) -> str:
    found, read = len(answer.hits), len(sent)
    return f"Of the {found} passages found, the model read the first {read}: the rest did not fit." if read < found else ""


def _quoted(answer: Answer, selection: Selection, span_line: str) -> Iterator[Answer]:
    """The answer without a model, one sentence more at a time."""
    if not selection.answers:
        yield _refused(answer, span_line)
        return
    notice = answer.notice or ("" if selection.is_sure else PERHAPS)
    short = _short(selection) if answer.question == answer.searched_for else None
    answer = replace(answer, notice=notice, short=short)
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
