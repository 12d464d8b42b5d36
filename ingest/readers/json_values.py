"""The JSON values of a source one after the other: one object, an array of them, or one a line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from json import JSONDecoder

from rag.errors import ReaderError

_decode = JSONDecoder(strict=False).raw_decode
_BETWEEN = " \t\r\n,\ufeff\0"
# Each failure costs a look at all that went before it.
_MOST_BROKEN = 50
_NEXT_OBJECT = re.compile(r"\n\s{0,40}\{")


def json_values(text: str) -> Iterator[object]:
    """Each value, or in its place a ReaderError with the damaged text; the reading goes on at the next line that begins
    an object, and ends after fifty damaged ones. An array that is not closed ends in a ReaderError."""
    position = _past(text, 0)
    in_array = text[position : position + 1] == "["
    position, broken = _past(text, position + in_array), 0
    while position < len(text) and not (in_array and text[position] == "]"):
        try:
            value, end = _decode(text, position)
        except (ValueError, RecursionError) as cause:
            broken += 1
            following = _NEXT_OBJECT.search(text, position + 1) if broken < _MOST_BROKEN else None
            end = following.start() if following else len(text)
            value = _broken(text[position:end], cause)
        yield value
        position = _past(text, end)
    if in_array and position >= len(text):
        yield ReaderError("the JSON array is cut off: fetch the file anew.", b"")


def _past(text: str, position: int) -> int:
    while position < len(text) and text[position] in _BETWEEN:
        position += 1
    return position


def _broken(text: str, cause: Exception) -> ReaderError:
    raw = text.encode("utf-8", "backslashreplace")
    if isinstance(cause, RecursionError):
        return ReaderError("a record is nested too deeply: flatten it.", raw)
    return ReaderError(f"a record is not valid JSON ({cause}): repair or drop it.", raw)
