"""From what was typed (files, folders, globs) to sources, opened one at a time."""

from __future__ import annotations

import gzip
import io
import os
import re
import zlib
from collections.abc import Iterable, Iterator
from glob import glob, has_magic
from pathlib import Path

from rag.errors import WrongUse
from rag.record_file import FILE as ARCHIVE_FILE

from .source import Source, Unreadable

MIB = 1024 * 1024
MAX_FILE = 64 * MIB
MAX_INFLATED = 64 * MIB
KEPT_OF_UNREADABLE = MIB
_GZIP = b"\x1f\x8b"
_NOT_NEWS = re.compile(r"(?:readme|licen[cs]e|copying)(?:\.(?:md|txt|rst))?", re.IGNORECASE)


def find_sources(locations: Iterable[str]) -> Iterator[Source | Unreadable]:
    """Every file that the locations name, sorted within a folder, each file once.

    Hidden files, README, LICENSE and COPYING are passed over in folders and globs, not where they are named themselves.
    Raises WrongUse, before anything is opened, for a location that is not there.
    """
    named = [(location, _files(location)) for location in locations]
    seen: set[Path] = set()
    for _, files in named:
        for file in files:
            if (real := file.resolve()) not in seen:
                seen.add(real)
                yield _opened(file)


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
    parts = [_within(path) if path.is_dir() else [path] for path in found if not _passed_over(path.name)]
    return [file for files in parts for file in files]


def _within(folder: Path) -> Iterator[Path]:
    """The files of a folder and its folders, but of no archive of ours. Links to folders are not followed: they can
    lead in circles."""
    if (folder / ARCHIVE_FILE).is_file():
        return
    for path in sorted(folder.iterdir()):
        if _passed_over(path.name):
            continue
        if path.is_dir() and not path.is_symlink():
            yield from _within(path)
        elif not path.is_dir():
            yield path


def _passed_over(name: str) -> bool:
    return name.startswith(".") or _NOT_NEWS.fullmatch(name) is not None


def _opened(file: Path) -> Source | Unreadable:
    # Absolute: the same input, from wherever it is named. A name may hold bytes that are no UTF-8.
    location = os.fsencode(file.absolute()).decode("utf-8", "replace")
    try:
        size = file.stat().st_size
        data = file.read_bytes() if size <= MAX_FILE and file.is_file() else _beginning(file)
    except OSError as cause:
        return Unreadable(location, f"{location}: it cannot be opened ({cause.strerror}): check its permissions.", b"")
    if not file.is_file():
        return Unreadable(location, f"{location}: this is no ordinary file: give the news as files.", b"")
    if size > MAX_FILE:
        return Unreadable(location, _too_large(location, "is", MAX_FILE), data)
    return _inflated(location, data) if data.startswith(_GZIP) else Source(location, data)


def _beginning(file: Path) -> bytes:
    if not file.is_file():
        return b""
    with file.open("rb") as stream:
        return stream.read(KEPT_OF_UNREADABLE)


def _inflated(location: str, packed: bytes) -> Source | Unreadable:
    try:
        with gzip.open(io.BytesIO(packed)) as stream:
            data = stream.read(MAX_INFLATED + 1)
    except (OSError, EOFError, zlib.error) as cause:
        reason = f"{location}: the gzip data is damaged or cut off ({cause}): fetch the file anew."
        return Unreadable(location, reason, packed[:KEPT_OF_UNREADABLE])
    if len(data) > MAX_INFLATED:
        return Unreadable(location, _too_large(location, "inflates to", MAX_INFLATED), packed[:KEPT_OF_UNREADABLE])
    return Source(location, data)


def _too_large(location: str, verb: str, limit: int) -> str:
    return f"{location}: it {verb} more than {limit // MIB} MiB: split it into smaller files."
