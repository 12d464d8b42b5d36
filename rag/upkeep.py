"""Upkeep: is the archive sound, do the indexes agree with it, and how they are made to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from .archive import Archive
from .embedder import embedder_named
from .index.difference import Difference
from .index.pair import IndexPair
from .reading import embedding_key, readings_of

Progress = Callable[[str, int, int], None]
_BATCH = 96


@dataclass(frozen=True, slots=True)
class Findings:
    """What `verify` saw: counts, SQLite's word on its file, ids that their content no longer hashes to, differences."""

    counts: dict[str, int]
    file: str
    altered: tuple[str, ...]
    differences: tuple[Difference, ...]

    @property
    def sound(self) -> bool:
        return self.file == "ok" and not self.altered and not self.differences

    def lines(self) -> Iterator[str]:
        yield ", ".join(f"{count} {name}" for name, count in self.counts.items())
        yield f"archive file: {self.file}"
        if self.altered:
            yield f"changed behind our back: {len(self.altered)} revisions or passages, such as {self.altered[0]}"
        for difference in self.differences:
            yield f"{difference.index} index: {len(difference.missing)} missing, {len(difference.surplus)} too many"
        yield "All agree." if self.sound else "They differ: mend it with 'python -m rag repair'."

    def to_json(self) -> dict[str, Any]:
        return {
            "sound": self.sound,
            "counts": self.counts,
            "file": self.file,
            "altered": list(self.altered),
            "differences": [
                {"index": d.index, "missing": sorted(d.missing), "surplus": sorted(d.surplus)} for d in self.differences
            ],
        }


def verify(archive: Archive) -> Findings:
    """Compares the stores as exact sets of ids, and mends nothing. Raises ArchiveBusy while an ingest runs."""
    pair = IndexPair.for_inspection(archive)
    try:
        return Findings(archive.counts(), archive.integrity(), tuple(archive.altered()), tuple(pair.differences()))
    finally:
        pair.close()


def repair(archive: Archive, progress: Progress) -> int:
    """Rebuilds both indexes from the archive's own vectors; returns the number of passages. ArchiveBusy.

    Only vectors that are gone from the archive itself are computed anew.
    """
    pair = IndexPair.for_writing(archive)
    total, done = archive.size(), dict[str, int]()

    def told(index: str, added: int) -> None:
        done[index] = done.get(index, 0) + added
        progress(f"{index} index", done[index], total)

    try:
        if gone := archive.passages_without_vectors():
            archive.put_embeddings(readings_of(gone, embedder_named(archive.embedder_name)))
        pair.rebuild(told)
        return total
    finally:
        pair.close()


def re_embed(archive: Archive, name: str | None, progress: Progress) -> None:
    """Embeds every passage with another model, batch by batch beside the old vectors, which serve until all is done. A
    run that was interrupted goes on where it was. ArchiveBusy."""
    embedder = embedder_named(name)
    pair = IndexPair.for_inspection(archive)
    try:
        known = archive.begin_embedding_anew(embedder.fingerprint)
        keyed = {embedding_key(s.article, s.passage): (s.article, s.passage) for s in archive.passages_since()}
        wanted = [passage for key, passage in keyed.items() if key not in known]
        for begin in range(0, len(wanted), _BATCH):
            batch = wanted[begin : begin + _BATCH]
            archive.put_embeddings(readings_of(batch, embedder), "embedding_anew")
            progress("embedding", begin + len(batch), len(wanted))
        pair.forget_vectors()  # the same ids will stand for other vectors: nothing of the index can be kept
        archive.end_embedding_anew(embedder.fingerprint)
    finally:
        pair.close()
