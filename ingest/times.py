"""From words to a NewsTime: what cannot be understood for certain stays without an instant."""

from __future__ import annotations

import re
import warnings
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from dateutil import parser as dateutil_parser

from rag.article import NewsTime

from .clean import one_line

_HOURS = {
    "UTC": 0, "GMT": 0, "Z": 0, "WET": 0, "WEST": 1, "BST": 1, "CET": 1, "MEZ": 1, "MET": 1, "WAT": 1,
    "CEST": 2, "MESZ": 2, "MEST": 2, "EET": 2, "SAST": 2, "CAT": 2, "EEST": 3, "MSK": 3, "EAT": 3, "TRT": 3,
    "PKT": 5, "IST": 5.5, "WIB": 7, "ICT": 7, "HKT": 8, "SGT": 8, "MYT": 8, "AWST": 8, "JST": 9, "KST": 9,
    "ACST": 9.5, "AEST": 10, "AEDT": 11, "NZST": 12, "NZDT": 13, "NST": -3.5, "NDT": -2.5, "AST": -4, "ADT": -3,
    "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7, "AKST": -9, "AKDT": -8,
    "HST": -10, "BRT": -3, "ART": -3,
}  # fmt: skip
_CITIES = {"ET": "America/New_York", "CT": "America/Chicago", "MT": "America/Denver", "PT": "America/Los_Angeles"}
_DOUBTFUL = {"IST": "IST read as India", "CST": "CST read as US Central", "BST": "BST read as British summer time"}

_LONGEST = 80
_EPOCH = re.compile(r"-?\d{9,10}(\.\d+)?|\d{13}|\d{16}")
_LABEL = re.compile(r"^(first )?(published|posted|updated|last updated|modified|date|issued)( on| at)?:?\s+", re.I)
_DIGITS = re.compile(r"(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)?")
_FULL_YEAR = re.compile(r"(?<!\d)(1[5-9]|2\d)\d\d(?!\d)")
_ZONE_NAME = re.compile(r"\d\s*([A-Z]{3,5})$")
_MERIDIEM = re.compile(r"\b([ap])\.\s?m\.", re.I)
_BRACKETED_ZONE = re.compile(r"\s*\(([A-Z]{2,5})\)$")
_OFFSET_FROM_GMT = re.compile(r"\b(?:GMT|UTC)\s*([+-]\d{1,2}(?::?\d\d)?)$")
_DOTTED_CLOCK = re.compile(r"\b(\d{1,2})\.(\d\d)(?=\s+[A-Z]{2,5}$)")
_YEAR_FIRST = re.compile(r"\d{4}\D")
_TWO_OFFSETS = re.compile(r"([+-]\d{2}:?\d{2})\s+\(?[A-Z]{2,5}\)?$")
# A part that the words leave out takes a different value in each: where the results differ, something was guessed.
_DEFAULTS = datetime(2000, 1, 1), datetime(2004, 2, 29)


def news_time(words: object, known_by: str) -> NewsTime | None:
    """The instant that the words name, in UTC; None where there are no words.

    ISO 8601, RFC 822 with named zones, written dates and seconds, milliseconds or microseconds since 1970. Words
    that leave out year, month or day, or that read as two dates (2/3/2024), keep ``instant`` None.
    ``known_by`` says where the words stood; a zone that was not given is noted there.
    """
    raw = one_line(str(words), _LONGEST) if words is not None else ""
    if not raw:
        return None
    instant, remark = _instant(raw)
    return NewsTime(instant, raw, f"{known_by} ({remark})" if remark else known_by)


def _instant(raw: str) -> tuple[datetime | None, str]:
    try:
        if _EPOCH.fullmatch(raw):
            return _from_epoch(raw), ""
        read = _from_iso(raw) or _from_words(raw)
        return _in_utc(read, raw) if read else (None, "")
    except (ValueError, OverflowError, OSError):
        return None, ""


def _from_epoch(raw: str) -> datetime:
    whole = len(raw.partition(".")[0].lstrip("-"))
    scale = {13: 1_000, 16: 1_000_000}.get(whole, 1)
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=float(raw) / scale)


def _from_iso(raw: str) -> datetime | None:
    if run_together := _DIGITS.fullmatch(raw):
        year, month, day, hour, minute, second = (int(part or 0) for part in run_together.groups())
        return datetime(year, month, day, hour, minute, second)
    try:
        return datetime.fromisoformat(raw)
    except ValueError:
        return None


def _from_words(raw: str) -> datetime | None:
    words = _LABEL.sub("", raw)
    if not _FULL_YEAR.search(words):
        return None
    orders = (False,) if _YEAR_FIRST.match(words) else (False, True)
    readings = {_read(_plain(words), default, dayfirst) for default in _DEFAULTS for dayfirst in orders}
    return readings.pop() if len(readings) == 1 else None


def _plain(words: str) -> str:
    words = _BRACKETED_ZONE.sub(r" \1", _MERIDIEM.sub(r"\1m", words))
    words = _DOTTED_CLOCK.sub(r"\1:\2", _TWO_OFFSETS.sub(r"\1", words))
    return _OFFSET_FROM_GMT.sub(r"\1", words)


def _read(words: str, default: datetime, dayfirst: bool) -> datetime | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", dateutil_parser.UnknownTimezoneWarning)
            return dateutil_parser.parse(words, default=default, dayfirst=dayfirst, tzinfos=_zone)
    except (ValueError, OverflowError, TypeError, ArithmeticError, AttributeError, IndexError):
        return None


def _zone(name: str | None, offset: int | None) -> tzinfo | None:
    if offset is not None:
        return timezone(timedelta(seconds=offset))
    if name in _CITIES:
        return ZoneInfo(_CITIES[name])
    return timezone(timedelta(hours=_HOURS[name])) if name in _HOURS else None


def _in_utc(read: datetime, raw: str) -> tuple[datetime, str]:
    if read.tzinfo is None:
        unknown = _ZONE_NAME.search(raw)
        remark = f"zone {unknown[1]} not known" if unknown and unknown[1] not in _HOURS else "no zone given"
        return read.replace(tzinfo=UTC), f"{remark}, read as UTC"
    remark = next((said for name, said in _DOUBTFUL.items() if re.search(rf"\b{name}\b", raw)), "")
    return read.astimezone(UTC), remark
