"""Redaction: a name replaced in place, as courts order it (Hurbain v. Belgium, ECtHR 2023), with a trail.

The trail must not hold the name itself: a rule keeps a salted hash of its words and how many they are, which is enough
to find the name again in whatever arrives later, in any case and spacing.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from urllib.parse import unquote

from .archive import Archive
from .article import HASHED, Article

_WORD = re.compile(r"\w+")
_LONGEST_GAP = 3
_TEXTS = ("headline", "standfirst", "body", "section", "dateline", "correction", "credit", "publisher", "originator")


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
    """A text after redaction; ``spans`` are start and end of each name in the old one and the length of what replaced it."""

    text: str
    spans: tuple[tuple[int, int, int], ...]

    def moved(self, place: int) -> int:
        """Where a place of the old text is now; one inside a redacted name is at the end of its replacement."""
        shift = 0
        for start, end, length in self.spans:
            if place <= start:
                break
            if place < end:
                return start + shift + length
            shift += length - (end - start)
        return place + shift


class Redactor:
    """The rules of an archive, ready to be applied to what arrives; the longer name first, so that of "Ann Example" and
    "Ann" both are found."""

    def __init__(self, archive: Archive) -> None:
        self._salt = archive.setting("name") or ""
        self.rules = sorted((Redaction(*row) for row in archive.redactions()), key=lambda rule: -rule.words)

    def rule(self, name: str, scope: str, replacement: str, reason: str, made: str) -> Redaction:
        words = _WORD.findall(unicodedata.normalize("NFC", name))
        return Redaction(self._digest(words), len(words), scope, replacement, reason, made, 0)

    def applied(self, article: Article, rules: Sequence[Redaction] | None = None) -> Article:
        """The article with every covered name replaced; the same object where there is nothing to replace."""
        covering = [rule for rule in (self.rules if rules is None else rules) if rule.covers(article)]
        return self._without(article, covering) if covering else article

    def redacted(self, text: str, rules: Sequence[Redaction]) -> Redacted:
        found = list(self._found(text, rules))
        parts, at = [], 0
        for start, end, rule in found:
            parts += [text[at:start], rule.replacement]
            at = end
        moved = tuple((start, end, len(rule.replacement)) for start, end, rule in found)
        return Redacted("".join([*parts, text[at:]]), moved)

    def is_named_in(self, text: str, rules: Sequence[Redaction] | None = None) -> bool:
        """Whether a redacted name stands in a text, an address or raw bytes, in whatever scope."""
        rules = self.rules if rules is None else rules
        return bool(rules) and any(self._found(_spread(text), rules))

    def spellings(self, text: str, rules: Sequence[Redaction]) -> set[str]:
        """How the name is spelled there, letter by letter."""
        return {text[start:end] for start, end, _ in self._found(text, rules)}

    def _without(self, article: Article, rules: Sequence[Redaction]) -> Article:
        changed = {name: self.redacted(getattr(article, name), rules).text for name in _TEXTS}
        changed["bylines"] = tuple(self.redacted(name, rules).text for name in article.bylines)
        # A name in an address or an identity cannot be replaced there: the address goes, of the identity the hash stays.
        changed |= {name: "" for name in ("url", "guid") if self.is_named_in(getattr(article, name), rules)}
        if self.is_named_in(article.identity, rules):
            changed["identity"] = HASHED + article.id
        return article if all(getattr(article, k) == v for k, v in changed.items()) else replace(article, **changed)

    def _found(self, text: str, rules: Sequence[Redaction]) -> Iterator[tuple[int, int, Redaction]]:
        """The spans of the names and the rule of each, from left to right, without overlap, the longest name first."""
        by_digest = {(rule.words, rule.digest): rule for rule in rules}
        lengths = sorted({rule.words for rule in rules}, reverse=True)
        words, free = list(_WORD.finditer(text)), 0
        spelled = [word.group().casefold() for word in words]
        for n, word in enumerate(words):
            if word.start() < free:
                continue
            for length in lengths:
                window = words[n : n + length]
                if len(window) < length or not _close(window):
                    continue
                rule = by_digest.get((length, self._digest(spelled[n : n + length])))
                if rule:
                    free = window[-1].end()
                    yield word.start(), free, rule
                    break

    def _digest(self, words: Sequence[str]) -> str:
        return hashlib.sha256("\x1f".join([self._salt, *(w.casefold() for w in words)]).encode()).hexdigest()[:32]


def _spread(text: str) -> str:
    """An address with its words apart: edda_holt and edda%20holt."""
    return unicodedata.normalize("NFC", unquote(text)).replace("_", "-")


def _close(window: Sequence[re.Match[str]]) -> bool:
    return all(b.start() - a.end() <= _LONGEST_GAP for a, b in pairwise(window))
