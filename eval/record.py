"""Run: a set of questions asked of one system, each with its outcome and its scores, written as one JSON file."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from .measures.measure import Scores
from .outcome import CitedPassage, FoundPassage, Outcome, SaidSentence, Source
from .question import EvalQuestion, GoldFact, Split

FILE = "run.json"
FORM = 1  # raised when what is written changes its meaning


class RunUnreadable(Exception):
    """No run lies there, or one of another form; the message ends with the cure."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """``outcomes`` and ``scores`` go by the same places. ``questions`` names the set and ``digest`` is its SHA-256;
    ``setting`` holds what one wants to know a year later: the archive's counts, the embedding model, the chat model,
    versions, the machine."""

    name: str
    system: str
    begun: str
    questions: str
    digest: str
    outcomes: tuple[Outcome, ...]
    scores: tuple[Scores, ...]
    setting: Mapping[str, Any] = field(default_factory=dict)

    def half(self, split: Split) -> Run:
        """The run as if only the questions of this half had been asked."""
        return self._of([n for n, outcome in enumerate(self.outcomes) if outcome.question.split is split])

    def of_kind(self, kind: str) -> Run:
        return self._of([n for n, outcome in enumerate(self.outcomes) if outcome.question.kind == kind])

    def of_ids(self, ids: Collection[str]) -> Run:
        return self._of([n for n, outcome in enumerate(self.outcomes) if outcome.question.id in ids])

    @property
    def kinds(self) -> list[str]:
        return sorted({outcome.question.kind for outcome in self.outcomes})

    def _of(self, places: list[int]) -> Run:
        return replace(
            self, outcomes=tuple(self.outcomes[n] for n in places), scores=tuple(self.scores[n] for n in places)
        )

    def to_json(self) -> dict[str, Any]:
        return {"form": FORM} | asdict(self)

    @classmethod
    def from_json(cls, record: Mapping[str, Any]) -> Run:
        kept = {name: record[name] for name in ("name", "system", "begun", "questions", "digest", "setting")}
        outcomes = tuple(_outcome(outcome) for outcome in record["outcomes"])
        return cls(**kept, outcomes=outcomes, scores=tuple(record["scores"]))


def write(run: Run, folder: Path) -> Path:
    """Writes ``folder/run.json``; an older run of this folder goes once the new one is whole."""
    folder.mkdir(parents=True, exist_ok=True)
    file, fresh = folder / FILE, folder / f"{FILE}.new"
    # In ASCII: what a question or a model brings may hold half a surrogate pair, which UTF-8 cannot.
    fresh.write_text(json.dumps(run.to_json(), indent=1, default=str) + "\n", "ascii")
    return fresh.replace(file)


def read(place: Path) -> Run:
    """The run of a folder, or of its file. RunUnreadable."""
    file = place / FILE if place.is_dir() else place
    try:
        record = json.loads(file.read_text("utf-8"))
        if record["form"] != FORM:
            raise RunUnreadable(f"{file} was written by another version: make the run again.")
        return Run.from_json(record)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise RunUnreadable(f"{file} is no run ({error}): make one with 'python -m eval run --name NAME'.") from error


def _outcome(record: Mapping[str, Any]) -> Outcome:
    return Outcome(
        **{name: record[name] for name in ("answers", "refused", "confidence", "notice", "seconds", "relevant")},
        question=_question(record["question"]),
        found=tuple(FoundPassage(**(f | {"source": Source(**f["source"])})) for f in record["found"]),
        sentences=tuple(SaidSentence(**(s | {"citations": tuple(s["citations"])})) for s in record["sentences"]),
        citations=tuple(CitedPassage(**(c | {"source": Source(**c["source"])})) for c in record["citations"]),
    )


def _question(record: Mapping[str, Any]) -> EvalQuestion:
    day = date.fromisoformat
    period = record["period"]
    return EvalQuestion(
        **{name: record[name] for name in ("id", "text", "kind", "answer", "together")},
        asked_on=day(record["asked_on"]),
        split=Split(record["split"]),
        gold=tuple(GoldFact(**fact) for fact in record["gold"]),
        stale=tuple(GoldFact(**fact) for fact in record["stale"]),
        history=tuple(record["history"]),
        period=(day(period[0]), day(period[1])) if period else None,
        as_of=day(record["as_of"]) if record["as_of"] else None,
    )
