"""Filter: what the caller allows. The question's own names and days never filter, they only shift scores."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from .stored_passage import StoredPassage


@dataclass(frozen=True, slots=True)
class Filter:
    """What the caller allows: these publishers only, first published from/to these days (both counted in), and the archive
    as it stood at the end of the day ``as_of``: what came later is not there, what was revised since is read as it was."""

    publishers: frozenset[str] = frozenset()
    first: date | None = None
    last: date | None = None
    as_of: date | None = None

    def allows(self, stored: StoredPassage) -> bool:
        """Whether publisher and day pass; `rag.as_of` has put the version of the day there before."""
        article = stored.article
        if self.publishers and article.publisher not in self.publishers:
            return False
        if not (self.first or self.last):
            return True
        day = article.published[:10]
        return bool(day) and (self.first or date.min).isoformat() <= day <= (self.last or date.max).isoformat()

    @property
    def days(self) -> tuple[int, int]:
        """The first and the last day as numbers of the form YYYYMMDD; a day that is not known would be 0."""
        low, high = self.first or date.min, self.last or date.max
        return day_number(low.isoformat()), day_number(high.isoformat())

    def __bool__(self) -> bool:
        return bool(self.publishers or self.first or self.last or self.as_of)


def day_number(time: str) -> int:
    """The day of an ISO 8601 time as a number of the form YYYYMMDD, 0 where it is not known."""
    return int(time[:10].replace("-", "") or 0)
