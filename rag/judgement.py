"""Judgement: what a reader said of an answer, with all that it takes to make a question of it."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any, Self

from .answer import Answer
from .citation import Citation
from .followup import Turn

LONGEST_COMMENT = 500  # characters


class Opinion(StrEnum):
    """What the reader says of the whole answer; a judgement that was taken back is none."""

    RIGHT = "right"
    WRONG = "wrong"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class CitedWords:
    """The ``quote`` at ``start:end`` of the body of one version (``revision``) of an article."""

    article_id: str
    url: str
    revision: str
    quote: str
    start: int
    end: int

    @classmethod
    def of(cls, cited: Citation) -> Self:
        article, place = cited.article, {"start": cited.start, "end": cited.end}
        return cls(article_id=article.id, url=article.url, revision=article.revision, quote=cited.quote, **place)


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedSentence:
    text: str
    citations: tuple[CitedWords, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """``time`` is in UTC (ISO 8601), ``history`` the questions that were asked before in the same chat, ``asked_on`` the
    day from which "yesterday" was counted. ``filtered`` tells that the reader let only a part of the archive be searched.
    """

    question: str
    searched_for: str
    history: tuple[str, ...]
    asked_on: str
    filtered: bool
    refused: bool
    sentences: tuple[JudgedSentence, ...]
    model: str
    time: str = ""
    verdict: Opinion = Opinion.NONE
    comment: str = ""

    @classmethod
    def of(cls, answer: Answer, turns: Sequence[Turn], asked_on: date | None, *, filtered: bool) -> Self:
        """What there is to be judged: a complete answer and the turns before it."""
        cited = {citation.number: CitedWords.of(citation) for citation in answer.citations}
        return cls(
            question=_plain(answer.question),
            searched_for=_plain(answer.searched_for),
            history=tuple(_plain(turn.answer.question if turn.answer else turn.question) for turn in turns),
            asked_on=(asked_on or date.today()).isoformat(),
            filtered=filtered,
            refused=answer.refused,
            sentences=tuple(
                JudgedSentence(text=s.text, citations=tuple(cited[n] for n in s.citations if n in cited))
                for s in answer.sentences
            ),
            model=answer.model,
        )

    def said(self, verdict: Opinion, comment: str = "") -> dict[str, Any]:
        """What a reader adds to it: for `dataclasses.replace`. Only of a wrong answer a comment is kept."""
        comment = _plain(comment.strip()[:LONGEST_COMMENT]) if verdict is Opinion.WRONG else ""
        return {"time": datetime.now(UTC).isoformat(timespec="seconds"), "verdict": verdict, "comment": comment}

    @property
    def citations(self) -> list[CitedWords]:
        return [cited for sentence in self.sentences for cited in sentence.citations]

    @property
    def words(self) -> list[str]:
        """What was typed or written freely: all its texts but the archive's own words."""
        quotes = {cited.quote for cited in self.citations}
        written = [sentence.text for sentence in self.sentences if sentence.text not in quotes]
        return [self.question, self.searched_for, *self.history, self.comment, *written]

    def to_line(self) -> str:
        """One line of JSON; letters stand as they are, so that a proof of erasing finds them."""
        return json.dumps(asdict(self), ensure_ascii=False) + "\n"

    @classmethod
    def from_line(cls, line: str) -> Self:
        """ValueError for a line that is no judgement."""
        try:
            record = json.loads(line)
            sentences = (_sentence(sentence) for sentence in record.pop("sentences"))
            known = {"verdict": Opinion(record.pop("verdict")), "history": tuple(record.pop("history"))}
            judgement = cls(**record, **known, sentences=tuple(sentences))
            "".join(judgement.words)  # TypeError where a text is none
        except (AttributeError, KeyError, TypeError) as error:
            raise ValueError(f"no judgement: {error}") from error
        return judgement


def _sentence(record: dict[str, Any]) -> JudgedSentence:
    return JudgedSentence(text=record["text"], citations=tuple(CitedWords(**cited) for cited in record["citations"]))


def _plain(text: str) -> str:
    """As the archive spells: composed letters, no half of a surrogate pair."""
    return unicodedata.normalize("NFC", text).encode("utf-8", "replace").decode("utf-8")
