"""Receipt: an answer with all that it takes to check it later, under a digest that tells whether it was changed.

The digest is SHA-256 over the canonical JSON. It is no signature: who changes a receipt can compute a new one.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Self

from .answer import Answer, State
from .citation import Citation
from .clock import utc_now
from .errors import WrongUse
from .filter import Filter
from .followup import Turn
from .passage import Hit
from .search import Searcher

SCHEMA = 1
LONGEST = 5_000_000  # characters of a file that is read as a receipt
_CURE = "export it again with 'python -m rag ask QUESTION --receipt FILE.json'."


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownPassage:
    """A passage that the answer could be made of: characters ``start`` to ``end`` of one ``revision`` of an article."""

    id: str
    article_id: str
    revision: str
    start: int
    end: int
    score: float
    why: str

    @classmethod
    def of(cls, hit: Hit) -> Self:
        p = hit.passage
        place = {"article_id": p.article_id, "revision": p.revision, "start": p.start, "end": p.end}
        return cls(id=p.id, **place, score=float(hit.score), why=hit.why)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What decides an answer beside the archive; ``edition`` grows with every change of the archive's passages."""

    embedder: str
    index: str
    weights: str
    reranked: bool
    software: str
    edition: int

    @classmethod
    def of(cls, searcher: Searcher) -> Self:
        return cls(
            embedder=searcher.embedder.fingerprint,
            index=type(searcher.indexes.vectors).__name__,
            weights=json.dumps(asdict(searcher.weights), sort_keys=True),
            reranked=searcher.reranker is not None,
            software=_software(),
            edition=searcher.archive.edition,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """``answer`` is `Answer.to_json`, whole, each citation with the article's ``status`` too; ``history`` the questions
    asked before in the chat; days are ISO 8601 or empty, ``answered`` is a time in UTC."""

    history: tuple[str, ...]
    asked_on: str
    publishers: tuple[str, ...]
    first: str
    last: str
    as_of: str
    answered: str
    answer: dict[str, Any]
    passages: tuple[ShownPassage, ...]
    settings: Settings

    @classmethod
    def of(
        cls,
        answer: Answer,
        searcher: Searcher,
        history: Sequence[Turn] = (),
        *,
        asked_on: date | None = None,
        only: Filter = Filter(),
    ) -> Self:
        """Of a complete answer that this searcher gave just now."""
        made = cls(
            history=tuple(turn.answer.question if turn.answer else turn.question for turn in history),
            asked_on=(asked_on or only.as_of or date.today()).isoformat(),
            publishers=tuple(sorted(only.publishers)),
            first=_day(only.first),
            last=_day(only.last),
            as_of=_day(only.as_of),
            answered=utc_now(),
            answer=answer.to_json() | {"citations": [_cited(citation) for citation in answer.citations]},
            passages=tuple(ShownPassage.of(hit) for hit in answer.hits),
            settings=Settings.of(searcher),
        )
        # As a file would give it back: lists for tuples, no half of a surrogate pair.
        return _made(json.loads(json.dumps(asdict(made), ensure_ascii=False).encode("utf-8", "replace")))

    @property
    def question(self) -> str:
        return self.answer["question"]

    @property
    def only(self) -> Filter:
        days = (date.fromisoformat(day) if day else None for day in (self.first, self.last, self.as_of))
        return Filter(frozenset(self.publishers), *days)

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.canonical().encode()).hexdigest()

    def canonical(self) -> str:
        """What the digest is taken of: sorted keys, no spaces."""
        record = {"dateline_receipt": SCHEMA} | asdict(self)
        return json.dumps(record, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    def to_json(self) -> str:
        record = {"dateline_receipt": SCHEMA, "digest": self.digest} | asdict(self)
        return json.dumps(record, ensure_ascii=False, indent=2) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Self:
        """WrongUse, in one line, for what is no receipt, one of another version, or one that was changed."""
        try:
            if len(text) > LONGEST:
                raise ValueError("it is too long")
            record = json.loads(text, object_pairs_hook=_once, parse_constant=_no_number)
            schema, digest = record.pop("dateline_receipt"), record.pop("digest")
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise WrongUse(f"This is no receipt of Dateline: {_CURE}") from error
        if schema != SCHEMA or isinstance(schema, bool):
            raise WrongUse(f"This receipt has another version than {SCHEMA}: {_CURE}")
        try:
            receipt = _made(record)
            same = receipt.digest == digest
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise WrongUse(f"This receipt is broken: {_CURE}") from error
        if not same:
            raise WrongUse(f"This receipt was changed after it was made (its digest differs): {_CURE}")
        return receipt


def _cited(citation: Citation) -> dict[str, Any]:
    return citation.to_json() | {"status": citation.article.status.value}


def _made(record: dict[str, Any]) -> Receipt:
    """ValueError, KeyError or TypeError where a part is missing, odd or of another type."""
    settings = Settings(**record.pop("settings"))
    passages = tuple(ShownPassage(**passage) for passage in record.pop("passages"))
    lists = {name: _texts(record.pop(name)) for name in ("history", "publishers")}
    receipt = Receipt(**record, **lists, settings=settings, passages=passages)
    for part in (receipt, settings, *passages):
        _typed(part)
    _check_answer(receipt.answer)
    for day in filter(None, (receipt.asked_on, receipt.first, receipt.last, receipt.as_of)):
        date.fromisoformat(day)
    return receipt


_TYPES = {"str": str, "int": int, "float": (int, float), "bool": bool}


def _typed(part: Any) -> None:
    for field in fields(part):
        kind, value = _TYPES.get(str(field.type)), getattr(part, field.name)
        if kind and (not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool)):
            raise TypeError(field.name)


def _texts(values: Any) -> tuple[str, ...]:
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise TypeError("no list of texts")
    return tuple(values)


def _check_answer(answer: dict[str, Any]) -> None:
    """What exports and replay read of it; what later versions add comes along unread."""
    _all(answer, str, "question", "searched_for", "notice", "model")
    _all(answer, bool, "refused")
    _all(answer, list, "sentences", "citations", "nearest")
    for sentence in answer["sentences"]:
        _all(sentence, str, "text")
        State(sentence["verdict"])
        _texts(sentence["faults"])
        if not all(type(number) is int for number in sentence["citations"]):
            raise TypeError("citations")
    for cited in answer["citations"]:
        _all(cited, str, "article_id", "headline", "publisher", "originator", "published", "updated", "revision")
        _all(cited, str, "correction", "url", "speaker", "quote", "status")
        _all(cited, int, "number", "start", "end")
    for near in answer["nearest"]:
        _all(near, str, "article_id", "headline", "publisher", "published", "url")


def _all(record: dict[str, Any], kind: type, *names: str) -> None:
    if not all(type(record[name]) is kind for name in names):
        raise TypeError(f"one of {names}")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({name for name, _ in pairs}) < len(pairs):
        raise ValueError("a name stands twice")
    return dict(pairs)


def _no_number(word: str) -> Any:
    raise ValueError(f"{word} is no number")


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _software() -> str:
    try:
        return version("dateline-news")
    except PackageNotFoundError:
        return "unknown"
