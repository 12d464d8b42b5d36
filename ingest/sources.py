"""From what was typed (files, folders, globs) to sources, opened one at a time and read as a stream."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from glob import glob, has_magic
from pathlib import Path

from rag.errors import WrongUse
from rag.record_file import FILE as ARCHIVE_FILE

from .containers import sources_in
from .containers.names import passed_over
from .containers.opened import MIB, Budget, Limits, Opened, Overspent
from .source import KEPT_OF_UNREADABLE as KEPT_OF_UNREADABLE
from .source import Source, Unreadable

# Where something was read of a file before it was refused, the refusal has a place of its own.
_REST = "the rest"


def find_sources(
    locations: Iterable[str], read: Callable[[int], None] = lambda size: None, *, limits: Limits = Limits()
) -> Iterator[Source | Unreadable]:
    """Every input in the files that the locations name, sorted within a folder, each file once; of a container or a long
    file of lines, everything that is in it.

    Hidden files, README, LICENSE and COPYING are passed over in folders, globs and containers, not where they are named
    themselves. ``read`` is told how many bytes of the files were read since it was last told; at the end these are
    ``size_of(locations)``. Raises WrongUse, before anything is opened, for a location that is not there.
    """
    for file in _each_once([_files(location) for location in locations]):
        yield from _opened(file, read, limits)


def sources_within(source: Source, *, limits: Limits = Limits()) -> Iterator[Source | Unreadable]:
    """The same of bytes that are here already (fetched, or dropped on the page): the source itself, unpacked, or what is
    in it."""
    budget = Budget(max(limits.inflated, limits.ratio * len(source.data)))
    stream = io.BufferedReader(io.BytesIO(source.data), MIB)
    for item in _within_budget(Opened(source.location, stream, budget, limits)):
        itself = isinstance(item, Source) and item.location == source.location
        yield replace(source, data=item.data) if itself else item


def size_of(locations: Iterable[str]) -> int:
    """How many bytes the files hold that the locations name, as they lie there. Raises WrongUse as find_sources does."""
    total = 0
    for file in _each_once([_files(location) for location in locations]):
        with suppress(OSError):
            total += file.stat().st_size
    return total


def _each_once(named: Iterable[Iterable[Path]]) -> Iterator[Path]:
    seen: set[Path] = set()
    for files in named:
        for file in files:
            if (real := file.resolve()) not in seen:
                seen.add(real)
                yield file


def _files(location: str) -> list[Path] | Iterator[Path]:
    path = Path(location)
    if path.is_dir():
        return _within(path)
    if path.exists():
        return [path]
    if not has_magic(location):
        raise WrongUse(f"{location}: there is no such file or folder; give a path or a glob that exists.")
    return _matching(location)


def _matching(pattern: str) -> list[Path]:
    found = [Path(match) for match in sorted(glob(pattern, recursive=True))]
    if not found:
        raise WrongUse(f"{pattern}: nothing matches this; put quotes around a glob, or give a folder.")
    parts = [_within(path) if path.is_dir() else [path] for path in found if not passed_over(path.name)]
    return [file for files in parts for file in files]


def _within(folder: Path) -> Iterator[Path]:
    """The files of a folder and its folders, but of no archive of ours. Links to folders are not followed: they can
    lead in circles."""
    if (folder / ARCHIVE_FILE).is_file():
        return
    for path in sorted(folder.iterdir()):
        if passed_over(path.name):
            continue
        if path.is_dir() and not path.is_symlink():
            yield from _within(path)
        elif not path.is_dir():
            yield path


def _opened(file: Path, read: Callable[[int], None], limits: Limits) -> Iterator[Source | Unreadable]:
    """What is in one file. ``read`` hears of all its bytes in the end, whatever was made of them."""
    # Absolute: the same input, from wherever it is named. A name may hold bytes that are no UTF-8.
    location = os.fsencode(file.absolute()).decode("utf-8", "replace")
    told = 0
    try:
        size = file.stat().st_size
        if not file.is_file():
            yield Unreadable(location, f"{location}: this is no ordinary file: give the news as files.", b"")
            return
        budget = Budget(max(limits.inflated, limits.ratio * size))
        with _Disk(file) as disk:
            opened = Opened(location, io.BufferedReader(disk, MIB), budget, limits)
            for item in _within_budget(opened):
                now = min(disk.read_so_far, size)
                read(now - told)
                told = now
                yield item
        read(size - told)
    except OSError as cause:
        yield Unreadable(location, f"{location}: it cannot be opened ({cause.strerror}): check its permissions.", b"")


def _within_budget(opened: Opened) -> Iterator[Source | Unreadable]:
    beginning = opened.beginning
    try:
        yield from sources_in(opened)
    except Overspent:
        inflated = f"it inflates to more than {opened.limits.ratio} times its size"
        yield opened.unreadable(f"{inflated}: unpack it and give the files.", _REST, beginning)


class _Disk(io.FileIO):
    """Counts what is read of it."""

    def __init__(self, file: Path) -> None:
        super().__init__(os.fspath(file))
        self.read_so_far = 0

    def readinto(self, buffer: memoryview) -> int:
        size = super().readinto(buffer) or 0
        self.read_so_far += size
        return size
