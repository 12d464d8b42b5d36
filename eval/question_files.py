"""Files of questions: our own JSON lines, MultiHop-RAG's form and SQuAD 2.0's, told apart by what is in them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from .question import EvalQuestion, GoldFact, Split
from .squad import is_squad, squad_questions

SAMPLE_QUESTIONS = Path(__file__).parent / "data" / "sample_questions.jsonl"
# The month in which MultiHop-RAG came out, just after its last article; its questions name their days in full.
_MULTIHOP_ASKED_ON = date(2024, 1, 1)


class QuestionsUnreadable(Exception):
    """A file of questions that is none, or a line of it; the message says which and ends with the cure."""


def questions_of(file: Path) -> list[EvalQuestion]:
    """The questions of a file, those that can be answered and the others halved apart where it does not say how.

    QuestionsUnreadable.
    """
    try:
        text = file.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise QuestionsUnreadable(f"{file} cannot be read ({error}): name a file of questions in UTF-8.") from error
    whole = _as_json(text)
    questions = _of_squad(file, whole) if is_squad(whole) else _of_records(file, text, whole)
    if not questions:
        raise QuestionsUnreadable(f"{file} holds no question: write one JSON object a line (eval/README.md).")
    _none_twice(file, [question for question, _ in questions])
    return _halved(questions)


def digest_of(file: Path) -> str:
    """SHA-256 of a file of questions: figures belong to the data that they were measured on."""
    return hashlib.sha256(file.read_bytes()).hexdigest()


def halves(ids: Iterable[str]) -> dict[str, Split]:
    """By turns in the order of the MD5 of the id: the first to tune on, the second to report, and so on."""
    ordered = sorted(ids, key=lambda i: hashlib.md5(i.encode(), usedforsecurity=False).hexdigest())
    return {i: Split.REPORT if place % 2 else Split.TUNE for place, i in enumerate(ordered)}


def _halved(questions: Sequence[tuple[EvalQuestion, bool]]) -> list[EvalQuestion]:
    """Those whose file does not say their half get one."""
    open_ = [question for question, says in questions if not says]
    splits = halves(q.id for q in open_ if q.answerable) | halves(q.id for q in open_ if not q.answerable)
    return [q if says else replace(q, split=splits[q.id]) for q, says in questions]


def _of_squad(file: Path, whole: Any) -> list[tuple[EvalQuestion, bool]]:
    try:
        return [(question, False) for question in squad_questions(file, whole)]
    except (OSError, LookupError, TypeError, ValueError, AttributeError) as error:
        told = f"has no {error}" if isinstance(error, KeyError) else f"is not as it should be ({error})"
        raise QuestionsUnreadable(
            f"{file} {told}: give SQuAD 2.0's own file, or one with ground_truth.json beside it."
        ) from error


def _of_records(file: Path, text: str, whole: Any) -> list[tuple[EvalQuestion, bool]]:
    records = whole if isinstance(whole, list) else _lines(file, text)
    read = [_question(file, place, record) for place, record in enumerate(records, start=1)]
    return [held for several in read for held in several]


def _as_json(text: str) -> Any:
    """The file as one JSON value; None where it is something else, such as JSON lines."""
    try:
        return json.loads(text)
    except ValueError:
        return None


def _lines(file: Path, text: str) -> Iterator[Any]:
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            try:
                yield json.loads(line)
            except ValueError as error:
                cure = "write one JSON object a line"
                raise QuestionsUnreadable(f"{file}, line {number} is no JSON ({error}): {cure}.") from error


def _question(file: Path, place: int, record: Any) -> list[tuple[EvalQuestion, bool]]:
    """The questions of a record, a conversation has several, each with whether it says its half."""
    if not isinstance(record, dict):
        raise QuestionsUnreadable(f"{file}, question {place} is no JSON object: write one, with a text.")
    try:
        if "evidence_list" in record:
            return [(_of_multihop(record), False)]
        turns = _turns(record, place)
        if todo := next((turn["todo"] for turn in turns if turn.get("todo")), ""):
            cure = "fill in its gold and take out its todo"
            raise QuestionsUnreadable(f"{file}, question {place} waits for an editor ({todo}): {cure}.")
        return [(_of_ours(turn, place), "split" in turn) for turn in turns]
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        name = record.get("id", place)
        what = f"has no {error}" if isinstance(error, KeyError) else f"is not as it should be ({error})"
        raise QuestionsUnreadable(f"{file}, question {name} {what}: see eval/README.md for its form.") from error


def _turns(record: Mapping[str, Any], place: int) -> list[dict[str, Any]]:
    """A conversation as one question a turn, each after those before it."""
    if "turns" not in record:
        return [dict(record)]
    if not record["turns"]:
        raise ValueError("a conversation without a turn")
    shared = {name: value for name, value in record.items() if name != "turns"}
    name, texts = record.get("id", f"question-{place}"), [turn["text"] for turn in record["turns"]]
    return [shared | turn | {"id": f"{name}-{n + 1}", "history": texts[:n]} for n, turn in enumerate(record["turns"])]


def _of_ours(record: Mapping[str, Any], place: int) -> EvalQuestion:
    day = date.fromisoformat
    period = record.get("period")
    gold = _facts(record.get("gold", ()))
    return EvalQuestion(
        id=str(record.get("id", f"question-{place}")),
        text=_words(record["text"]),
        asked_on=day(record["asked_on"]),
        kind=record.get("kind", "question" if gold else "unanswerable"),
        split=Split(record.get("split", Split.REPORT)),
        gold=gold,
        answer=record.get("answer") or "",
        history=tuple(_words(text) for text in _several(record.get("history", ()))),
        together=bool(record.get("together", False)),
        stale=_facts(record.get("stale", ())),
        period=(day(period[0]), day(period[1])) if period else None,
        as_of=day(record["as_of"]) if record.get("as_of") else None,
    )


def _words(text: Any) -> str:
    if not isinstance(text, str) or not text.strip():
        raise ValueError(f"{text!r} is no question")
    return text


def _several(held: Any) -> Sequence[Any]:
    """A string is one text, and not as many as it has letters."""
    if isinstance(held, str):
        raise ValueError(f"{held!r} is no list")
    return held


def _facts(records: Iterable[Mapping[str, str]]) -> tuple[GoldFact, ...]:
    """A fact names its article; without words the whole article is meant."""
    return tuple(GoldFact(fact["url"], fact.get("fact", "")) for fact in records)


def _of_multihop(record: Mapping[str, Any]) -> EvalQuestion:
    query = record["query"]
    return EvalQuestion(
        id=str(record.get("id") or hashlib.sha256(query.encode()).hexdigest()[:16]),
        text=query,
        asked_on=_MULTIHOP_ASKED_ON,
        kind=record["question_type"].removesuffix("_query"),
        split=Split.REPORT,
        gold=tuple(GoldFact(fact["url"], fact["fact"]) for fact in record["evidence_list"]),
        answer=record["answer"],
        together=True,
    )


def _none_twice(file: Path, questions: Sequence[EvalQuestion]) -> None:
    seen: set[str] = set()
    for question in questions:
        if question.id in seen:
            raise QuestionsUnreadable(f"{file} has two questions {question.id}: give each an id of its own.")
        seen.add(question.id)
