"""How fast passages are embedded by each backend that is installed, beside sentence-transformers as it comes.

All take turns on the same passages of the sample news, round after round, so that what else the machine does meets them
alike. Quote the ratios and the shares: seconds depend on the machine.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import numpy as np

from ingest import ingest
from rag.archive import Archive
from rag.embedder import SentenceTransformersEmbedder, WordHashEmbedder
from rag.embedding.machine import computes_in_bf16
from rag.embedding.model_folder import load
from rag.embedding.opened_model import BACKENDS, installed
from rag.reading import embedding_text
from rag.sentences import sentences

from ..benchmarks import SAMPLE_NEWS

PLAIN = "sentence-transformers"
_QUESTION = "Who voted against the budget of the town council in March?"
_SIDE = 1024  # of the matrices whose product is the machine's peak


@dataclass(frozen=True, slots=True)
class BackendFigure:
    """One way of embedding.

    ``passages`` a second and ``question``, the milliseconds of one, are medians of the rounds; ``faster`` is how many
    times as fast as sentence-transformers it was in each round (median, least, most), ``sooner`` the same of a question.
    ``peak`` is the share of the floating-point operations that a product of large matrices reaches here in the same
    number format. ``cosine`` is the least of the passages with sentence-transformers, ``sentence_cosine`` the least of
    the sentences read within them with those that torch reads in fp32.
    """

    name: str
    passages: float
    faster: tuple[float, float, float]
    question: float
    sooner: float
    peak: float
    cosine: float = 1.0
    sentence_cosine: float = 1.0


def measure(rounds: int = 5, passages: int = 60) -> list[BackendFigure]:
    """sentence-transformers (fp32, batches of 32), then each backend that is installed."""
    texts = sample_passages()[:passages]
    model = load("minilm")
    embedders = {e.backend: e for e in (SentenceTransformersEmbedder(backend=b) for b in filter(installed, BACKENDS))}
    batches = _turns(_ways(model, embedders, texts) | _products(), rounds)
    questions = _turns(_ways(model, embedders, [_QUESTION]), rounds * 4)
    operations = _operations(model, texts)
    cosines = {PLAIN: (1.0, 1.0)} | _cosines(model, embedders, texts)
    return [
        BackendFigure(
            name,
            passages=len(texts) / median(batches[name]),
            faster=_spread(batches[PLAIN], batches[name]),
            question=1000 * median(questions[name]),
            sooner=_spread(questions[PLAIN], questions[name])[0],
            peak=_share(operations, batches[name], batches, "bf16" if "bf16" in name else "fp32"),
            cosine=cosines[name][0],
            sentence_cosine=cosines[name][1],
        )
        for name in questions
    ]


def printed(figures: Sequence[BackendFigure]) -> str:
    """A table in Markdown."""
    rows = [
        "| | passages/s | times as fast (range) | a question, ms | times as fast | of the peak | cosine | sentences |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for f in figures:
        faster = "{:.2f} ({:.2f} to {:.2f})".format(*f.faster)
        speed = f"{f.passages:.0f} | {faster} | {f.question:.1f} | {f.sooner:.2f} | {f.peak:.0%}"
        rows.append(f"| {f.name} | {speed} | {f.cosine:.6f} | {f.sentence_cosine:.6f} |")
    return "\n".join(rows)


def sample_passages() -> list[str]:
    """The passages of the sample news with their headlines, publishers and days, as an archive embeds them."""
    with tempfile.TemporaryDirectory() as folder:
        ingest([SAMPLE_NEWS], into=Path(folder) / "archive", embedder=WordHashEmbedder())
        archive = Archive.open(Path(folder) / "archive")
        texts = [embedding_text(stored.article, stored.passage.text) for stored in archive.passages_since()]
        archive.close()
    return texts


def _ways(model, embedders: dict[str, SentenceTransformersEmbedder], texts: list[str]) -> dict[str, Callable]:
    ways: dict[str, Callable] = {PLAIN: lambda: model.encode(texts, show_progress_bar=False)}
    return ways | {name: lambda own=own: own.vectors(texts) for name, own in embedders.items()}


def _turns(ways: dict[str, Callable], rounds: int) -> dict[str, list[float]]:
    """Seconds of each way in each round; the first round of all warms up and is not kept."""
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds + 1):
        for name, way in ways.items():
            began = time.perf_counter()
            way()
            seconds[name].append(time.perf_counter() - began)
    return {name: taken[1:] for name, taken in seconds.items()}


def _spread(plain: list[float], own: list[float]) -> tuple[float, float, float]:
    """How many times as fast: median, least and most of the rounds."""
    ratios = [other / mine for other, mine in zip(plain, own, strict=True)]
    return median(ratios), min(ratios), max(ratios)


def _cosines(model, embedders: dict[str, SentenceTransformersEmbedder], texts: list[str]) -> dict:
    """By name the least cosine of the passages, and of the sentences within them."""
    plain = np.asarray(model.encode(texts, normalize_embeddings=True, show_progress_bar=False))
    read = {name: own.readings(texts, [list(sentences(text)) for text in texts]) for name, own in embedders.items()}
    found = {}
    for name, readings in read.items():
        wholes = min(float(reading.vector @ row) for reading, row in zip(readings, plain, strict=True))
        pairs = zip(readings, read["torch fp32"], strict=True)
        parts = min(float((own.parts * exact.parts).sum(axis=1).min()) for own, exact in pairs if len(own.parts))
        found[name] = (wholes, parts)
    return found


def _operations(model, texts: list[str]) -> float:
    """Floating-point operations that the texts need without padding: two for each weight of each layer and piece, and
    the products of attention, four for each dimension, layer and pair of pieces."""
    transformer = model[0].model
    weights = sum(matrix.numel() for matrix in transformer.encoder.parameters() if matrix.ndim == 2)
    width, layers = transformer.config.hidden_size, transformer.config.num_hidden_layers
    lengths = [min(len(ids), model.max_seq_length) for ids in model.tokenizer(texts, truncation=True)["input_ids"]]
    return float(sum(2 * weights * n + 4 * width * layers * n * n for n in lengths))


def _products() -> dict[str, Callable]:
    """Ways of multiplying two large matrices in each number format; the faster one is the peak."""
    import torch

    numbers = np.random.default_rng(0).standard_normal((_SIDE, _SIDE), dtype=np.float32)
    single = torch.from_numpy(numbers)
    ways: dict[str, Callable] = {"fp32 numpy": lambda: numbers @ numbers, "fp32 torch": lambda: single @ single}
    if computes_in_bf16():  # elsewhere torch takes minutes for it
        half = single.bfloat16()
        ways["bf16"] = lambda: half @ half
    return ways


def _share(operations: float, own: list[float], turns: dict[str, list[float]], form: str) -> float:
    """Of the peak in this number format, median of the rounds."""
    products = [min(rounds) for rounds in zip(*(turns[name] for name in turns if name.startswith(form)), strict=True)]
    peaks = [2.0 * _SIDE**3 / seconds for seconds in products]
    return median(operations / seconds / peak for seconds, peak in zip(own, peaks, strict=True))
