"""Benchmarks: a set of questions with the news that it is asked of, put to Dateline and its peers in one run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from langchain_core.embeddings import Embeddings

from rag.assistant import Assistant
from rag.embedder import Embedder

from . import headlines as headline_questions
from . import reuters
from .figures import DATELINE
from .peers import PEERS, Haystack, Peer, dense_alone, lexical_alone
from .question import EvalQuestion, Split
from .question_files import SAMPLE_QUESTIONS, questions_of
from .record import Run
from .run import Progress, evaluate, silent
from .squad import squad_articles
from .workplace import Workplace

SAMPLE_NEWS = Path(__file__).resolve().parents[1] / "ingest" / "sample" / "news"
REUTERS = Path("../shared/data/reuters21578/reut2.tar.xz")
REUTERS_STORIES = 619
# What a source of distractors may be called.
_NAMED = {"reuters": REUTERS, "sample": SAMPLE_NEWS}
_SQUAD_QUESTIONS = "queries.json"


@dataclass(frozen=True, slots=True)
class Benchmark:
    """``news`` is ingested into the folder ``archive``, which several may share; ``peers`` are asked as well."""

    name: str
    questions: Path
    news: tuple[Path, ...]
    archive: str
    peers: tuple[Callable[[Haystack], Peer], ...] = PEERS


def sample() -> Benchmark:
    """Our questions about the sample news."""
    return Benchmark("sample", SAMPLE_QUESTIONS, (SAMPLE_NEWS,), "sample")


def multihop(data: Path) -> Benchmark:
    """MultiHop-RAG (Tang and Yang 2024): 104 articles; questions whose evidence stands in two to four of them."""
    return Benchmark("multihop", data / "questions.jsonl", (data / "corpus.json",), "multihop")


def squad(data: Path, workplace: Workplace) -> Benchmark:
    """SQuAD 2.0 (Rajpurkar, Jia and Liang 2018): every paragraph an article."""
    articles = squad_articles(data / _SQUAD_QUESTIONS, workplace.directory / "squad.jsonl")
    return Benchmark("squad", data / _SQUAD_QUESTIONS, (articles,), "squad")


def headlines(tarball: Path, workplace: Workplace) -> list[Benchmark]:
    """Headlines of Reuters stories asked of the stories without them, as typed and as printed; of our indexes alone and
    not of the plain chain, whose vectors would take as long again."""
    files = headline_questions.drawn(tarball, workplace.directory)
    forms = (headline_questions.TYPED, headline_questions.PRINTED)
    peers = (lexical_alone, dense_alone)
    return [Benchmark(form, files[form], (files[headline_questions.NEWS],), "headlines", peers) for form in forms]


def among(benchmark: Benchmark, distractors: Sequence[Path], workplace: Workplace) -> Benchmark:
    """The same questions among other news: of the Reuters collection some is drawn, anything else is taken whole."""
    others = tuple(_as_news(_NAMED.get(str(source), source), workplace) for source in distractors)
    name = f"{benchmark.name}-among-others"
    return replace(benchmark, name=name, news=benchmark.news + others, archive=name)


def run(
    benchmark: Benchmark,
    workplace: Workplace,
    *,
    embedder: Embedder | None = None,
    peers: bool = True,
    half: Split | None = None,
    progress: Callable[[str], Progress] = lambda name: silent,
) -> list[Run]:
    """Dateline's run, then those of its peers, over one archive; ``embedder`` embeds the questions, ``half`` alone is
    asked where one is given."""
    directory = workplace.archive(benchmark.archive, benchmark.news)
    questions = [question for question in questions_of(benchmark.questions) if half in (None, question.split)]
    assistant = Assistant.open(directory, embedder=embedder or workplace.embedder)
    try:
        held = [evaluate(assistant, questions, name=DATELINE, progress=progress(DATELINE))]
        if peers:
            held += of_peers(assistant, questions, workplace.kept, progress, benchmark.peers)
    finally:
        assistant.close()
    return [replace(asked, questions=benchmark.name) for asked in held]


def of_peers(
    assistant: Assistant,
    questions: Sequence[EvalQuestion],
    embeddings: Embeddings,
    progress: Callable[[str], Progress] = lambda name: silent,
    peers: Sequence[Callable[[Haystack], Peer]] = PEERS,
) -> list[Run]:
    """The peers' runs over the articles of the same archive."""
    archive, held = assistant.searcher.archive, []
    for make in peers:
        peer = make(Haystack(assistant.searcher, embeddings))
        asked = evaluate(
            peer.find, questions, archive=archive, passages=peer.passages, name=peer.name, progress=progress(peer.name)
        )
        held.append(replace(asked, system=peer.name))
    return held


def _as_news(source: Path, workplace: Workplace) -> Path:
    if source.name != "reut2.tar.xz":
        return source
    return reuters.drawn(source, REUTERS_STORIES, workplace.directory / "reuters.jsonl")
