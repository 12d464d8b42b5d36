"""One question that went wrong, laid out to be looked at: what was asked, what answers, what was said, what was found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rag.page.wording import day_words, host_of, safe_address

from ..measures.measure import Measure
from ..measures.retrieval import holds
from ..outcome import CitedPassage, FoundPassage, Outcome
from ..question import GoldFact
from .marking import Piece, holding, pieces
from .wording import figure, link_to
from .worst import Failure, fault_of, lacking

_MOST_FIGURES = 8


@dataclass(frozen=True, slots=True)
class FactLine:
    """Words that answer, or that were overtaken; ``anchor`` is that of the passage that holds them, "" where none does."""

    text: str
    articles: Sequence[str]
    rank: int | None
    anchor: str


@dataclass(frozen=True, slots=True)
class SaidLine:
    text: str
    verdict: str
    cited: Sequence[tuple[int, str]]


@dataclass(frozen=True, slots=True)
class PassageLine:
    """A passage that was found, or only cited (``rank`` is None then)."""

    anchor: str
    rank: int | None
    title: str
    credit: str
    flags: Sequence[tuple[str, str]]
    why: str
    pieces: Sequence[Piece]
    url: str
    host: str


@dataclass(frozen=True, slots=True)
class Case:
    anchor: str
    outcome: Outcome
    asked_on: str
    facts: Sequence[FactLine]
    stale: Sequence[FactLine]
    said: Sequence[SaidLine]
    passages: Sequence[PassageLine]
    figures: Sequence[tuple[str, str]]
    beside: Sequence[tuple[int, str, str]]


def case_of(failure: Failure, measures: Sequence[Measure], others: Sequence[tuple[str, Mapping[str, Outcome]]]) -> Case:
    """``others`` are the other runs by name, with their outcomes by the id of the question."""
    outcome, question, anchor = failure.outcome, failure.outcome.question, f"q{failure.place + 1}"
    shown = _shown(outcome)
    lines = [_passage(passage, outcome, f"{anchor}-p{n}", rank) for n, (rank, passage) in enumerate(shown, start=1)]
    anchors = {passage.text: line.anchor for (_, passage), line in zip(shown, lines, strict=True)}
    return Case(
        anchor=anchor,
        outcome=outcome,
        asked_on=day_words(question.asked_on.isoformat()),
        facts=_facts(question.gold, outcome, anchor),
        stale=_facts(question.stale, outcome, anchor),
        said=[
            SaidLine(s.text, s.verdict, [(c.number, anchors[c.passage]) for c in outcome.cited_by(s)])
            for s in outcome.sentences
        ],
        passages=lines,
        figures=_lacking(failure, measures),
        beside=[
            (n, name, words) for n, (name, held) in enumerate(others, start=1) if (words := told(held.get(question.id)))
        ],
    )


def told(outcome: Outcome | None) -> str:
    """What another run made of the same question, in a few words; "" where a retriever could only find nothing."""
    if outcome is None:
        return "was not asked this"
    ranks = [holding(outcome.found, fact) for fact in outcome.question.gold]
    best = min((rank for rank in ranks if rank), default=None)
    found = f"found it at rank {best}" if best else "did not find it"
    parts = [found] if outcome.question.answerable else []
    if outcome.answers:
        fine = "" if fault_of(outcome) else ", and nothing went wrong"
        parts.append(f"{'refused' if outcome.refused else 'answered'}{fine}")
    return ", ".join(parts)


def _shown(outcome: Outcome) -> list[tuple[int | None, FoundPassage]]:
    """What was found, by rank, and then what was cited without having been found."""
    found: list[tuple[int | None, FoundPassage]] = list(enumerate(outcome.found, start=1))
    texts = {passage.text for _, passage in found}
    extra = {cited.passage: cited for cited in outcome.citations if cited.passage not in texts}
    return found + [(None, _as_passage(cited)) for cited in extra.values()]


def _as_passage(cited: CitedPassage) -> FoundPassage:
    return FoundPassage(id="", text=cited.passage, source=cited.source, start=cited.passage_start)


def _facts(facts: Sequence[GoldFact], outcome: Outcome, anchor: str) -> list[FactLine]:
    """The same words in several articles are one line."""
    by_text: dict[str, list[GoldFact]] = {}
    for fact in facts:
        by_text.setdefault(fact.text, []).append(fact)
    lines = []
    for text, same in by_text.items():
        ranks = [rank for rank in (holding(outcome.found, fact) for fact in same) if rank]
        rank = min(ranks, default=None)
        articles = list(dict.fromkeys(fact.article for fact in same))
        lines.append(FactLine(text or "the whole article", articles, rank, f"{anchor}-p{rank}" if rank else ""))
    return lines


def _passage(passage: FoundPassage, outcome: Outcome, anchor: str, rank: int | None) -> PassageLine:
    source, question = passage.source, outcome.question
    fact = next((fact.text for fact in question.gold if holds(passage, fact)), "")
    quote = next((cited.quote for cited in outcome.citations if cited.passage == passage.text), "")
    day = day_words(source.published) if source.published else ""
    return PassageLine(
        anchor=anchor,
        rank=rank,
        title=source.headline or source.url or source.article,
        credit=", ".join(filter(None, (source.publisher, day))),
        flags=_flags(passage, outcome),
        why=_why(passage),
        pieces=pieces(passage, outcome),
        url=link_to(source.url, fact or quote or passage.text),
        host=host_of(safe_address(source.url)),
    )


def _flags(passage: FoundPassage, outcome: Outcome) -> list[tuple[str, str]]:
    """(class, words) of what one should know of a passage before reading it."""
    question, source = outcome.question, passage.source
    cited = sorted({c.number for c in outcome.citations if c.passage == passage.text})
    broken = any(c.holds is False for c in outcome.citations if c.passage == passage.text)
    return [
        (kind, words)
        for kind, words, applies in (
            ("gold", "answers", any(holds(passage, fact) for fact in question.gold)),
            ("cited", f"cited {' '.join(f'[{n}]' for n in cited)}", bool(cited)),
            ("bad", "the quote does not stand there", broken),
            ("bad", "overtaken", any(fact.text and holds(passage, fact) for fact in question.stale)),
            ("soft", "older version", source.is_current is False),
            ("soft", "copy", bool(source.cluster) and not source.originates),
        )
        if applies
    ]


def _why(passage: FoundPassage) -> str:
    """ "dense 3 · lexical 1": its rank in each list that found it."""
    ranks = sorted(passage.why.items(), key=lambda item: item[1])
    return " · ".join(f"{name} {rank}" for name, rank in ranks)


def _lacking(failure: Failure, measures: Sequence[Measure]) -> list[tuple[str, str]]:
    """The shares in which this question falls short, the shortest first."""
    lacks = lacking(failure.scores, measures)
    short = sorted((name for name, lack in lacks.items() if lack > 0), key=lambda name: -lacks[name])
    return [(name, figure(failure.scores[name])) for name in short[:_MOST_FIGURES]]
