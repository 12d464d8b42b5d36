"""Containers: what holds other inputs (packed data, ZIP, tar, web archives, long files of lines), known by content.

Every part becomes a Source under the label of its container, ``news.zip!/folder/page.html``. Nothing is ever written,
no name or link inside is followed, and nothing is held in memory but one input (of a file of lines, one piece).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ..source import Source, Unreadable
from .opened import CutOff, Damaged, Opened, taken
from .packed import unpacked

Reading = Callable[[Opened], Iterator[Source | Unreadable]]


def sources_in(opened: Opened) -> Iterator[Source | Unreadable]:
    """The inputs in one file or member: itself, or what it holds. What cannot be read is told as one Unreadable.

    Raises Overspent where it inflates to more than it may.
    """
    try:
        inner = unpacked(opened) or opened
        reading = _container(inner)
        if reading and opened.depth >= opened.limits.depth:
            depth = opened.limits.depth
            yield opened.unreadable(f"it lies more than {depth} containers deep: unpack those around it.")
        else:
            yield from (reading or _itself)(inner)
    except Damaged as cause:
        what = "gzip data is" if opened.beginning.startswith(b"\x1f\x8b") else "data are"
        yield opened.unreadable(f"the {what} damaged or cut off ({cause}): fetch the file anew.")


def _container(opened: Opened) -> Reading | None:
    head = opened.beginning
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        from .zip_file import sources_in_zip

        return sources_in_zip
    if head.startswith((b"WARC/0.", b"WARC/1.", b"filedesc://")):
        from .web_archive import sources_in_web_archive

        return sources_in_web_archive
    from .tar_file import is_tar, sources_in_tar

    return sources_in_tar if is_tar(head) else None


def _itself(opened: Opened) -> Iterator[Source | Unreadable]:
    """One Source; more only where it is too long for one and has lines, or where it has lines and its end is missing."""
    from .lines import cut_lines, kind_of_lines, pieces

    beginning = opened.beginning
    data = taken(opened.stream, opened.limits.whole + 1)
    if len(data) > opened.limits.whole:
        kind = kind_of_lines(opened.location, beginning)
        yield from pieces(opened, data, kind) if kind else (opened.too_large(),)
        return
    try:
        opened.stream.peek(1)
    except CutOff as cut:
        if b"\n" not in data or not kind_of_lines(opened.location, beginning):
            raise
        yield from cut_lines(opened, data, cut)
    else:
        yield Source(opened.location, data)
