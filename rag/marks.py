"""Marks: the numbers of passages that a model cites, in every form in which models write them."""

from __future__ import annotations

import re

# [1], [1, 3], [2-4], also 【1】, [^1], [passage 1], [doc 1], [#1] and 【1†source】, which models write unasked.
_NUMBER = r"[#^§]?\d{1,3}(?:\s*(?:[,;–-]|and|&)\s*(?:passage\s+)?[#^]?\d{1,3})*"
_WHAT = (
    r"(?:passages?|sources?|articles?|documents?|docs?|ref(?:erence)?s?|citations?|notes?|pages?|pp?|no|hit|see)\b\.?"
)
MARK = re.compile(
    rf"[\[【［]\s*(?:{_WHAT}\s*)?({_NUMBER})\.?(?:†[^\]】]*)?\s*[\]】］]"
    r"|【\s*(\d{1,3}:\d{1,3})(?:†[^\]】]*)?\s*】",  # a file of somebody else's search: none of our passages
    re.IGNORECASE,
)
_RANGE = re.compile(r"(\d+)(?:\s*[–-]\s*\^?(\d+))?")
_WIDEST_RANGE = 20


def numbers_of(cited: str) -> tuple[int, ...]:
    numbers: list[int] = []
    for match in _RANGE.finditer(cited):
        first, last = int(match[1]), int(match[2] or match[1])
        numbers += range(first, last + 1) if first <= last <= first + _WIDEST_RANGE else (first, last)
    return tuple(numbers)
