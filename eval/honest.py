"""Honest sentences about news: some written by hand, others made by rule out of the sample news, in other words for the same.

A sentence said otherwise by rule keeps every fact: a number in another form, a weekday as its date, whose words they are
put in front, a relative clause left out, a person by the surname.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path

from ingest.splitter import split
from rag.archive import Archive
from rag.article import Article, NewsTime
from rag.passage import Passage
from rag.sentences import Span, sentences
from rag.words import tokens

from .question import Split

WRITTEN = Path(__file__).parent / "data" / "honest_sentences.jsonl"
_SHORTEST, _LONGEST = 6, 45  # words of a sentence that is worth saying otherwise
MONTHS = "January February March April May June July August September October November December".split()
WEEKDAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
_SMALL = "two three four five six seven eight nine ten eleven twelve".split()
_NAME = r"[A-Z][\w’-]+(?: [A-Z][\w’-]+)+"
_SAID_LAST = re.compile(
    rf"^(?P<what>[^“”]+), (?:(?P<who>{_NAME})(?:, [^,“”]+,)? said|said (?P<who2>{_NAME})(?:, [^,“”]+)?)\.$"
)
_ON_WEEKDAY = re.compile(rf"\bon ({'|'.join(WEEKDAYS)})\b")
_DAY_MONTH = re.compile(rf"\b(\d{{1,2}}) ({'|'.join(MONTHS)})\b(?! \d{{4}})")
_RELATIVE = re.compile(r", (?:which|who|whose)\b[^,;“”]*,(?= )")
_SMALL_NUMBER = re.compile(rf"\b({'|'.join(_SMALL)})(?= [a-z]+s\b)")


@dataclass(frozen=True, slots=True)
class Honest:
    """A sentence that is true of the passage of an article; ``way`` says how it came to its words."""

    text: str
    article: Article
    passage: Passage
    split: Split
    way: str


def written() -> list[Honest]:
    """Those written by hand, with their invented news; the whole body is the passage."""
    found = []
    for number, line in enumerate(WRITTEN.read_text("utf-8").splitlines()):
        told = json.loads(line)
        time = NewsTime(datetime.fromisoformat(f"{told['published']}T09:00:00").replace(tzinfo=UTC), told["published"], "")
        article = Article(
            identity=f"written-{number}", headline=told["headline"], body=told["body"], publisher=told["publisher"],
            first_published=time,
        )  # fmt: skip
        passage = Passage(article.id, article.revision, 0, 0, len(article.body), article.body)
        found += [Honest(text, article, passage, Split(told["split"]), "written") for text in told["honest"]]
    return found


def by_rule(archive: Archive) -> Iterator[Honest]:
    """Every sentence of an archive's usable articles that a rule can say otherwise, in each way; a half of the articles for
    tuning, by a digest of their text."""
    for article in sorted(archive.usable_articles(), key=lambda article: article.id):
        half = Split.TUNE if sha256(article.body.encode()).digest()[0] % 2 else Split.REPORT
        for passage in split(article):
            for span in sentences(article.body, Span(passage.start, passage.end)):
                text = span.of(article.body)
                if _SHORTEST <= len(tokens(text)) <= _LONGEST and _is_whole(text):
                    for way, said in said_otherwise(text, article):
                        yield Honest(said, article, passage, half, way)


def said_otherwise(text: str, article: Article) -> Iterator[tuple[str, str]]:
    """In how many ways a rule can, each with its name."""
    for way, change in _WAYS.items():
        said = change(text, article)
        if said and said != text:
            yield way, said


def _is_whole(text: str) -> bool:
    return text.count("“") == text.count("”") and text[-1] in ".”"


def _speaker_first(text: str, article: Article) -> str:
    match = _SAID_LAST.match(text)
    return f"According to {match['who'] or match['who2']}, {_lowered(match['what'])}." if match else ""


def _reported(text: str, article: Article) -> str:
    day = _published(article)
    if not (article.publisher and day):
        return ""
    return f"{article.publisher} reported on {day.day} {MONTHS[day.month - 1]}: {text}"


def _dated(text: str, article: Article) -> str:
    """The weekday as the date of the last one before publication; a coming one cannot be told from it by rule."""
    match, day = _ON_WEEKDAY.search(text), _published(article)
    if not match or not day or not re.search(r"\b(?:said|told|was|were|had|\w+ed)\b", text):
        return ""
    if re.search(r"\b(?:will|would|next|from|until|begins?|starts?|is to|are to|every|coming)\b", text):
        return ""
    meant = day - timedelta(days=(day.weekday() - WEEKDAYS.index(match[1])) % 7)
    return f"{text[: match.start()]}on {meant.day} {MONTHS[meant.month - 1]}{text[match.end() :]}"


def _month_first(text: str, article: Article) -> str:
    return _outside_quotes(_DAY_MONTH, r"\2 \1", text)


def _share_in_sign(text: str, article: Article) -> str:
    return _outside_quotes(re.compile(r"(\d) per ?cent\b"), r"\1%", text)


def _million_in_figures(text: str, article: Article) -> str:
    return _outside_quotes(re.compile(r"\b(\d+(?:\.\d+)?) million\b"), r"\1m", text)


def _small_in_figures(text: str, article: Article) -> str:
    match = _SMALL_NUMBER.search(blanked(text))
    return f"{text[: match.start()]}{_SMALL.index(match[1]) + 2}{text[match.end() :]}" if match else ""


def _shorter(text: str, article: Article) -> str:
    """Without a relative clause."""
    match = _RELATIVE.search(blanked(text))
    return text[: match.start()] + text[match.end() :] if match else ""


def _by_surname(text: str, article: Article) -> str:
    """A person by the surname, where it is one: others of the article bear it alone as well."""
    for match in re.finditer(_NAME, blanked(text)):
        surname = match[0].split()[-1]
        if len(match[0].split()) == 2 and re.search(rf"(?<!{match[0].split()[0]} )\b{surname} (?:said|told)", article.body):
            return f"{text[: match.start()]}{surname}{text[match.end() :]}"
    return ""


def _outside_quotes(pattern: re.Pattern[str], by: str, text: str) -> str:
    match = pattern.search(blanked(text))
    return text[: match.start()] + match.expand(by) + text[match.end() :] if match else ""


def blanked(text: str) -> str:
    """With what stands between quotation marks made unreadable: those words are somebody's, and stay."""
    return re.sub(r"“[^”]*”?", lambda match: "_" * len(match[0]), text)


def _lowered(text: str) -> str:
    opens = re.match(r"(?:The|A|An|It|He|She|They|In|On|At|This|There|Some|About)\b", text)
    return text[0].lower() + text[1:] if opens else text


def _published(article: Article) -> date | None:
    return date.fromisoformat(article.published[:10]) if article.published else None


_WAYS: dict[str, Callable[[str, Article], str]] = {
    "speaker first": _speaker_first,
    "reported by": _reported,
    "weekday as date": _dated,
    "month first": _month_first,
    "per cent as sign": _share_in_sign,
    "million as m": _million_in_figures,
    "small number in figures": _small_in_figures,
    "relative clause left out": _shorter,
    "by surname": _by_surname,
}
