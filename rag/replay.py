"""Replay: whether the archive still gives the answer of a receipt, and what changed.

It prints no words of the receipt: what was erased from the archive since is only counted.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from .answer import Answer
from .archive import Archive
from .article import Article, Status
from .assistant import Assistant
from .clock import utc_now
from .llm import QUOTING
from .receipt import Receipt, Settings, ShownPassage


class Standing(StrEnum):
    """Where a quote of the receipt is now."""

    IN_PLACE = "in its place"
    ELSEWHERE = "elsewhere in the article"
    GONE = "not in the archive"


@dataclass(frozen=True, slots=True)
class Replay:
    """``answer_is_same`` is None where the words of a model were not asked for again; ``quotes`` are by citation."""

    answer_is_same: bool | None
    changes: tuple[str, ...]
    notes: tuple[str, ...]
    quotes: tuple[tuple[int, Standing], ...]

    @property
    def same(self) -> bool:
        return self.answer_is_same is not False and not self.changes

    def to_json(self) -> dict[str, Any]:
        return asdict(self) | {"same": self.same, "quotes": [{"number": n, "stands": s} for n, s in self.quotes]}

    def lines(self) -> Iterator[str]:
        yield {
            True: "The archive gives the same answer.",
            False: "The archive gives another answer.",
            None: "The words of a model are not replayed: quotes and passages were checked.",
        }[self.answer_is_same]
        in_place = sum(standing is Standing.IN_PLACE for _, standing in self.quotes)
        yield f"{in_place} of {len(self.quotes)} quotes stand in their places."
        yield from (f"Changed: {change}" for change in self.changes)
        yield from self.notes


def replay(receipt: Receipt, assistant: Assistant) -> Replay:
    """Asks the question again, as it was searched for, on the same day and with the same filter."""
    searcher, was = assistant.searcher, receipt.answer
    text, asked_on = was["searched_for"] or was["question"], date.fromisoformat(receipt.asked_on)
    if was["model"] == QUOTING:
        assistant = Assistant(searcher)
    answer = assistant.ask(text, asked_on=asked_on, only=receipt.only, strict=was.get("strict"))
    asked_again = was["model"] == QUOTING or assistant.model_name != QUOTING
    same = _said(answer.to_json()) == _said(was) if asked_again else None
    quotes = tuple((cited["number"], _standing(cited, searcher.archive)) for cited in _cited(was))
    now = Settings.of(searcher)
    changes = (
        *(f"quote [{n}] is {standing.value}." for n, standing in quotes if standing is not Standing.IN_PLACE),
        *_articles(receipt, searcher.archive),
        *_passages(receipt, answer),
        *_settings(receipt.settings, now),
        *(
            (f"the model was {_line(was['model'])} and is {answer.model}.",)
            if _other_model(was, answer, asked_again)
            else ()
        ),
    )
    moved = receipt.settings.edition != now.edition
    notes = ("The archive's passages have changed since (its edition differs).",) if moved else ()
    return Replay(same, changes, notes, quotes)


def _cited(answer: dict[str, Any]) -> list[dict[str, Any]]:
    """All that it quotes, what denies its premise too."""
    return [*answer["citations"], *filter(None, [answer.get("premise")])]


def _other_model(was: dict[str, Any], answer: Answer, asked_again: bool) -> bool:
    return asked_again and was["model"] != answer.model


def _said(answer: dict[str, Any]) -> tuple[Any, ...]:
    """What must be equal for an answer to be the same; the short answer where there is one."""
    cited = {
        c["number"]: (c["article_id"], c["revision"], c["start"], c["end"], c["quote"]) for c in answer["citations"]
    }
    sentences = [(s["text"], s["verdict"], [cited.get(n) for n in s["citations"]]) for s in answer["sentences"]]
    denied = answer.get("premise") or {}
    premise = tuple(denied.get(name) for name in ("article_id", "revision", "start", "end", "quote"))
    return answer["refused"], sentences, premise, answer.get("short_answer"), answer.get("short")


def _standing(cited: dict[str, Any], archive: Archive) -> Standing:
    versions, quote = archive.revisions(cited["article_id"]), cited["quote"]
    start, end = cited["start"], cited["end"]
    if any(v.revision == cited["revision"] and v.body[start:end] == quote for v in versions):
        return Standing.IN_PLACE
    return Standing.ELSEWHERE if any(quote in v.body for v in versions) else Standing.GONE


def _articles(receipt: Receipt, archive: Archive) -> Iterator[str]:
    """What became of the cited articles; one that is gone leaves no more than the count."""
    cited = {c["article_id"]: c for c in receipt.answer["citations"]}
    found = {article_id: archive.article(article_id) for article_id in cited}
    if gone := sum(article is None for article in found.values()):
        yield f"{gone} cited article{' is' if gone == 1 else 's are'} no longer in the archive."
    for article_id, article in found.items():
        if not article or article.revision == cited[article_id]["revision"]:
            continue
        if not receipt.as_of or article.usable_from > utc_now():  # later versions do not count for the archive of a day
            yield f"the article of [{cited[article_id]['number']}] {_became(article, cited[article_id])}."


def _became(article: Article, cited: dict[str, Any]) -> str:
    version = f"{article.revision} of {article.updated or 'unknown time'}"
    if article.usable_from > utc_now():
        return f"was withdrawn ({article.status.value})"
    if article.status is Status.CORRECTED and article.correction != cited["correction"]:
        return f"was corrected (version {version})"
    return f"has a new version ({version})"


def _passages(receipt: Receipt, answer: Answer) -> Iterator[str]:
    was = [passage.id for passage in receipt.passages]
    now = [ShownPassage.of(hit).id for hit in answer.hits]
    if new := len(set(now) - set(was)):
        yield f"{new} new passage{'s rank' if new > 1 else ' ranks'} among the hits."
    if lost := len(set(was) - set(now)):
        yield f"{lost} passage{'s' if lost > 1 else ''} no longer found."
    if set(was) == set(now) and was != now:
        yield "the hits stand in another order."


def _settings(was: Settings, now: Settings) -> Iterator[str]:
    for name in ("embedder", "index", "weights", "reranked", "software"):
        before, after = getattr(was, name), getattr(now, name)
        if before != after:
            yield f"the setting {name} was {_line(str(before))} and is {_line(str(after))}."


def _line(text: str) -> str:
    return "".join(sign for sign in text if sign.isprintable())[:200]
