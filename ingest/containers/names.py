"""What members are called: a name out of a container is a label and never a place on a disk."""

from __future__ import annotations

import re

from ..clean import visible

_LONGEST = 300
_NOT_NEWS = re.compile(r"(?:readme|licen[cs]e|copying)(?:\.(?:md|txt|rst))?", re.IGNORECASE)
_NO_PLACE = {"", ".", ".."}


def passed_over(name: str) -> bool:
    """Hidden files, README, LICENSE, COPYING and what macOS puts beside the files of a ZIP."""
    return name.startswith(".") or name == "__MACOSX" or _NOT_NEWS.fullmatch(name) is not None


def parts_of(name: str) -> list[str]:
    """The parts of a member's name without those that lead elsewhere: ``../../etc/passwd`` is etc, passwd. Bytes that
    are no UTF-8 (tarfile has them as surrogates) become U+FFFD."""
    text = name.encode("utf-8", "surrogateescape" if _escaped(name) else "replace").decode("utf-8", "replace")
    parts = (" ".join(visible(part).split()) for part in text.replace("\\", "/").split("/"))
    return [part for part in parts if part not in _NO_PLACE]


def _escaped(name: str) -> bool:
    return all(not "\ud800" <= letter <= "\udfff" or "\udc80" <= letter <= "\udcff" for letter in name)


class Labels:
    """The labels of one container's members, each given once: a second ``a.html`` is ``(2)/a.html``."""

    def __init__(self) -> None:
        self.count = 0
        self._given: dict[int, int] = {}

    def label(self, parts: list[str]) -> str:
        self.count += 1
        label = "/".join(parts) or "no name"
        label = label if len(label) <= _LONGEST else f"…{label[1 - _LONGEST :]}"
        times = self._given[hash(label)] = self._given.get(hash(label), 0) + 1
        return label if times == 1 else f"({times})/{label}"
