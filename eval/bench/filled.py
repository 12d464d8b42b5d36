"""An archive filled with articles that nobody wrote, through the parts that fill real ones, without a model."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

import numpy as np

from rag.archive import Archive
from rag.embedder import Reading
from rag.index.pair import IndexPair
from rag.reading import embedding_key
from rag.sentences import Span
from rag.stored_passage import StoredPassage

from .synthetic import DIMENSIONS, PASSAGES_AN_ARTICLE, Asked, Newsroom, Written

_BATCH = 5_000 // PASSAGES_AN_ARTICLE
_DONE = "filled"


class Answering:
    """An embedder that knows the vectors of the questions that it was told, clause by clause, and nothing else."""

    fingerprint = f"made@{DIMENSIONS}"

    def __init__(self) -> None:
        self._asked = np.empty((0, DIMENSIONS), np.float32)

    def expect(self, asked: Asked) -> None:
        self._asked = asked.vectors

    def vectors(self, texts: Sequence[str]) -> np.ndarray:
        return self._asked[: len(texts)]

    def readings(self, texts: Sequence[str], spans: Sequence[Sequence[Span]]) -> list[Reading]:
        raise NotImplementedError("It reads no passages.")


def filled(directory: Path, passages: int) -> Path:
    """The archive of so many passages in ``directory``; one that was finished before is taken as it is."""
    if not (directory / _DONE).exists():
        shutil.rmtree(directory, ignore_errors=True)
        archive = Archive.create(directory)
        archive.set("embedder", Answering.fingerprint)
        indexes = IndexPair.for_writing(archive)
        for number, batch in enumerate(_batches(Newsroom(passages).articles())):
            indexes.apply(_kept(archive, batch, str(number)), [])
        indexes.settle()
        indexes.close()
        archive.close()
        (directory / _DONE).touch()
    return directory


def _kept(archive: Archive, batch: Sequence[Written], name: str) -> list[StoredPassage]:
    """Puts a batch into the archive as an ingest does."""
    stored: list[StoredPassage] = []
    readings: dict[str, Reading] = {}
    with archive.transaction():
        for written in batch:
            archive.put_revision(written.article, name, "2026-01-01T00:00:00Z")
            keys = [embedding_key(written.article, passage) for passage in written.passages]
            readings |= zip(keys, written.readings, strict=True)
            archive.put_passages(zip(written.passages, keys, strict=True))
            for passage, reading in zip(written.passages, written.readings, strict=True):
                stored.append(StoredPassage(passage, written.article, reading.vector))
        archive.put_embeddings(readings)
        archive.next_edition()
    return stored


def _batches(articles: Iterator[Written]) -> Iterator[list[Written]]:
    while batch := list(islice(articles, _BATCH)):
        yield batch
