"""Days of a sentence that its source does not name; a weekday and a date may stand for each other."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date

from ..citation import Citation
from .dates import DATE, MONTH, WEEKDAY, date_parts, days_in, published, resolved, same_day, spelt


def wrong_days(text: str, citations: Sequence[Citation], passages: str) -> Iterator[str]:
    """Days in the sentence that the passages do not name; a weekday and a date may stand for each other."""
    known = [day for citation in citations for day in days_in(citation.passage.text, published(citation))]
    quoted = [day for citation in citations for day in days_in(citation.quote, published(citation))]
    own = [day for citation in citations if (day := published(citation))]
    text = spelt(text)
    for match in DATE.finditer(text):
        if not any(same_day(date_parts(match), day) for day in known + own):
            yield f"{match[0]} is not in the source"
    held = set(WEEKDAY.findall(passages)) | {f"{day:%A}" for day in quoted}
    if not held or any(c.article.publisher and c.article.publisher in text for c in citations):
        held |= {f"{day:%A}" for day in own}
    yield from (f"{day} is not in the source" for day in WEEKDAY.findall(text) if day not in held)
    meant = [date.fromisoformat(f"{day}-01") for one in citations for day in resolved(one) if len(day) == 7]
    yield from _wrong_months(text, f"{spelt(passages)} {' '.join(f'{day:%B}' for day in (*known, *own, *meant))}")


def _wrong_months(text: str, evidence: str) -> Iterator[str]:
    for month in re.findall(
        rf"(?i:\b(?:in|since|until|by|from|for|to|last|next|early|late|mid|of)[ -])({MONTH})\b", text
    ):
        if not re.search(rf"\b{month}\b", evidence):
            yield f"{month} is not in the source"
