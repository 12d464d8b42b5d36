"""Adding from the chat: pasted text, dropped files and addresses, read in the background while the page looks on."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from rag.address import web_address
from rag.embedder import Embedder
from rag.errors import ArchiveBusy, WrongUse

from . import ingest
from .fetching.fetcher import Fetcher
from .report import Report
from .source import Source

_LOOK = 0.2  # seconds between two looks at the report
_PATIENCE = 10.0


def adding(
    archive: Path, embedder: Embedder, pasted: str, files: Sequence[Path], allow_private: bool
) -> Iterator[Report]:
    """The growing report, a few times a second, the finished one last; raises what `ingest` raises.

    ``pasted`` is an article, or web addresses one a line. The files are uploads of ours and are removed afterwards.
    Whoever stops listening stops the reading after the batch at hand.
    """
    places = [*given_places(pasted), *files]
    if not places:
        raise WrongUse("nothing to add: paste an article or an address, or drop files.")
    run = _Run(archive, embedder, places, allow_private)
    run.start()
    try:
        while run.is_alive():
            run.join(_LOOK)
            yield run.report
    finally:
        run.left.set()
    if run.failure is not None:
        raise run.failure  # the files stay for another try
    _discard(files)
    yield run.report


class _Run(threading.Thread):
    def __init__(
        self, archive: Path, embedder: Embedder, places: list[str | Path | Source], allow_private: bool
    ) -> None:
        super().__init__(daemon=True, name="adding")
        self.report = Report()
        self.failure: Exception | None = None
        self.left = threading.Event()
        self._given = {"locations": places, "into": archive, "embedder": embedder, "kills": False}
        self._given["fetcher"] = Fetcher(allow_private=allow_private)

    def run(self) -> None:
        try:
            self.report = self._read()
        except Exception as error:  # noqa: BLE001  handed on to whoever looks on
            self.failure = error

    def _read(self) -> Report:
        """Waits a little for another writer, such as a run that watches a folder."""
        end = time.monotonic() + _PATIENCE
        while True:
            try:
                return ingest(**self._given, progress=self._hear, stop=self.left.is_set)
            except ArchiveBusy:
                if time.monotonic() > end or self.left.is_set():
                    raise
                time.sleep(_LOOK)

    def _hear(self, report: Report) -> None:
        self.report = report


def given_places(pasted: str) -> list[str | Source]:
    """The addresses, where every line is one; else one article, named by what it says."""
    lines = [line.strip() for line in pasted.splitlines() if line.strip()]
    if not lines:
        return []
    if all(map(web_address, lines)):
        return list(lines)
    data = pasted.encode("utf-8", "replace")
    return [Source(f"pasted {hashlib.sha256(data).hexdigest()[:12]}", data)]


def _discard(files: Sequence[Path]) -> None:
    for file in files:
        with suppress(OSError):
            file.unlink()
