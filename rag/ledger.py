"""What became of every input: inputs = stored + unchanged + duplicate + quarantined (the barred among them)."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

_WITHIN = re.compile(r"!(?=/|from line )")


class Outcome(StrEnum):
    """``stored``: a new article or version. ``unchanged``: the archive has it from this very input. ``duplicate``:
    another input brought the same. ``quarantined``: no article can be made of it; the raw bytes are kept.
    ``barred``: a tombstone keeps it out, and nothing of it is kept; counted with the quarantined."""

    STORED = "stored"
    UNCHANGED = "unchanged"
    DUPLICATE = "duplicate"
    QUARANTINED = "quarantined"
    BARRED = "barred"


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerEntry:
    """One input: the ``position``-th record (from 0) of the source at ``location``."""

    location: str
    position: int
    outcome: Outcome
    digest: str = ""
    reason: str = ""
    article_id: str = ""
    raw: bytes | None = None

    @property
    def input_id(self) -> str:
        return input_id(self.location, self.position)


def input_id(location: str, position: int) -> str:
    """16 hexadecimal digits that name one input across runs."""
    return hashlib.sha256(f"{location}\x1f{position}".encode("utf-8", "surrogatepass")).hexdigest()[:16]


def file_of(location: str) -> str:
    """The file (or address) that a place lies in: "/x/news.zip" for "/x/news.zip!/folder/page.html".

    A folder's name may end with "!" as well: it is the shortest part that is a file.
    """
    ends = [found.start() for found in _WITHIN.finditer(location)]
    return next((location[:end] for end in ends if Path(location[:end]).is_file()), location)
