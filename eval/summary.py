"""What the answers to the sample questions come to: by half, by kind, and, for the half that may be looked at, failure
by failure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from .figures import Cell, mean, percentile, table
from .question import Split
from .sample import Asked


@dataclass(frozen=True, slots=True)
class Line:
    """The figures of a group of questions. Refusals of what cannot be answered are right, all others wrong."""

    split: str
    kind: str
    n: int
    hits_at_4: float | None
    hits_at_10: float | None
    mrr_at_10: float | None
    gold_quoted: float | None
    answer_found: float | None
    wrongly_refused: float | None
    absent_refused: float | None
    nearby_refused: float | None
    sentences: float | None
    citations_hold: float | None
    search_p50: float | None
    search_p95: float | None
    quote_p50: float | None
    quote_p95: float | None


def lines(asked: Sequence[Asked]) -> list[Line]:
    """Each half, then both."""
    return [line(_of(asked, split), split) for split in (Split.TUNE, Split.REPORT, "all")]


def lines_by_kind(asked: Sequence[Asked]) -> list[Line]:
    groups = [(kind, split) for kind in sorted({a.question.kind for a in asked}) for split in Split]
    held = [[a for a in _of(asked, split) if a.question.kind == kind] for kind, split in groups]
    return [line(group, split, kind) for (kind, split), group in zip(groups, held, strict=True) if group]


def line(asked: Sequence[Asked], split: str = "all", kind: str = "all") -> Line:
    """The means of a group; each over the questions that it can be asked of."""
    scores = [a.retrieval for a in asked if a.retrieval]
    answerable = [a for a in asked if a.question.answerable]
    citations = sum(len(a.answer.citations) for a in asked)
    return Line(
        split,
        kind,
        len(asked),
        hits_at_4=mean(s.hits_at_4 for s in scores),
        hits_at_10=mean(s.hits_at_10 for s in scores),
        mrr_at_10=mean(s.mrr_at_10 for s in scores),
        gold_quoted=mean(a.quoted for a in answerable),
        answer_found=mean(a.found for a in answerable if a.found is not None),
        wrongly_refused=mean(a.refused for a in answerable),
        absent_refused=mean(a.refused for a in asked if a.question.kind == "absent"),
        nearby_refused=mean(a.refused for a in asked if a.question.kind == "nearby"),
        sentences=mean(len(a.answer.sentences) for a in asked if not a.refused),
        citations_hold=1 - sum(a.broken for a in asked) / citations if citations else None,
        **_seconds("search", [a.search_seconds for a in asked]),
        **_seconds("quote", [a.quote_seconds for a in asked]),
    )


def shown(asked: Sequence[Asked]) -> str:
    """Two tables: by half, and by kind of question."""
    return f"{_table(lines(asked), _BY_SPLIT)}\n\n{_table(lines_by_kind(asked), _BY_KIND)}"


def to_json(asked: Sequence[Asked]) -> list[dict[str, Any]]:
    return [asdict(held) for held in (*lines(asked), *lines_by_kind(asked))]


def failures(asked: Sequence[Asked]) -> str:
    """What went wrong on the half for tuning, question by question; the other half is not to be looked at."""
    wrong = [a for a in asked if a.question.split is Split.TUNE and _is_wrong(a)]
    return "\n\n".join(_failure(a) for a in wrong)


def _of(asked: Sequence[Asked], split: str) -> list[Asked]:
    return [a for a in asked if split in (a.question.split, "all")]


def _seconds(stage: str, seconds: Sequence[float]) -> dict[str, float | None]:
    return {f"{stage}_p50": percentile(0.5, seconds), f"{stage}_p95": percentile(0.95, seconds)}


def _is_wrong(asked: Asked) -> bool:
    return not asked.quoted if asked.question.answerable else not asked.refused


def _failure(asked: Asked) -> str:
    question, answer = asked.question, asked.answer
    rank = round(1 / asked.retrieval.mrr_at_10) if asked.retrieval and asked.retrieval.mrr_at_10 else None
    head = f"{question.id} {question.kind}: {question.text}"
    searched = f"  searched for: {answer.searched_for}" if answer.searched_for != question.text else ""
    gold = f"  gold (passage at rank {rank}): {question.facts[0]}" if question.answerable else "  gold: a refusal"
    said = [f"  said: {sentence.text}" for sentence in answer.sentences] or ["  refused"]
    return "\n".join(filter(None, (head, searched, gold, *said)))


def _table(held: Sequence[Line], columns: dict[str, str]) -> str:
    rows: list[list[Cell]] = [[getattr(row, name) for name in columns] for row in held]
    return table(list(columns.values()), rows)


_BY_SPLIT = {
    "split": "split", "n": "n", "hits_at_4": "Hits@4", "hits_at_10": "Hits@10", "mrr_at_10": "MRR@10",
    "gold_quoted": "gold quoted", "answer_found": "answer found", "wrongly_refused": "wrongly refused",
    "absent_refused": "absent refused", "nearby_refused": "nearby refused", "sentences": "sentences",
    "citations_hold": "citations hold", "search_p50": "search p50 s", "search_p95": "p95 s",
    "quote_p50": "quote p50 s", "quote_p95": "p95 s",
}  # fmt: skip
_BY_KIND = {
    "kind": "kind", "split": "split", "n": "n", "hits_at_10": "Hits@10", "mrr_at_10": "MRR@10",
    "gold_quoted": "gold quoted", "answer_found": "answer found", "wrongly_refused": "wrongly refused",
    "absent_refused": "absent refused", "nearby_refused": "nearby refused", "sentences": "sentences",
}  # fmt: skip
