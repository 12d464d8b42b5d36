"""Workplace: the folder where archives are built for measuring. An archive is made anew once its news, the model or our
code has changed; the vectors, which cost minutes, are kept by the digest of their text."""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from langchain_core.embeddings import Embeddings

from ingest import ingest
from rag.embedder import Embedder, Pieces, Reading
from rag.record_file import FILE
from rag.sentences import Span

_CHUNK = 512
_HOME = Path(__file__).resolve().parents[1]
_CODE = (_HOME / "rag", _HOME / "ingest")


class Workplace:
    """``embedder`` computes, for questions whose time is taken; ``kept`` remembers, for filling archives."""

    def __init__(self, directory: Path, embedder: Embedder) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        self.directory = directory
        self.embedder = embedder
        self.kept = KeptVectors(directory / "vectors.db", embedder)

    def archive(self, name: str, sources: Sequence[Path]) -> Path:
        """An archive of these sources in a folder of this name; whatever else lay there goes."""
        directory, stamp = self.directory / name, self.directory / f"{name}.made-of"
        made_of = _digest(self.embedder.fingerprint, (*sources, *_CODE))
        if stamp.is_file() and stamp.read_text("ascii") == made_of and (directory / FILE).is_file():
            return directory
        stamp.unlink(missing_ok=True)
        if (directory / FILE).is_file():
            shutil.rmtree(directory)
        ingest(sources, into=directory, embedder=self.kept)
        stamp.write_text(made_of, "ascii")
        return directory


class KeptVectors(Embeddings):
    """An embedder that computes no text twice, also in the LangChain form; ``embed_query`` computes always."""

    def __init__(self, file: Path, embedder: Embedder) -> None:
        self._embedder = embedder
        self._db = sqlite3.connect(file)
        self._db.execute("CREATE TABLE IF NOT EXISTS vector (key TEXT PRIMARY KEY, vector BLOB NOT NULL)")
        self._db.execute(
            "CREATE TABLE IF NOT EXISTS reading (key TEXT PRIMARY KEY, vector BLOB NOT NULL, parts BLOB NOT NULL)"
        )

    @property
    def fingerprint(self) -> str:
        return self._embedder.fingerprint

    def vectors(self, texts: Sequence[str]) -> np.ndarray:
        chunks = [texts[begin : begin + _CHUNK] for begin in range(0, len(texts), _CHUNK)]
        return np.vstack([self._chunk(chunk) for chunk in chunks])

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return self.vectors(texts).tolist()

    def embed_query(self, text: str) -> list[float]:
        return self._embedder.vectors([text])[0].tolist()

    def readings(self, texts: Sequence[str], spans: Sequence[Sequence[Span]]) -> list[Reading]:
        keys = [
            self._key(f"{text}\n{[(span.start, span.end) for span in parts]}")
            for text, parts in zip(texts, spans, strict=True)
        ]
        known = self._kept_readings(keys)
        wanted = {key: n for n, key in enumerate(keys) if key not in known}
        if wanted:
            made = self._embedder.readings([texts[n] for n in wanted.values()], [spans[n] for n in wanted.values()])
            self._keep_readings(dict(zip(wanted, made, strict=True)))
            known |= dict(zip(wanted, made, strict=True))
        return [known[key] for key in keys]

    def pieces(self, texts: Sequence[str]) -> list[Pieces]:
        return self._embedder.pieces(texts)

    def _kept_readings(self, keys: Sequence[str]) -> dict[str, Reading]:
        marks = ",".join("?" * len(keys))
        rows = self._db.execute(f"SELECT key, vector, parts FROM reading WHERE key IN ({marks})", keys)
        found = {
            key: (np.frombuffer(vector, np.float32), np.frombuffer(parts, np.float32)) for key, vector, parts in rows
        }
        return {key: Reading(vector, parts.reshape(-1, len(vector))) for key, (vector, parts) in found.items()}

    def _keep_readings(self, readings: dict[str, Reading]) -> None:
        rows = ((key, r.vector.tobytes(), r.parts.astype(np.float32).tobytes()) for key, r in readings.items())
        with self._db:
            self._db.executemany("INSERT OR REPLACE INTO reading VALUES (?, ?, ?)", rows)

    def _chunk(self, texts: Sequence[str]) -> np.ndarray:
        keys = [self._key(text) for text in texts]
        known = self._known(keys)
        wanted = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
        if wanted:
            known |= dict(zip(wanted, self._embedder.vectors(list(wanted.values())), strict=True))
            self._keep({key: known[key] for key in wanted})
        return np.stack([known[key] for key in keys])

    def _key(self, text: str) -> str:
        return hashlib.sha256(f"{self.fingerprint}\n{text}".encode("utf-8", "surrogatepass")).hexdigest()

    def _known(self, keys: Sequence[str]) -> dict[str, np.ndarray]:
        marks = ",".join("?" * len(keys))
        rows = self._db.execute(f"SELECT key, vector FROM vector WHERE key IN ({marks})", keys)
        return {key: np.frombuffer(vector, dtype=np.float32) for key, vector in rows}

    def _keep(self, vectors: dict[str, np.ndarray]) -> None:
        rows = ((key, vector.tobytes()) for key, vector in vectors.items())
        with self._db:
            self._db.executemany("INSERT OR REPLACE INTO vector VALUES (?, ?)", rows)


def _digest(fingerprint: str, places: Iterable[Path]) -> str:
    """SHA-256 of a model's fingerprint and of every file at these places, but for what Python compiled."""
    told = hashlib.sha256(fingerprint.encode())
    for place in places:
        for file in sorted(place.rglob("*")) if place.is_dir() else [place]:
            if file.is_file() and file.suffix != ".pyc":
                told.update(f"\n{file.relative_to(place)}\n".encode() + hashlib.sha256(file.read_bytes()).digest())
    return told.hexdigest()
