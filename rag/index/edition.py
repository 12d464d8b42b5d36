"""The edition of the archive that an index on disk reflects: a small file in its folder, absent while in doubt."""

from __future__ import annotations

import os
import shutil
from pathlib import Path


class EditionFile:
    """One number. It is removed before an index is written to and put back after; lost with its folder."""

    def __init__(self, directory: Path) -> None:
        self._path = directory / "edition"

    def read(self) -> int | None:
        try:
            return int(self._path.read_text())
        except (FileNotFoundError, ValueError):
            return None

    def doubt(self) -> None:
        self._path.unlink(missing_ok=True)

    def write(self, edition: int) -> None:
        draft = self._path.with_suffix(".new")
        draft.write_text(str(edition))
        os.replace(draft, self._path)


def discard(directory: Path) -> None:
    """Throws away the folder of an index, its edition first: a half-deleted one must not look whole."""
    EditionFile(directory).doubt()
    shutil.rmtree(directory, ignore_errors=True)
