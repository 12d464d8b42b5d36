"""A system made worse on purpose is caught by the figure that is meant to catch it, and by no other that has nothing to
do with it. The news of seven invented ports: a wire story and its copies, a toll that was revised, one that another paper
overtook, a fare set twice a year."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import chain
from pathlib import Path

import pytest
from conftest import write_articles
from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever

from eval.compare import Verdict, compare
from eval.question import EvalQuestion, GoldFact, Split
from eval.record import Run
from eval.run import evaluate
from eval.scoring import MEASURES
from ingest import ingest
from ingest.splitter import split
from rag.answer import Answer, Sentence, State
from rag.answer import Verdict as Shown
from rag.assistant import Assistant
from rag.citation import Citation
from rag.copies import Cluster, clusters_of
from rag.embedder import WordHashEmbedder
from rag.filter import Filter
from rag.passage import Hit
from rag.question import Question
from rag.retriever import NewsRetriever
from rag.search import Searcher
from rag.sentences import sentences

MEASURE = {measure.name: measure for measure in MEASURES}
TOLD_ON, REVISED_ON, ASKED_ON = date(2026, 6, 15), date(2026, 6, 17), date(2026, 6, 22)
LAST_WEEK, IN_JANUARY = (date(2026, 6, 15), date(2026, 6, 21)), date(2026, 1, 31)


# -- seven ports and what is asked about them -----------------------------------------------------------------------------

PORTS = (
    ("Arvik", "sugar mill", "Tobias Renn", "tug Alma", 2),
    ("Bremsund", "rope works", "Ida Kolstad", "barge Falk", 3),
    ("Corrow", "tannery", "Peder Vane", "trawler Lise", 4),
    ("Dunmere", "brewery", "Marta Ojala", "coaster Teal", 5),
    ("Eskholt", "lamp factory", "Ruben Haske", "dredger Otter", 6),
    ("Farlow", "customs house", "Signe Moll", "yacht Petrel", 7),
    ("Grenna", "saddlery", "Jonas Tarp", "lighter Vega", 8),
)


def flats(port: str, works: str, builder: str, n: int) -> str:
    return f"The old {works} in {port} will be turned into {n * 11} flats, the builder {builder} said on Tuesday."


def hurt(port: str, ship: str, count: int) -> str:
    return f"The police in {port} said that {count} people were hurt when the {ship} hit the quay."


def fare(port: str, crowns: int) -> str:
    return f"The ferry from {port} to the islands will cost {crowns} crowns from Sunday, the harbour board decided."


def roofs(port: str, count: int) -> str:
    return f"The storm tore the roofs off {count} houses in {port}, the parish said."


def story(kind: str, port: str, paper: str, day: str, *paragraphs: str, **fields) -> dict:
    """``day`` is MM-DD of 2026."""
    written = {"url": f"https://{paper.split()[-1].casefold()}.example/{port.casefold()}/{kind}/{day}"}
    written |= {"headline": f"{port}: {kind}", "publisher": paper, "published": f"2026-{day}T08:00:00Z"}
    return written | {"body": "\n\n".join(paragraphs)} | fields


def wire(port: str, works: str, builder: str, n: int) -> list[dict]:
    """The agency's story and three papers that carried it; no two ports in one week, so that they stay apart."""
    paragraphs = (
        flats(port, works, builder, n),
        f"{builder} bought the {works} in {1990 + n} and promised {port} a garden of {n * 150} square metres in its yard.",
        f"The first tenants are to move in by the spring, and {n * 40} people of {port} have put down their names.",
    )
    day = f"{date(2026, 1, 1) + timedelta(days=17 * n):%m-%d}"
    papers = ("Coast Wire", "The Gull", "The Tern", "The Plover")
    times = [f"2026-{day}T{hour:02}:00:00Z" for hour in range(8, 12)]
    return [
        story("flats", port, paper, day, *paragraphs, originator="Coast Wire", published=time)
        for paper, time in zip(papers, times, strict=True)
    ]


def news() -> Iterator[dict]:
    for port, works, builder, ship, n in PORTS:
        yield from wire(port, works, builder, n)
        first = story(
            "quay", port, "The Tern", "06-15", hurt(port, ship, n), "The harbour was closed until the evening."
        )
        yield first | {"updated": "2026-06-15T08:00:00Z"}
        revised = "\n\n".join((hurt(port, ship, n + 20), "The harbour was closed until the evening."))
        yield first | {"body": revised, "updated": "2026-06-17T08:00:00Z"}
        yield story("storm", port, "The Tern", "06-15", roofs(port, n + 50), "Nobody went to school.")
        yield story("storm", port, "The Gull", "06-18", roofs(port, n + 70), "The army has sent tarpaulins.")
        yield story("fares", port, "The Gull", "01-14", fare(port, n + 30), "Children travel free.")
        yield story("fares", port, "The Gull", "06-17", fare(port, n + 60), "Children travel at half the price.")


def questions() -> Iterator[EvalQuestion]:
    for port, works, builder, ship, n in PORTS:
        carried = [told["url"] for told in wire(port, works, builder, n)]
        first, revised = hurt(port, ship, n), hurt(port, ship, n + 20)
        quay, fares = (
            f"https://tern.example/{port.casefold()}/quay/06-15",
            f"https://gull.example/{port.casefold()}/fares/06-17",
        )
        text = f"How many people were hurt when the {ship} hit the quay in {port}?"
        yield asked(
            "copied",
            port,
            f"How many flats will the old {works} in {port} be turned into?",
            [(url, flats(port, works, builder, n)) for url in carried],
            answer=str(n * 11),
        )
        yield asked("revised", port, text, [(quay, revised)], answer=str(n + 20), stale=(GoldFact(quay, first),))
        tern, gull = (f"https://{paper}.example/{port.casefold()}/storm" for paper in ("tern", "gull"))
        yield asked(
            "overtaken",
            port,
            f"Off how many houses in {port} did the storm tear the roofs, as far as is known now?",
            [(f"{gull}/06-18", roofs(port, n + 70))],
            stale=(GoldFact(f"{tern}/06-15", roofs(port, n + 50)),),
        )
        yield asked("as of", port, text, [(quay, first)], answer=str(n), as_of=date(2026, 6, 16))
        yield asked(
            "temporal",
            port,
            f"What will the ferry from {port} to the islands cost from Sunday, as decided last week?",
            [(fares, fare(port, n + 60))],
            answer=f"{n + 60} crowns",
            period=LAST_WEEK,
        )
        yield asked("absent", port, f"Who conducts the brass band of the {port} fire brigade at Christmas?", [])  # fmt: skip


def asked(kind: str, port: str, text: str, gold: list[tuple[str, str]], **fields) -> EvalQuestion:
    facts = tuple(GoldFact(*fact) for fact in gold)
    named = {"id": f"{kind} {port}", "kind": kind, "split": Split.TUNE, "asked_on": ASKED_ON}
    return EvalQuestion(text=text, gold=facts, **named | fields)


@pytest.fixture(scope="module")
def ports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("ports")
    report = ingest([write_articles(folder / "news", list(news()))], folder / "archive", embedder=WordHashEmbedder())
    assert not report.quarantined, report.quarantined
    return folder / "archive"


@pytest.fixture(scope="module")
def searcher(ports: Path) -> Iterator[Searcher]:
    opened = Searcher.open(ports)
    yield opened
    opened.close()


# -- what is made worse ---------------------------------------------------------------------------------------------------


class Shuffled(NewsRetriever):
    """Finds the same, in no order."""

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:
        documents = super()._get_relevant_documents(query, run_manager=run_manager)
        return random.Random(query).sample(documents, len(documents))


class OldestFirst(NewsRetriever):
    """Finds the same, whatever time is asked for what came out first."""

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:
        documents = super()._get_relevant_documents(query, run_manager=run_manager)
        return sorted(documents, key=lambda document: document.metadata["published"])


class Outdated(NewsRetriever):
    """Finds the same articles as they were first published."""

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:
        documents = super()._get_relevant_documents(query, run_manager=run_manager)
        return list(map(self._as_first_told, documents))

    def _as_first_told(self, document: Document) -> Document:
        first = self.searcher.archive.revisions(document.metadata["article_id"])[0]
        return Hit(split(first)[0], first, document.metadata["score"], {}).to_document()


class CopiesFirst(Searcher):
    """Shows every copy of what it finds, and the originator last."""

    def search(self, question: Question, k: int = 10, only: Filter = Filter()) -> list[Hit]:
        hits = super().search(question, k, only)
        clusters = clusters_of(self.archive, [hit.article.id for hit in hits])
        return [copy for hit in hits for copy in self._copies(hit, clusters.get(hit.article.id))][:k]

    def _copies(self, hit: Hit, cluster: Cluster | None) -> list[Hit]:
        stored = chain.from_iterable(map(self.archive.passages_of, reversed(cluster.article_ids if cluster else ())))
        return [replace(hit, passage=copy.passage, article=copy.article) for copy in stored] or [hit]


class Filtered(Assistant):
    """Asks for something else than it was asked: ``narrowed`` is what it makes of the filter."""

    def __init__(self, searcher: Searcher, narrowed: Callable[[Filter], Filter]) -> None:
        super().__init__(searcher)
        self._narrowed = narrowed

    def stream(self, question: str, *chat, only: Filter = Filter(), **told) -> Iterator[Answer]:
        return super().stream(question, *chat, only=self._narrowed(only), **told)


class Altered(Assistant):
    """Finds and answers the same, and then does something to the finished answer."""

    def __init__(self, searcher: Searcher, alter: Callable[[Answer], Answer]) -> None:
        super().__init__(searcher)
        self._alter = alter

    def stream(self, *asked, **told) -> Iterator[Answer]:
        return (self._alter(answer) if answer.complete else answer for answer in super().stream(*asked, **told))


def never_refusing(answer: Answer) -> Answer:
    """Quotes the best passage where there is no answer."""
    cited = _lead(1, answer.hits[0])
    sentence = Sentence(cited.quote, (1,), Shown(State.VERBATIM))
    return replace(answer, refused=False, sentences=(sentence,), citations=(cited,)) if answer.refused else answer


def always_refusing(answer: Answer) -> Answer:
    return replace(answer, refused=True, sentences=(), citations=())


def citing_the_next(answer: Answer) -> Answer:
    """Every number names the article found one place further down: words of the archive, of another story."""
    return replace(answer, citations=tuple(_lead(c.number, _next(answer, c)) for c in answer.citations))


def citing_the_wrong_place(answer: Answer) -> Answer:
    """The passage of the neighbour under the article's own name."""
    moved = (replace(c, passage=_next(answer, c).passage) for c in answer.citations)
    return replace(answer, citations=tuple(moved))


def citing_too_much(answer: Answer) -> Answer:
    """To every citation the next article, which says nothing of it."""
    more = tuple(_lead(c.number + len(answer.citations), _next(answer, c)) for c in answer.citations)
    added = tuple(
        replace(s, citations=(*s.citations, *(n + len(answer.citations) for n in s.citations)))
        for s in answer.sentences
    )
    return replace(answer, sentences=added, citations=(*answer.citations, *more))


def miscounting(answer: Answer) -> Answer:
    """Every figure one higher than the words that it cites."""
    wrong = (replace(s, text=re.sub(r"\d+", lambda n: str(int(n[0]) + 1), s.text)) for s in answer.sentences)
    return replace(answer, sentences=tuple(wrong))


def _next(answer: Answer, cited: Citation) -> Hit:
    place = next(n for n, hit in enumerate(answer.hits) if hit.passage.id == cited.passage.id)
    return answer.hits[place + 1]


def _lead(number: int, hit: Hit) -> Citation:
    first = sentences(hit.article.body)[0]
    return Citation(number, hit.article, hit.passage, first.start, first.end)


# -- and what catches it --------------------------------------------------------------------------------------------------


def asked_of(system: Assistant | BaseRetriever, searcher: Searcher, kinds: str, name: str) -> Run:
    wanted = [question for question in questions() if question.kind in kinds.split(", ")]
    return evaluate(system, wanted, archive=searcher.archive, name=name)


def assert_caught(base: Run, worse: Run, by: str, not_by: str) -> None:
    """Worse by far and told apart by the test, in each of the one; the same question by question in each of the other."""
    for name in by.split():
        (compared,) = compare(base, worse, [MEASURE[name]])
        assert compared.verdict is Verdict.WORSE, (name, compared)
        assert abs(compared.difference.difference) > 0.3, (name, compared.difference)
    for name in not_by.split():
        (compared,) = compare(base, worse, [MEASURE[name]])
        assert compared.verdict is Verdict.SAME, (name, compared)


@pytest.mark.parametrize(
    ("worse", "kinds", "by", "not_by"),
    [
        (Shuffled, "revised, temporal", "mrr@10 article_ndcg@10", "hits@10 article_recall@10 duplicate_waste@10"),
        (OldestFirst, "temporal", "temporal_found@4", "hits@10 article_recall@10 duplicate_waste@10"),
        (OldestFirst, "overtaken", "revised_first@10", "hits@10 article_recall@10 duplicate_waste@10"),
        (Outdated, "revised", "revised_first@10 hits@10", "article_ndcg@10 duplicate_waste@10"),
    ],
)  # fmt: skip
def test_a_worse_retriever_is_caught(searcher, worse, kinds, by, not_by):
    base = asked_of(NewsRetriever(searcher=searcher), searcher, kinds, "as it is")
    assert_caught(base, asked_of(worse(searcher=searcher), searcher, kinds, "worse"), by, not_by)


@pytest.mark.parametrize(
    ("alter", "kinds", "by", "not_by"),
    [
        (never_refusing, "copied, absent", "refusal_recall absent_refused", "mrr@10 gold_quoted rightly_answered"),
        (always_refusing, "copied, absent", "rightly_answered wrongly_refused gold_quoted", "mrr@10 refusal_recall"),
        (citing_the_next, "copied", "citation_recall cited_gold", "citations_hold gold_quoted rightly_answered"),
        (citing_the_wrong_place, "copied", "citations_hold", "cited_gold gold_quoted originator_rate"),
        (citing_too_much, "revised", "citation_precision cited_gold", "citation_recall citations_hold gold_quoted"),
        (miscounting, "copied", "citation_recall number_match gold_quoted", "citations_hold cited_gold originator_rate"),
    ],
)  # fmt: skip
def test_a_worse_answer_is_caught(searcher, alter, kinds, by, not_by):
    base = asked_of(Assistant(searcher), searcher, kinds, "as it is")
    assert_caught(base, asked_of(Altered(searcher, alter), searcher, kinds, "worse"), by, not_by)


def before_the_revision(only: Filter) -> Filter:
    return replace(only, as_of=TOLD_ON)


def of_another_time(only: Filter) -> Filter:
    return replace(only, last=IN_JANUARY)


def with_hindsight(only: Filter) -> Filter:
    return replace(only, as_of=None)


@pytest.mark.parametrize(
    ("narrowed", "kinds", "by", "not_by"),
    [
        (
            before_the_revision,
            "revised, copied",
            "stale_citation superseded_citation revision_accuracy revised_first@10 fresh",
            "citations_hold citation_recall rightly_answered originator_rate",
        ),
        (
            before_the_revision,
            "overtaken",
            "stale_citation revision_accuracy fresh",
            # Not superseded_citation: the second and third sentence may be of a story that was revised.
            "citations_hold citation_recall",
        ),
        (of_another_time, "temporal", "temporal_accuracy temporal_found@4 gold_quoted", "citations_hold superseded_citation"),
        (with_hindsight, "as of", "as_of_accuracy gold_quoted", "citations_hold citation_recall rightly_answered"),
    ],
)  # fmt: skip
def test_an_answer_out_of_another_time_is_caught(searcher, narrowed, kinds, by, not_by):
    base = asked_of(Assistant(searcher), searcher, kinds, "as it is")
    assert_caught(base, asked_of(Filtered(searcher, narrowed), searcher, kinds, "worse"), by, not_by)


def test_copies_first_are_caught(searcher):
    base = asked_of(Assistant(searcher), searcher, "copied", "as it is")
    copies_first = Assistant(CopiesFirst(searcher.archive, searcher.embedder, searcher.indexes))
    worse = asked_of(copies_first, searcher, "copied", "worse")
    by = "duplicate_waste@10 originator_rate originator_found@10"
    assert_caught(base, worse, by, "hits@4 gold_quoted citations_hold rightly_answered")
