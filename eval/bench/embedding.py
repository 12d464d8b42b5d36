"""How fast passages are embedded by each backend that is installed, beside sentence-transformers as it comes.

All take turns on the same passages and sentences of the sample news, round after round, so that what else the machine
does meets them alike. Quote the ratios: seconds depend on the machine.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from statistics import median

import numpy as np

from ingest import ingest
from rag.archive import Archive
from rag.embedder import Reading, SentenceTransformersEmbedder, WordHashEmbedder
from rag.embedding.model_folder import load
from rag.embedding.opened_model import BACKENDS
from rag.reading import embedding_text
from rag.sentences import sentences

from ..benchmarks import SAMPLE_NEWS

ROUNDS = 5
_QUESTION = "Who voted against the budget of the town council in March?"
_PLAIN = "sentence-transformers"


@dataclass(frozen=True, slots=True)
class Figures:
    """How many times as fast as sentence-transformers (median, least and most of the rounds), passages and one question;
    the least cosines with it, of passages, and with torch in fp32, of the sentences within them."""

    name: str
    passages: tuple[float, float, float]
    question: float
    whole: float
    part: float

    def line(self) -> str:
        middle, least, most = self.passages
        spread = f"{middle:5.2f} ({least:.2f} to {most:.2f})"
        return f"{self.name:<24}{spread:>22}{self.question:>12.2f}{self.whole:>12.6f}{self.part:>12.6f}"


def run(rounds: int = ROUNDS, passages: int = 120) -> list[str]:
    """The lines of the table."""
    texts = sample_passages()[:passages]
    spans = [list(sentences(text)) for text in texts]
    model = load("minilm")
    embedders = [SentenceTransformersEmbedder(backend=name) for name in BACKENDS if find_spec(name)]
    plain = np.asarray(model.encode(texts, normalize_embeddings=True, show_progress_bar=False))
    read = {embedder.backend: embedder.readings(texts, spans) for embedder in embedders}
    batches = _turns(
        {_PLAIN: lambda: model.encode(texts, show_progress_bar=False)} | _by_backend(embedders, texts), rounds
    )
    alone = {_PLAIN: lambda: model.encode([_QUESTION], show_progress_bar=False)} | _by_backend(embedders, [_QUESTION])
    questions = _turns(alone, rounds * 10)
    head = f"{'':<24}{'passages':>22}{'question':>12}{'cosine':>12}{'sentences':>12}"
    return [head, *(_figures(name, batches, questions, plain, read).line() for name in (_PLAIN, *read))]


def sample_passages() -> list[str]:
    """The passages of the sample news with their headlines, publishers and days, as an archive embeds them."""
    with tempfile.TemporaryDirectory() as folder:
        ingest([SAMPLE_NEWS], into=Path(folder) / "archive", embedder=WordHashEmbedder())
        archive = Archive.open(Path(folder) / "archive")
        texts = [embedding_text(stored.article, stored.passage.text) for stored in archive.passages_since()]
        archive.close()
    return texts


def _by_backend(embedders: Sequence[SentenceTransformersEmbedder], texts: list[str]) -> dict[str, Callable[[], object]]:
    return {embedder.backend: lambda embedder=embedder: embedder.vectors(texts) for embedder in embedders}


def _turns(ways: dict[str, Callable[[], object]], rounds: int) -> dict[str, list[float]]:
    """Seconds of each way in each round; the first round of all warms up and is not kept."""
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds + 1):
        for name, way in ways.items():
            began = time.perf_counter()
            way()
            seconds[name].append(time.perf_counter() - began)
    return {name: taken[1:] for name, taken in seconds.items()}


def _figures(
    name: str,
    batches: dict[str, list[float]],
    questions: dict[str, list[float]],
    plain: np.ndarray,
    read: dict[str, list[Reading]],
) -> Figures:
    ratios = [other / own for other, own in zip(batches[_PLAIN], batches[name], strict=True)]
    asked = median(other / own for other, own in zip(questions[_PLAIN], questions[name], strict=True))
    whole = part = 1.0
    if name in read:
        exact = read["torch fp32"]
        whole = min(float(reading.vector @ row) for reading, row in zip(read[name], plain, strict=True))
        pairs = [(own.parts, other.parts) for own, other in zip(read[name], exact, strict=True) if len(own.parts)]
        part = min(float((own * other).sum(axis=1).min()) for own, other in pairs)
    return Figures(name, (median(ratios), min(ratios), max(ratios)), asked, whole, part)
