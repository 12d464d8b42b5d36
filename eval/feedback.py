"""Feedback as questions: what readers judged in the chat, in the form that every question file has.

An answer that was called right is gold as it was quoted; a refusal that was called right is a question without an
answer. Of what was called wrong only an editor knows the gold: such a question is written with a ``todo``, and is no
question before that is done and taken out.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from rag.errors import WrongUse
from rag.feedback import judgements_in
from rag.judgement import Judgement, Opinion

from .question import EvalQuestion, GoldFact, Split

ANSWERABLE, UNANSWERABLE = "feedback", "feedback_unanswerable"


@dataclass(frozen=True, slots=True)
class Exported:
    """How many questions were written, how many of them an editor has to finish, how many the file had already."""

    questions: int
    todo: int
    known: int

    def lines(self) -> list[str]:
        told = [f"{self.questions} questions written; {self.known} were there already and stay as they are."]
        if self.todo:
            told.append(f'{self.todo} of them say in "todo" what is missing: fill in the gold and take "todo" out.')
        return told


def questions(directory: str | Path) -> list[EvalQuestion]:
    """The judgements in an archive's folder that are questions as they stand; of each (question, history) the last counts.

    ``gold`` are the quotes that the right answer cited: each of them alone answers.
    """
    return [_question(judgement) for judgement in _last(directory) if not _todo(judgement)]


def export(directory: str | Path, file: str | Path) -> Exported:
    """Adds every judged question to a JSONL file that the reader of questions takes. What the file has already stays as
    it is, by its id: an editor may have worked on it. WrongUse where it cannot be read or written."""
    file = Path(file)
    try:
        before = file.read_text("utf-8") if file.exists() else ""
        known = {json.loads(line)["id"] for line in before.split("\n") if line.strip()}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise WrongUse(f"{file} is no file of questions ({error}): give another name.") from error
    fresh = [judgement for judgement in _last(directory) if _id(judgement) not in known]
    gap = "\n" if before and not before.endswith("\n") else ""
    lines = [_line(_record(judgement)) for judgement in fresh]
    try:
        with file.open("a", encoding="utf-8") as opened:
            opened.write(gap + "".join(lines))
    except OSError as error:
        raise WrongUse(f"{file} cannot be written ({error.strerror}): give another name.") from error
    return Exported(len(fresh), sum(bool(_todo(judgement)) for judgement in fresh), len(known))


def _last(directory: str | Path) -> list[Judgement]:
    """The last word on each question, without those that were taken back."""
    last = {(judgement.question, judgement.history): judgement for judgement in judgements_in(directory)}
    return [judgement for judgement in last.values() if judgement.verdict is not Opinion.NONE]


def _question(judgement: Judgement) -> EvalQuestion:
    gold = () if _todo(judgement) else _gold(judgement)
    return EvalQuestion(
        id=_id(judgement),
        text=judgement.question,
        asked_on=date.fromisoformat(judgement.asked_on),
        kind=UNANSWERABLE if judgement.refused and judgement.verdict is Opinion.RIGHT else ANSWERABLE,
        split=_split(_id(judgement)),
        gold=gold,
        history=judgement.history,
    )


def _gold(judgement: Judgement) -> tuple[GoldFact, ...]:
    facts = (GoldFact(cited.url or cited.article_id, cited.quote) for cited in judgement.citations)
    return tuple(dict.fromkeys(facts))


def _record(judgement: Judgement) -> dict[str, Any]:
    question, todo = _question(judgement), _todo(judgement)
    return {
        "id": question.id,
        "text": question.text,
        "asked_on": judgement.asked_on,
        "split": question.split.value,
        "kind": question.kind,
        "gold": [{"url": fact.article, "fact": fact.text} for fact in question.gold],
        "answer": question.answer,
        "history": list(question.history),
    } | ({"todo": todo} if todo else {})


def _line(record: dict[str, Any]) -> str:
    """Letters as they are, but no sign that another program could take for the end of the line (`str.splitlines`)."""
    return json.dumps(record, ensure_ascii=False).translate({n: f"\\u{n:04x}" for n in (0x85, 0x2028, 0x2029)}) + "\n"


def _todo(judgement: Judgement) -> str:
    """What an editor has to find out before it is a question; empty where nothing is missing."""
    comment = f" The reader: “{judgement.comment}”" if judgement.comment else ""
    if judgement.verdict is Opinion.WRONG and judgement.refused:
        return f"The archive was said to be silent, and a reader says that it is not: fill in gold and answer.{comment}"
    if judgement.verdict is Opinion.WRONG:
        said = " ".join(sentence.text for sentence in judgement.sentences)
        return f"A reader calls this wrong: “{said}” Fill in gold and answer.{comment}"
    if judgement.refused and judgement.filtered:
        return (
            "The refusal was right while filters were on: fill in gold and answer, or say that the archive is silent."
        )
    if not judgement.refused and not judgement.citations:
        return "A reader calls right what cites nothing: fill in gold and answer."
    return ""


def _id(judgement: Judgement) -> str:
    """The same for the same question after the same questions, whenever it is exported."""
    asked = "\x1f".join([judgement.question, *judgement.history])
    return f"feedback-{hashlib.sha256(asked.encode()).hexdigest()[:12]}"


def _split(question_id: str) -> Split:
    """By the id alone, so that a question never changes its half when others join."""
    return Split.REPORT if int(question_id[-1], 16) % 2 else Split.TUNE
