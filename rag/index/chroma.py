"""The vector index: Chroma (HNSW, Malkov and Yashunin 2018), embedded in the archive's folder or a server by URL.

Chroma is given ready-made vectors and ids, nothing else. An embedded folder that was being written when its process
died may not open again, or crash the opener (seen in 5 of 90 kills with chromadb 1.5.9), so it is never opened while
in doubt: it is thrown away and filled from the archive.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np

from ..errors import MissingExtra, WrongUse
from ..stored_passage import StoredPassage
from .edition import EditionFile, discard
from .passage_index import Found, Probe

_BATCH = 5_000  # below Chroma's max_batch_size of 5,461
# batch_size and sync_threshold as they built fastest. Twice the neighbours of the default, and ef_search raised from 100,
# which loses recall with size: of the ten nearest of 300,000, .989 are found with 200 and .994 with 400.
_CONFIGURATION = {
    "hnsw": {"space": "cosine", "max_neighbors": 32, "ef_search": 400, "batch_size": 1_000, "sync_threshold": 10_000}
}


class _Collection:
    """What the embedded and the served index share: adding, removing and searching one Chroma collection."""

    name = "dense"
    _collection: Any

    def search(self, probe: Probe, k: int) -> list[Found]:
        return self.search_all([probe], k)[0]

    def search_all(self, probes: Sequence[Probe], k: int) -> list[list[Found]]:
        """By probe at most k passages, best first; one call for all costs less than one for each."""
        if k < 1:
            return [[] for _ in probes]
        vectors = [probe.vector for probe in probes]
        found = self._collection.query(query_embeddings=vectors, n_results=k, include=["distances"])
        lists = zip(found["ids"], found["distances"], strict=True)
        return [[Found(i, 1.0 - distance) for i, distance in zip(*one, strict=True)] for one in lists]

    def size(self) -> int:
        return self._collection.count()

    def ids(self) -> set[str]:
        return set(self._collection.get(include=[])["ids"])

    def _add(self, passages: Sequence[StoredPassage]) -> None:
        for begin in range(0, len(passages), _BATCH):
            part = passages[begin : begin + _BATCH]
            self._collection.add(ids=[s.passage.id for s in part], embeddings=np.array([s.vector for s in part]))

    def _remove(self, ids: Sequence[str]) -> None:
        for begin in range(0, len(ids), _BATCH):
            self._collection.delete(ids=list(ids[begin : begin + _BATCH]))


class ChromaIndex(_Collection):
    """Embedded Chroma in ``directory``. Never construct it while `settled_edition` is None and something is there."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._edition = EditionFile(directory)
        self._open()

    @staticmethod
    def settled_edition(directory: Path) -> int | None:
        """The edition that a finished writer left, without opening Chroma; None: never made, being written, or killed."""
        return EditionFile(directory).read()

    @staticmethod
    def doubt(directory: Path) -> None:
        EditionFile(directory).doubt()

    discard = staticmethod(discard)

    @property
    def edition(self) -> int | None:
        return self._edition.read()

    def add(self, passages: Sequence[StoredPassage]) -> None:
        self._edition.doubt()
        self._add(passages)

    def remove(self, ids: Sequence[str]) -> None:
        self._edition.doubt()
        self._remove(ids)

    def mark(self, edition: int) -> None:
        self._edition.write(edition)

    def clear(self) -> None:
        self.close()
        self._part_from_others()
        self.discard(self._directory)
        self._open()

    def _part_from_others(self) -> None:
        """chromadb 1.5.9 shares one system a path within a process: a searcher that still has the old folder open would
        lend us its handles to files that are gone ("readonly database")."""
        shared = _chromadb().api.client.SharedSystemClient
        shared._identifier_to_system.pop(str(self._directory), None)
        shared._identifier_to_refcount.pop(str(self._directory), None)

    def close(self) -> None:
        """Another process's writes are seen only by who opens it anew (chroma-core/chroma#3792)."""
        self._client.close()

    def _open(self) -> None:
        try:
            self._client = _chromadb().PersistentClient(path=str(self._directory), settings=_quiet())
            self._collection = _passages(self._client)
        except Exception:
            # chromadb 1.5.9 keeps what failed to start and would hand it out again for this path.
            _chromadb().api.client.SharedSystemClient.clear_system_cache()
            raise


class ChromaServerIndex(_Collection):
    """A Chroma server by URL: one collection for each archive, named after it; its edition is the collection's metadata."""

    def __init__(self, url: str, collection: str) -> None:
        self._client = _server(url)
        self._name = collection
        self._collection = _passages(self._client, collection)

    @property
    def edition(self) -> int | None:
        return (self._client.get_collection(self._name, embedding_function=None).metadata or {}).get("edition")

    def add(self, passages: Sequence[StoredPassage]) -> None:
        self._doubt()
        self._add(passages)

    def remove(self, ids: Sequence[str]) -> None:
        self._doubt()
        self._remove(ids)

    def mark(self, edition: int) -> None:
        self._collection.modify(metadata={"edition": edition})

    def clear(self) -> None:
        self._client.delete_collection(self._name)
        self._collection = _passages(self._client, self._name)

    def close(self) -> None:
        """The connection holds nothing that must be let go."""

    def _doubt(self) -> None:
        self._collection.modify(metadata={"in_doubt": True})


def _passages(client: Any, name: str = "passages") -> Any:
    return client.get_or_create_collection(name, configuration=_CONFIGURATION, embedding_function=None)


def _server(url: str) -> Any:
    parts = urlsplit(url if "//" in url else f"http://{url}")
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise WrongUse(f"{url} is no address of a Chroma server: give one such as http://127.0.0.1:8000.")
    try:
        port = parts.port or (443 if parts.scheme == "https" else 8000)
        return _chromadb().HttpClient(host=parts.hostname, port=port, ssl=parts.scheme == "https", settings=_quiet())
    except ValueError as error:  # chromadb's only word for "not there", and a port that is none
        raise WrongUse(
            f"No Chroma server answers at {url}: start one with 'chroma run' or leave the option out."
        ) from error


def _quiet() -> Any:
    return _chromadb().config.Settings(anonymized_telemetry=False)


def _chromadb() -> Any:
    try:
        import chromadb
        import chromadb.config
    except ImportError as error:
        raise MissingExtra("The vector index", "chromadb") from error
    return chromadb
