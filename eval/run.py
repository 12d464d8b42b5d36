"""evaluate: questions asked of a system, each outcome kept and scored. Any LangChain retriever will do as a system.

from eval.run import evaluate
run = evaluate(my_retriever, questions_of(Path("questions.jsonl")), archive=archive)
"""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from importlib.metadata import version
from typing import Any

from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever

from rag.answer import Answer
from rag.archive import Archive
from rag.article import Article
from rag.assistant import Assistant
from rag.citation import Citation
from rag.entailment import Entailment
from rag.filter import Filter
from rag.followup import Turn
from rag.passage import Hit, Passage
from rag.quoting import LEAST_CONFIDENCE

from .measures.entailment import words_carry
from .outcome import CitedPassage, FoundPassage, Outcome, SaidSentence, Source
from .question import EvalQuestion, digest_of_questions
from .record import Run
from .reference import Reference
from .scoring import scores

# What is asked: an Assistant answers, a retriever or a function of a question only finds.
Finder = Callable[[EvalQuestion], list[Document]]
System = Assistant | BaseRetriever | Finder
Progress = Callable[[int, int], None]


def silent(done: int, total: int) -> None:
    """Nobody is told how far it is."""


def evaluate(
    system: System,
    questions: Iterable[EvalQuestion],
    *,
    archive: Archive | None = None,
    passages: Sequence[str] | None = None,
    name: str = "",
    k: int = 10,
    entails: Entailment = words_carry,
    progress: Progress = silent,
) -> Run:
    """Asks every question on its day, after the questions of its chat.

    ``archive`` adds what only the record knows: copies, versions, whether citations hold; an Assistant brings its own.
    ``passages`` are all texts that the system could have found, to count the relevant among them; without them those
    of the archive. The first question is asked twice: a cold start is none of its time.
    """
    asked = list(questions)
    archive = system.searcher.archive if isinstance(system, Assistant) else archive
    reference = Reference(archive, passages) if archive else None
    ask, begun = _asker(system, k), datetime.now(UTC).isoformat(timespec="seconds")
    for question in asked[:1]:
        ask(question)
    outcomes = []
    for done, question in enumerate(asked, start=1):
        outcome = ask(question)
        outcomes.append(_told(outcome, reference) if reference else outcome)
        progress(done, len(asked))
    return Run(
        name=name or type(system).__name__,
        system=_described(system),
        begun=begun,
        questions="",
        digest=digest_of_questions(asked),
        outcomes=tuple(outcomes),
        scores=tuple(scores(outcome, entails) for outcome in outcomes),
        setting=_setting(system, archive, k),
    )


def _asker(system: System, k: int) -> Callable[[EvalQuestion], Outcome]:
    if isinstance(system, Assistant):
        return lambda question: _answered(system, question)
    find = _finder(system, k) if isinstance(system, BaseRetriever) else system
    return lambda question: _found(find, question)


def _finder(retriever: BaseRetriever, k: int) -> Finder:
    """A retriever that knows on which day it is asked, or as of which, is told; the chat before goes in front."""
    known = type(retriever).model_fields

    def find(question: EvalQuestion) -> list[Document]:
        told = {"asked_on": question.asked_on, "as_of": question.as_of, "k": k}
        bound = retriever.model_copy(update={what: value for what, value in told.items() if what in known})
        return bound.invoke(" ".join((*question.history, question.text)))

    return find


def _found(find: Finder, question: EvalQuestion) -> Outcome:
    begun = time.perf_counter()
    documents = find(question)
    seconds = time.perf_counter() - begun
    return Outcome(question=question, found=tuple(map(_passage_of, documents)), seconds={"search": seconds})


def _answered(assistant: Assistant, question: EvalQuestion) -> Outcome:
    only = Filter(as_of=question.as_of) if question.as_of else Filter()
    turns: list[Turn] = []
    for earlier in question.history:
        before = assistant.ask(earlier, turns, asked_on=question.asked_on, only=only)
        turns.append(Turn(before.searched_for, before))
    begun = time.perf_counter()
    stages: dict[str, float] = {}
    for answer in assistant.stream(question.text, turns, asked_on=question.asked_on, only=only):
        now = time.perf_counter() - begun
        stages.setdefault("search", now)  # the hits come before any sentence
        if answer.sentences or answer.complete:
            stages.setdefault("first words", now)
    return _outcome(question, answer, stages | {"answer": now})


def _outcome(question: EvalQuestion, answer: Answer, seconds: dict[str, float]) -> Outcome:
    return Outcome(
        question=question,
        found=tuple(_found_passage(hit) for hit in answer.hits),
        answers=True,
        sentences=tuple(SaidSentence(text=s.text, citations=s.citations, verdict=s.verdict.state.value)
                        for s in answer.sentences),
        citations=tuple(_cited_passage(citation) for citation in answer.citations),
        refused=answer.refused,
        confidence=answer.confidence,
        notice=answer.notice,
        seconds=seconds,
    )  # fmt: skip


def _found_passage(hit: Hit) -> FoundPassage:
    passage = hit.passage
    return FoundPassage(
        id=passage.id,
        text=passage.text,
        source=_source(hit.article, passage),
        start=passage.start,
        end=passage.end,
        score=hit.score,
        why=dict(hit.ranks),
    )


def _cited_passage(citation: Citation) -> CitedPassage:
    return CitedPassage(
        number=citation.number,
        quote=citation.quote,
        passage=citation.passage.text,
        source=_source(citation.article, citation.passage),
        start=citation.start,
        end=citation.end,
        passage_start=citation.passage.start,
    )


def _source(article: Article, passage: Passage) -> Source:
    """The passage knows its version; the article would hash all that it says to tell it."""
    return Source(
        article=article.id,
        url=article.url,
        headline=article.headline,
        publisher=article.publisher,
        published=article.published,
        updated=article.updated,
        revision=passage.revision,
        kind=article.kind.value,
    )


def _passage_of(document: Document) -> FoundPassage:
    """Somebody else's document: its article is whatever its metadata call it by."""
    told = {name: str(value) for name, value in document.metadata.items() if value is not None}
    url = told.get("url", "") or told.get("source", "")
    text = document.page_content
    names = ("headline", "publisher", "published", "updated", "revision", "kind")
    return FoundPassage(
        id=document.id or sha256(f"{url}\n{text}".encode("utf-8", "surrogatepass")).hexdigest()[:32],
        text=text,
        source=Source(
            article=told.get("article_id", "") or url,
            url=url,
            **{name: told.get(name, "") for name in names}
            | {"headline": told.get("headline") or told.get("title", "")},
        ),
        start=int(document.metadata.get("start") or 0),
        end=int(document.metadata.get("end") or len(text)),
        score=float(document.metadata.get("score") or 0.0),
    )


def _told(outcome: Outcome, reference: Reference) -> Outcome:
    """The outcome with what the archive knows."""
    found = reference.told(passage.source for passage in outcome.found)
    cited = reference.told(citation.source for citation in outcome.citations)
    citations = [replace(c, source=source) for c, source in zip(outcome.citations, cited, strict=True)]
    return replace(
        outcome,
        found=tuple(replace(p, source=source) for p, source in zip(outcome.found, found, strict=True)),
        citations=tuple(replace(c, holds=reference.holds(c)) for c in citations),
        relevant=reference.relevant(outcome.question),
    )


def _described(system: System) -> str:
    if isinstance(system, Assistant):
        return f"Dateline, {system.model_name}"
    return type(system).__name__ if isinstance(system, BaseRetriever) else getattr(system, "__name__", "function")


def _setting(system: System, archive: Archive | None, k: int) -> dict[str, Any]:
    """What one wants to know of a run a year later."""
    held = {"archive": archive.counts(), "embedder": archive.embedder_name} if archive else {}
    packages = ("dateline-news", "chromadb", "langchain-core", "sentence-transformers")
    return held | {
        "k": k,
        "threshold": LEAST_CONFIDENCE,
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}",
        "versions": {name: version(name) for name in packages},
    }
