"""Quantity: the numbers of a text as values with their unit, whether they stand in digits, in words or scaled.

"1.4 million", "1,400,000" and "1.4m" are one value; "twenty-five" is 25; "$3bn" and "3 billion dollars" agree.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_SCALES = {"hundred": 1e2, "thousand": 1e3, "k": 1e3, "million": 1e6, "mn": 1e6, "m": 1e6, "billion": 1e9, "bn": 1e9,
           "b": 1e9, "trillion": 1e12, "tn": 1e12, "dozen": 12.0}  # fmt: skip
_CURRENCIES = {"$": "dollar", "€": "euro", "£": "pound", "¥": "yen", "usd": "dollar", "eur": "euro", "gbp": "pound"}
_UNITS = re.compile(
    r"^\W{0,2}(?:(?P<share>%|per ?cent\b|percentage points?\b)|(?:\w+ )?"
    r"(?P<money>dollar|euro|pound|crown|krone|franc|yen|rupee)s?\b"
    r"|(?P<code>USD|EUR|GBP)\b)",
    re.IGNORECASE,
)
_DIGITS = re.compile(
    r"(?P<sign>[$€£¥]\s?)?(?<![\w.])(?P<digits>\d+(?:[.,]\d+)*)(?:(?:[\s-]?(?P<scale>hundred|thousand|million|billion|trillion|bn|mn|tn)|(?P<letter>[mkb]))\b)?",
    re.IGNORECASE,
)
_SMALL = {word: float(n) for n, word in enumerate(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen".split()
)}  # fmt: skip
_TENS = {
    word: 10.0 * n for n, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), start=2)
}
_WORD = "|".join([*_SMALL, *_TENS])
_SPELT = re.compile(
    rf"\b(?:(?:a|{_WORD})[\s-])?(?:(?:and|{_WORD}|hundred|thousand|million|billion|dozen)[\s-])*(?:{_WORD}|hundred|thousand|million|billion|dozen)\b",
    re.IGNORECASE,
)
_RANGE = re.compile(
    r"\s?(?:to|and|or|[–-])\s?(?:[$€£¥]\s?)?\d[\d.,]*(?:\s(?P<scale>hundred|thousand|million|billion|trillion)\b)?",
    re.IGNORECASE,
)
_HALF = re.compile(r"\bhalf a (million|billion)\b", re.IGNORECASE)
_ROUGHLY = re.compile(
    r"\b(?:about|around|roughly|nearly|almost|some|approximately|over|under|than|up to|at least|close to)\s+\W?$",
    re.IGNORECASE,
)
_ROUGH = 0.06  # "about 1.4 million" for 1,432,000
_EXACT = 1e-9


@dataclass(frozen=True, slots=True)
class Quantity:
    """``words`` as they stand; ``unit`` is "%", a currency or an empty string; ``rough`` after "about" or "nearly"."""

    words: str
    value: float
    unit: str
    rough: bool

    def agrees_with(self, other: Quantity) -> bool:
        """Whether the other may be the source of this one: equal, or close where this one is rough."""
        if self.unit and other.unit and self.unit != other.unit:
            return False
        if "%" in (self.unit, other.unit) and self.unit != other.unit:
            return False
        rough = self.rough and _digits(self.value) < _digits(other.value)  # "about 44" is no rounding of 46
        allowed = max(_EXACT, _ROUGH if rough else 0.0) * max(abs(self.value), abs(other.value))
        return abs(self.value - other.value) <= allowed


def quantities(text: str) -> list[Quantity]:
    """Every number of a text but a lone "one", in the order: digits, then words."""
    text = _HALF.sub(lambda match: f"0.5 {match[1]}", text)
    found = [q for match in _DIGITS.finditer(text) if (q := _in_digits(text, match))]
    return found + [q for match in _SPELT.finditer(text) if (q := _in_words(text, match))]


def without_source(wanted: Sequence[Quantity], held: Sequence[Quantity]) -> list[Quantity]:
    """Those that agree with none of the held ones."""
    return [quantity for quantity in wanted if not any(quantity.agrees_with(other) for other in held)]


def _digits(value: float) -> int:
    """How many figures of it tell something: 3 of 408, 1 of 400, 2 of 1.4 million."""
    return len(f"{value:.10g}".partition("e")[0].replace(".", "").strip("0"))


def _in_digits(text: str, match: re.Match[str]) -> Quantity | None:
    value = _value(match["digits"])
    if value is None:
        return None
    scaled = (match["scale"] or match["letter"] or "").lower()
    unit = _CURRENCIES.get((match["sign"] or "").strip()) or _unit_after(text, match.end())
    if not scaled and (other := _RANGE.match(text, match.end())):  # "3 to 5 million", "3 to 5 percent"
        scaled, unit = (other["scale"] or "").lower(), unit or _unit_after(text, other.end())
    scale = _SCALES[scaled] if scaled else 1.0
    return Quantity(match[0].strip(), value * scale, unit, _is_rough(text, match.start()))


def _value(digits: str) -> float | None:
    """1,400,000 and 1.400.000 have thousands; 3,5 and 3.5 a fraction; "1.2.3" is no number."""
    if re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{1,2}(?:,\d{2})+,\d{3}", digits):
        return float(digits.replace(",", ""))
    if re.fullmatch(r"\d{1,3}(?:\.\d{3}){2,}", digits):
        return float(digits.replace(".", ""))
    digits = digits.replace(",", ".")
    return float(digits) if digits.count(".") <= 1 else None


def _in_words(text: str, match: re.Match[str]) -> Quantity | None:
    words = re.findall(r"[a-z]+", match[0].lower())
    if words in (["one"], ["hundred"], ["thousand"], ["million"], ["billion"], ["dozen"]) or _follows_digits(
        text, match.start()
    ):
        return None
    total = current = 0.0
    for word in words:
        if word in _SCALES:
            current = max(current, 1.0) * _SCALES[word]
            total, current = (total + current, 0.0) if _SCALES[word] >= 1e3 else (total, current)
        else:
            current += _SMALL.get(word, 0.0) + _TENS.get(word, 0.0)
    return Quantity(match[0], total + current, _unit_after(text, match.end()), _is_rough(text, match.start()))


def _follows_digits(text: str, start: int) -> bool:
    """The "million" of "1.4 million" was counted with its digits."""
    return bool(re.search(r"\d[\s-]?$", text[max(0, start - 3) : start]))


def _unit_after(text: str, end: int) -> str:
    match = _UNITS.match(text[end : end + 40])
    if not match:
        return ""
    return "%" if match["share"] else _CURRENCIES.get((match["code"] or "").lower()) or (match["money"] or "").lower()


def _is_rough(text: str, start: int) -> bool:
    return bool(_ROUGHLY.search(text[max(0, start - 20) : start]))
