"""Watcher: follows folders and feeds, and reads what arrives within seconds."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable, Iterator
from fnmatch import fnmatch
from glob import glob, has_magic
from pathlib import Path
from threading import Event

from rag.address import web_address
from rag.errors import ArchiveBusy, WrongUse
from rag.record_file import FILE as ARCHIVE_FILE

from .containers.names import passed_over
from .report import Report

# A file is read once nothing was written to it for so long: half a file is no news.
SETTLED = 1.0
FEEDS_EVERY = 300.0
_TICK_MS = 250


class Watcher:
    """``read`` ingests a list of locations. Files of the folders are read when they come or change, addresses
    (feeds, sitemaps, single articles) every ``feeds_every`` seconds; while another process writes to the archive what
    has come waits."""

    def __init__(
        self,
        locations: Iterable[str],
        read: Callable[[list[str]], Report],
        *,
        feeds_every: float = FEEDS_EVERY,
        settled: float = SETTLED,
    ) -> None:
        given = list(locations)
        self._addresses = [location for location in given if web_address(location)]
        self._paths = [location for location in given if not web_address(location)]
        self._read = read
        self._feeds_every = feeds_every
        self._settled = settled
        self._changed: dict[str, float] = {}
        self._feeds_due = 0.0

    def reports(self, stop: Event) -> Iterator[Report]:
        """First of everything that is there, then of each arrival; ends when ``stop`` is set."""
        ticks = _changes({_folder(path) for path in self._paths}, stop)
        next(ticks, None)  # what comes during the first reading is seen only if somebody watches already
        yield from self._tried(self._paths)
        self._feeds_due = time.monotonic()
        for changes in ticks:
            now = time.monotonic()
            self._changed |= {path: now for path in changes if self._is_wanted(path)}
            ripe = [path for path, last in self._changed.items() if now - last >= self._settled]
            due = self._addresses if self._addresses and now >= self._feeds_due else []
            if ripe or due:
                yield from self._tried(ripe + due)

    def _tried(self, locations: list[str]) -> Iterator[Report]:
        present = [location for location in locations if location in self._addresses or _is_there(location)]
        try:
            report = self._read(present) if present else None
        except ArchiveBusy:
            now = time.monotonic()
            self._changed |= {path: now for path in present if path in self._paths or path not in self._addresses}
            return
        except WrongUse as gone:  # a file that was taken away again before it was read
            print(gone, file=sys.stderr)
            report = None
        for location in locations:
            self._changed.pop(location, None)
        if set(locations) & set(self._addresses):
            self._feeds_due = time.monotonic() + self._feeds_every
        if report is not None:
            yield report

    def _is_wanted(self, path: str) -> bool:
        """Whether a changed file is one that reading the folder or the glob would take: nothing hidden, no README, and
        nothing of an archive of ours."""
        return any(_is_within(Path(path), place) for place in self._paths)


def _changes(folders: set[Path], stop: Event) -> Iterator[set[str]]:
    """What changed on the disk, four times a second, an empty set where nothing did."""
    if not folders:
        while not stop.wait(_TICK_MS / 1000):
            yield set()
        return
    from watchfiles import Change, watch

    ticks = watch(*folders, stop_event=stop, yield_on_timeout=True, rust_timeout=_TICK_MS, debounce=_TICK_MS, step=50)
    for changes in ticks:
        yield {path for change, path in changes if change is not Change.deleted}


def _folder(path: str) -> Path:
    """What has to be watched for a location: the folder itself, or the one that holds the file or the glob."""
    place = Path(path)
    while has_magic(str(place)) or place.is_file():
        place = place.parent
    if not place.is_dir():
        raise WrongUse(f"{path}: there is no such folder to watch; make it first, or give one that exists.")
    return place.resolve()


def _is_there(location: str) -> bool:
    return bool(glob(location, recursive=True)) if has_magic(location) else Path(location).exists()


def _is_within(path: Path, place: str) -> bool:
    if has_magic(place):
        root, wanted = _folder(place), fnmatch(str(path), _resolved_glob(place))
    else:
        root = Path(place).resolve()
        wanted = path == root or (root.is_dir() and path.is_relative_to(root))
    if not wanted or path == root:
        return wanted
    below = path.relative_to(root)
    ours = any((folder / ARCHIVE_FILE).is_file() for folder in [root, *(root / part for part in below.parents)])
    return not ours and not any(passed_over(part) for part in below.parts)


def _resolved_glob(pattern: str) -> str:
    """The glob as the watched paths are told: without links in the folders before its first sign."""
    root = _folder(pattern)
    given = Path(pattern).absolute()
    depth = next(n for n, part in enumerate(given.parts) if has_magic(part))
    return str(root.joinpath(*given.parts[depth:]))
