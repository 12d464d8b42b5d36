"""SQuAD 2.0 (Rajpurkar, Jia and Liang 2018): paragraphs as articles, and questions half of which no paragraph answers.

Two forms: the official file (``data``, ``paragraphs``, ``qas``) and the sample of ../shared, whose answers lie in
``ground_truth.json`` beside it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from rag.sentences import Span, sentences

from .question import EvalQuestion, GoldFact, Split

_ASKED_ON = date(2018, 6, 11)  # the day on which the set came out; its paragraphs have no dates


@dataclass(frozen=True, slots=True)
class _Asked:
    id: str
    text: str
    paragraph: str
    answers: tuple[str, ...]


def is_squad(whole: Any) -> bool:
    return isinstance(whole, dict) and ("data" in whole or "queries" in whole)


def squad_questions(file: Path, whole: Any) -> list[EvalQuestion]:
    """Gold is every sentence of the question's paragraph that holds one of the answers as it stands."""
    return [_question(asked) for asked in _asked(file, whole)]


def squad_articles(file: Path, into: Path) -> Path:
    """Writes each paragraph once as an article, as JSON lines."""
    paragraphs = dict.fromkeys(asked.paragraph for asked in _asked(file, json.loads(file.read_text("utf-8"))))
    # The paragraphs have no headlines: their own first words stand there, which tell the indexes nothing new.
    records = ({"url": _address(p), "headline": " ".join(p.split()[:6]), "body": p} for p in paragraphs)
    into.write_text("".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records), "utf-8")
    return into


def _asked(file: Path, whole: Any) -> Iterator[_Asked]:
    if "queries" in whole:
        truth = json.loads((file.parent / "ground_truth.json").read_text("utf-8"))
        for query in whole["queries"]:
            yield _asked_of(query, query["context"], truth[query["id"]]["answers"])
    else:
        for paragraph in (p for article in whole["data"] for p in article["paragraphs"]):
            for query in paragraph["qas"]:
                answers = [] if query.get("is_impossible") else [answer["text"] for answer in query["answers"]]
                yield _asked_of(query, paragraph["context"], answers)


def _asked_of(query: dict[str, Any], paragraph: str, answers: Iterable[str]) -> _Asked:
    """An empty answer stands for "none"."""
    held = tuple(dict.fromkeys(filter(None, map(_plain, answers))))
    return _Asked(query["id"], query["question"], _plain(paragraph), held)


def _question(asked: _Asked) -> EvalQuestion:
    spans = sentences(asked.paragraph, Span(0, len(asked.paragraph)))
    said = [span.of(asked.paragraph) for span in spans]
    holding = [sentence for sentence in said if any(answer in sentence for answer in asked.answers)]
    return EvalQuestion(
        id=asked.id,
        text=asked.text.strip(),
        asked_on=_ASKED_ON,
        kind="squad" if asked.answers else "squad_unanswerable",
        split=Split.REPORT,
        gold=tuple(
            GoldFact(_address(asked.paragraph), sentence) for sentence in holding or said[: bool(asked.answers)]
        ),
        answer=min(asked.answers, key=len, default=""),
    )


def _address(paragraph: str) -> str:
    return f"https://squad.example/{hashlib.sha256(paragraph.encode()).hexdigest()[:16]}"


def _plain(text: str) -> str:
    """As our reader will store it: one paragraph, single spaces."""
    return " ".join(text.split())
