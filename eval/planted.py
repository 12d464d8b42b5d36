"""Planted: does the check of evidence find the faults that are planted in honest sentences, and leave the honest alone?

Halves by article: the check was tuned on one, the other is reported. So many of each fault are drawn that none outweighs
the others.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from rag.archive import Archive
from rag.article import Article
from rag.citation import Citation
from rag.embedder import Embedder
from rag.evidence import check
from rag.passage import Passage
from rag.sentences import Span, sentences
from rag.speaker import speaker_at
from rag.words import terms

from .faults import CHANGES
from .honest import Honest, by_rule, written
from .question import Split

HONEST = ""
_SEED = 7
_MOST_OF_A_FAULT = 40  # in each half
_MOST_OF_A_WAY = 30  # in each half, of honest sentences that were said otherwise in one way by rule
_MOVED = "citation moved by one"
_MOVED_CLOSE = "citation moved, same topic"


@dataclass(frozen=True, slots=True)
class Planted:
    """A sentence with what it cites; ``fault`` is HONEST for one without, ``way`` how an honest one came to its words."""

    fault: str
    text: str
    citation: Citation
    split: Split
    way: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """Of ``there`` faults of a kind, or honest sentences, how many were ``told`` not to hold; the texts that went ``wrong``."""

    there: int
    told: int
    wrong: tuple[str, ...]

    @property
    def share(self) -> float:
        return self.told / self.there if self.there else 0.0


def planted(archive: Archive | None = None) -> list[Planted]:
    """Honest sentences and faults of both halves, the same on every run over the same archive; without one only those that
    were written by hand."""
    draw = random.Random(_SEED)
    honest = [*written(), *(_drawn_of_each_way(by_rule(archive), draw) if archive else ())]
    whole = [Planted(HONEST, one.text, _cited(one.text, one.article, one.passage), one.split, one.way) for one in honest]
    faults = [fault for number in range(len(honest)) for fault in _faults(number, honest, draw)]
    draw.shuffle(faults)
    taken: Counter[tuple[str, Split]] = Counter()
    for one in faults:
        if taken[one.fault, one.split] < _MOST_OF_A_FAULT:
            taken[one.fault, one.split] += 1
            whole.append(one)
    return whole


def measured(cases: Sequence[Planted], embedder: Embedder) -> dict[tuple[str, Split], Found]:
    """By fault and half."""
    held: dict[tuple[str, Split], list[tuple[Planted, bool]]] = {}
    for case in cases:
        told = not check(case.text, [case.citation], embedder).holds
        held.setdefault((case.fault, case.split), []).append((case, told))
    return {
        key: Found(len(of), sum(told for _, told in of), tuple(c.text for c, told in of if told is (key[0] == HONEST)))
        for key, of in held.items()
    }


def total(found: Mapping[tuple[str, Split], Found], half: Split) -> Found:
    """All faults of a half together."""
    of = [found[key] for key in found if key[0] != HONEST and key[1] is half]
    return Found(sum(one.there for one in of), sum(one.told for one in of), ())


def shown(found: Mapping[tuple[str, Split], Found], missed: Split | None = None) -> str:
    """A table: faults found and honest sentences accused, of both halves; with ``missed`` the sentences gone wrong there."""
    faults = sorted({fault for fault, _ in found} - {HONEST})
    lines = [_line(fault, [found.get((fault, half), Found(0, 0, ())) for half in Split]) for fault in faults]
    whole = [total(found, half) for half in Split]
    honest = [found.get((HONEST, half), Found(0, 0, ())) for half in Split]
    table = [f"{'':32}{'tune':>14}{'report':>18}", *lines, _line("faults found", whole), _line("honest ones accused", honest)]
    wrong = [f"  {fault or 'honest'}: {text}" for (fault, half), of in found.items() if half is missed for text in of.wrong]
    return "\n".join([*table, *wrong])


def _line(name: str, halves: Sequence[Found]) -> str:
    return f"{name:32}" + "".join(f"{one.told:>6} of {one.there:<4} {one.share:.3f}" for one in halves)


def _drawn_of_each_way(honest: Iterator[Honest], draw: random.Random) -> list[Honest]:
    held = list(honest)
    draw.shuffle(held)
    taken: Counter[tuple[str, Split]] = Counter()
    kept = []
    for one in held:
        taken[one.way, one.split] += 1
        if taken[one.way, one.split] <= _MOST_OF_A_WAY:
            kept.append(one)
    return kept


def _faults(number: int, honest: Sequence[Honest], draw: random.Random) -> Iterator[Planted]:
    one = honest[number]
    for fault, change in CHANGES.items():
        changed = change(one.text, one.article, draw)
        if changed and changed != one.text:
            yield Planted(fault, changed, _cited(changed, one.article, one.passage), one.split)
    others = [other for other in honest if other.article.id != one.article.id]
    next_one = others[number % len(others)]
    yield Planted(_MOVED, one.text, _cited(one.text, next_one.article, next_one.passage), one.split)
    if close := [o for o in others if o.article.publisher == one.article.publisher and not _tells_it(one, o.article)]:
        twin = max(close, key=lambda o: _shared(one.text, o.passage.text))
        yield Planted(_MOVED_CLOSE, one.text, _cited(one.text, twin.article, twin.passage), one.split)


def _tells_it(one: Honest, other: Article) -> bool:
    """Whether the other is a later report of the same matter, that may well say the same."""
    return _shared(one.article.headline, f"{other.headline} {other.body}") >= 0.6


def _shared(text: str, other: str) -> float:
    wanted = set(terms(text))
    return len(wanted & set(terms(other))) / max(1, len(wanted))


def _cited(text: str, article: Article, passage: Passage) -> Citation:
    """As the assistant cites: the passage's sentence that shares most words."""
    body, wanted = article.body, set(terms(text))
    spans = sentences(body, Span(passage.start, passage.end))
    span = max(spans, key=lambda s: (len(wanted & set(terms(s.of(body)))), len(s)))
    return Citation(1, article, passage, span.start, span.end, speaker_at(body, span.start))
