"""Redaction: a name replaced in place, as courts order it (Hurbain v. Belgium, ECtHR 2023), with a trail.

The trail must not hold the name itself: a rule keeps a salted hash of its words and how many they are, which is enough
to find the name again in whatever arrives later, in any case and spacing.
"""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from .archive import Archive
from .article import HASHED, Article

_WORD = re.compile(r"\w+")
_LONGEST_GAP = 3
_TEXTS = ("headline", "standfirst", "body", "section", "dateline", "correction", "credit")


@dataclass(frozen=True, slots=True)
class Redaction:
    """One rule of the trail. ``scope`` is empty for all articles, else ``article:ID`` or ``publisher:NAME``."""

    digest: str
    words: int
    scope: str
    replacement: str
    reason: str
    made: str
    articles: int

    def covers(self, article: Article) -> bool:
        return self.scope in ("", f"article:{article.id}", f"publisher:{article.publisher}")


@dataclass(frozen=True, slots=True)
class Redacted:
    """A text after redaction, and where its places have moved to."""

    text: str
    spans: tuple[tuple[int, int], ...]
    replacement: str

    def moved(self, place: int) -> int:
        """Where a place of the old text is now; one inside a redacted name is at the end of its replacement."""
        before = bisect_right([end for _, end in self.spans], place)
        shift = sum(len(self.replacement) - (end - start) for start, end in self.spans[:before])
        if before < len(self.spans) and self.spans[before][0] < place:
            return self.spans[before][0] + len(self.replacement) + shift
        return place + shift


class Redactor:
    """The rules of an archive, ready to be applied to what arrives."""

    def __init__(self, archive: Archive) -> None:
        self._salt = archive.setting("name") or ""
        self.rules = [Redaction(*row) for row in archive.redactions()]

    def rule(self, name: str, scope: str, replacement: str, reason: str, made: str) -> Redaction:
        words = _WORD.findall(name)
        return Redaction(self._digest(words), len(words), scope, replacement, reason, made, 0)

    def applied(self, article: Article, rules: Iterable[Redaction] | None = None) -> Article:
        """The article with every covered name replaced; the same object where there is nothing to replace."""
        for rule in self.rules if rules is None else rules:
            if rule.covers(article):
                article = self._without(article, rule)
        return article

    def redacted(self, text: str, rule: Redaction) -> Redacted:
        spans = tuple(self._found(text, rule))
        parts, at = [], 0
        for start, end in spans:
            parts += [text[at:start], rule.replacement]
            at = end
        return Redacted("".join([*parts, text[at:]]), spans, rule.replacement)

    def _without(self, article: Article, rule: Redaction) -> Article:
        changed = {name: self.redacted(getattr(article, name), rule).text for name in _TEXTS}
        changed["bylines"] = tuple(self.redacted(name, rule).text for name in article.bylines)
        # A name in an address or an identity cannot be replaced there: the address goes, of the identity the hash stays.
        if any(self._found(article.url.replace("_", "-"), rule)):
            changed["url"] = ""
        if any(self._found(article.identity.replace("_", "-"), rule)):
            changed["identity"] = HASHED + article.id
        return article if all(getattr(article, k) == v for k, v in changed.items()) else replace(article, **changed)

    def _found(self, text: str, rule: Redaction) -> Iterator[tuple[int, int]]:
        """The spans of the name, from left to right, without overlap."""
        words, free = list(_WORD.finditer(text)), 0
        for n in range(len(words) - rule.words + 1):
            window = words[n : n + rule.words]
            if (
                window[0].start() >= free
                and _close(window)
                and self._digest([w.group() for w in window]) == rule.digest
            ):
                free = window[-1].end()
                yield window[0].start(), free

    def _digest(self, words: list[str]) -> str:
        return hashlib.sha256("\x1f".join([self._salt, *(w.casefold() for w in words)]).encode()).hexdigest()[:32]


def _close(window: list[re.Match[str]]) -> bool:
    return all(b.start() - a.end() <= _LONGEST_GAP for a, b in zip(window, window[1:], strict=False))
