"""Cards: what is known of each passage without reading its article, a row each, as in the drawers of a newspaper's morgue.

A passage's id holds its article's revision, so that nothing on its card ever changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import compress

import numpy as np

from ..filter import Filter, day_number
from ..stored_passage import StoredPassage
from .passage_index import Listed

# Times as ISO 8601, empty where unknown; ``first`` is the earliest publication that any version of the article states.
CARD = np.dtype(
    [("high", "<u8"), ("low", "<u8"), ("article", "<u8"), ("publisher", "<u4"), ("position", "<u4")]
    + [(name, "S20") for name in ("published", "updated", "usable_from", "first")]
)
_DIGITS = [0, 1, 2, 3, 5, 6, 8, 9]  # of YYYY-MM-DD
_POWERS = 10 ** np.arange(7, -1, -1, dtype=np.int32)


def card(stored: StoredPassage, publisher: int) -> tuple:
    """The row of `CARD` for a passage whose publisher has this number."""
    article, passage_id = stored.article, stored.passage.id
    place = int(passage_id[:16], 16), int(passage_id[16:], 16), int(article.id, 16), publisher, stored.passage.position
    times = article.published, article.updated, article.usable_from, stored.first
    return *place, *(time.encode() for time in times)


class Cards:
    """The cards of all rows and the columns that are asked for often; ``names`` are the publishers by their numbers.
    A row of zeros holds nothing (any more)."""

    def __init__(self, rows: np.ndarray, names: Sequence[str]) -> None:
        self._rows = rows
        self._names = names
        self._keys = np.ascontiguousarray(rows["high"])
        self._order = np.argsort(self._keys, kind="stable")
        self._sorted = self._keys[self._order]
        self._publisher = np.ascontiguousarray(rows["publisher"])
        self._day, self._first = _days(rows["published"]), _days(rows["first"])
        self._held = np.flatnonzero(rows["usable_from"] != b"")
        self._last: tuple[Filter, str, np.ndarray] | None = None

    def __len__(self) -> int:
        return len(self._rows)

    def size(self) -> int:
        """How many rows hold a passage."""
        return int(np.count_nonzero(self._keys))

    def ids(self, rows: np.ndarray | None = None) -> list[str]:
        taken = self._rows[np.flatnonzero(self._keys) if rows is None else rows]
        return _digits(np.stack([taken["high"], taken["low"]], axis=1))

    def rows(self, ids: Sequence[str]) -> np.ndarray:
        """The row of each id, -1 where there is none."""
        wanted = np.frombuffer(bytes.fromhex("".join(ids)), dtype=">u8").astype(np.uint64).reshape(-1, 2)
        if not len(self):
            return np.full(len(ids), -1)
        places = np.minimum(np.searchsorted(self._sorted, wanted[:, 0]), len(self) - 1)
        rows = self._order[places]
        found = self._rows[rows]
        return np.where((found["high"] == wanted[:, 0]) & (found["low"] == wanted[:, 1]), rows, -1)

    def allowed(self, only: Filter, now: str) -> np.ndarray:
        """By row whether the filter lets it pass and it may be used ``now`` (ISO 8601), shape (rows,).

        ``as_of`` keeps what may have stood that day; who reads the versions sees whether it did.
        """
        if self._last and self._last[:2] == (only, now):
            return self._last[2]
        passing = self._keys != 0
        if only.publishers:
            passing &= np.array([name in only.publishers for name in self._names], dtype=bool)[self._publisher]
        if only.first or only.last:
            low, high = only.days
            # As of a day an earlier version may state an earlier publication.
            passing &= (self._day >= low) & ((self._first if only.as_of else self._day) <= high)
        if only.as_of:
            passing &= self._first <= day_number(only.as_of.isoformat())
        passing[self._held] &= self._rows["usable_from"][self._held] <= now.encode()
        self._last = (only, now, passing)  # a question asks twice
        return passing

    def listed(self, ids: Sequence[str], only: Filter, now: str) -> tuple[dict[str, Listed], list[str]]:
        """What the cards say of the passages that may be used and pass; and the ids that have no card."""
        if not len(self):
            return {}, list(ids)
        rows = self.rows(ids)
        unknown = rows < 0
        cards = self._rows[rows]
        passing = (cards["usable_from"] <= now.encode()) & ~unknown
        if only:
            passing &= self.allowed(only, now)[rows]
        if passing.all():
            return dict(zip(ids, self._listed(ids, cards), strict=True)), []
        kept = list(compress(ids, passing.tolist()))
        told = zip(kept, self._listed(kept, cards[passing]), strict=True)
        return dict(told), list(compress(ids, unknown.tolist()))

    def _listed(self, ids: Sequence[str], cards: np.ndarray) -> Iterator[Listed]:
        publishers = map(self._names.__getitem__, cards["publisher"].tolist())
        times = (cards[name].astype("U20").tolist() for name in ("published", "updated"))
        columns = zip(ids, _digits(cards["article"]), publishers, *times, cards["position"].tolist(), strict=True)
        return map(Listed._make, columns)


def _digits(numbers: np.ndarray) -> list[str]:
    """Numbers, shape (rows,) or (rows, parts), as the hexadecimal digits that they were read from, a row each."""
    digits = numbers.astype(">u8").tobytes().hex()
    width = 16 * (numbers.size // max(1, len(numbers)))
    return [digits[begin : begin + width] for begin in range(0, len(digits), width or 16)]


def _days(times: np.ndarray) -> np.ndarray:
    """ISO times -> YYYYMMDD as a number, 0 where the time is unknown, shape (rows,)."""
    letters = np.ascontiguousarray(times).view(np.uint8).reshape(len(times), times.dtype.itemsize)
    digits = letters[:, _DIGITS].astype(np.int32) - ord("0")
    return np.where(letters[:, 0] > 0, digits @ _POWERS, 0)


def numbers(names: Iterable[str], known: list[str]) -> dict[str, int]:
    """Publisher -> its number; new names are put behind the ``known`` ones."""
    places = {name: n for n, name in enumerate(known)}
    for name in names:
        if name not in places:
            places[name] = len(known)
            known.append(name)
    return places
