"""Coverage: what the archive knows of the names in a question, found by the lexical index and read from the record."""

from __future__ import annotations

import json
from datetime import date

from .archive import Archive
from .clock import utc_now
from .events import first_day
from .index.lexical import LexicalIndex
from .period import end_of_day

# Passages that are looked at; what is in more of them is too common to tell one event by.
_MOST = 400


class Coverage:
    """Answers the questions that `rag.question.understand` has about an archive; milliseconds each, nothing is kept."""

    def __init__(self, archive: Archive, lexical: LexicalIndex) -> None:
        self._archive = archive
        self._lexical = lexical

    def bylines(self, words: str) -> set[str]:
        """The bylines of the archive's articles in whose credit all these words stand."""
        rows = self._told("credit", words, "json_extract(r.article, '$.bylines')")
        return {byline for (bylines,) in rows for byline in json.loads(bylines)}

    def first_day(self, event: str, until: date) -> date | None:
        """The day of the first headline that tells of the event, of those until a day; None where that is not clear."""
        rows = self._told("context", event, "json_extract(r.article, '$.headline'), r.published")
        if len(rows) >= _MOST:
            return None
        return first_day(event, [(headline, time) for headline, time in rows if time <= end_of_day(until)])

    def _told(self, field: str, words: str, columns: str) -> list[tuple]:
        """One row for each passage of which the words stand in this field."""
        ids = self._lexical.holding(field, words, _MOST)
        marks = ",".join("?" * len(ids))
        return self._archive.rows(
            f"SELECT {columns} FROM passage p JOIN revision r ON r.revision = p.revision "
            f"WHERE p.id IN ({marks}) AND r.usable_from <= ?",
            [*ids, utc_now()],
        )
