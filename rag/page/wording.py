"""What a reader sees of an article in a line: its day, its credit, its label, its address. All of it escaped here."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from urllib.parse import urlsplit

from ..article import Article, Kind, Status

_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u2028\u2029\ufeff\U000e0000-\U000e007f]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_ISO_DAY = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")
_NAMED = 5
_IN_ADDRESS = re.compile(r"[^\s\\<>\"'`\x00-\x20\x7f-\x9f]+")


def plain(text: str) -> str:
    """A stranger's text as HTML on one line: no markup, no control character, no half of a surrogate pair."""
    text = _SURROGATE.sub("\ufffd", _UNSEEN.sub("", text))
    # Markdown may not see a line end, nor brackets, dollars and the like, so that it can start nothing of its own.
    return html.escape(" ".join(text.split()), quote=True).translate(_MARKDOWN)


_MARKDOWN = {ord(sign): f"&#{ord(sign)};" for sign in "*_`~[]()!|$\\{}^:"}


def day_words(iso: str) -> str:
    """ "2026-03-08T10:25:00Z" -> "8 March 2026"; "date unknown" where there is none."""
    try:
        day = date.fromisoformat(iso[:10])
    except ValueError:
        return "date unknown"
    return f"{day.day} {day:%B} {day.year}"


def spoken_day_words(day: str) -> str:
    """ "2026-03-03" -> "3 March 2026", "2026-03" -> "March 2026", a year as it is."""
    if len(day) == 10:
        return day_words(day)
    return f"{date.fromisoformat(f'{day}-01'):%B %Y}" if len(day) == 7 else day


def span_words(first: str, last: str) -> str:
    """ "4 March to 29 May 2026", with both years where they differ; empty where no day is known."""
    if not first or not last:
        return ""
    begin, end = day_words(first), day_words(last)
    if begin == end:
        return begin
    return f"{begin[:-5] if begin[-5:] == end[-5:] else begin} to {end}"


def held_words(articles: int, first: str, last: str) -> str:
    """ "91 articles, 4 March to 29 May 2026"."""
    return ", ".join(part for part in (articles_words(articles), span_words(first, last)) if part)


def with_day_words(text: str) -> str:
    """The same line with every ISO day in words."""
    return _ISO_DAY.sub(lambda match: day_words(match[0]), text)


def dates(article: Article) -> str:
    """The first publication, and this version where it came a day or more later."""
    first = day_words(article.published)
    return f"{first}, this version {day_words(article.updated)}" if _is_later(article) else first


def _is_later(article: Article) -> bool:
    if not article.published or not article.updated:
        return False
    return datetime.fromisoformat(article.updated) - datetime.fromisoformat(article.published) >= timedelta(days=1)


def credit(article: Article) -> str:
    """ "Halvern Telegraph Agency, via Pellow Bay Courier"; the publisher alone where it wrote the story itself."""
    publisher, originator = article.publisher.strip(), article.originator.strip()
    if originator and publisher and originator.casefold() != publisher.casefold():
        return f"{originator}, via {publisher}"
    return publisher or originator or "publisher unknown"


def byline(article: Article) -> str:
    """ "By Clio Venning and Ruben Astell"; empty where nobody signed, or only the agency did."""
    names = [name for name in article.bylines if name.casefold() != article.originator.casefold()]
    return f"By {', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else f"By {names[0]}" if names else ""


def carriers(names: Sequence[str]) -> str:
    """ "Also carried by HPB News, Halvern Lantern and 4 more"; empty where nobody else did."""
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return f"Also carried by {', '.join(names[:_NAMED])}{more}" if names else ""


def label(article: Article) -> str:
    """ "OPINION", "PRESS RELEASE", "SUMMARY FROM A FEED"; empty for a plain report."""
    kind = "" if article.kind is Kind.REPORT else article.kind.value.upper()
    return ", ".join(filter(None, (kind, "SUMMARY FROM A FEED" if article.excerpt else "")))


def correction(article: Article) -> str:
    """ "Correction of 5 March 2026: …", or "Corrected" where the publisher gave no note."""
    note, day = article.correction.strip(), article.corrected_on.day if article.corrected_on else ""
    if not note:
        return "Corrected by the publisher." if article.status is Status.CORRECTED else ""
    if day and day_words(day) not in note:
        return f"Correction of {day_words(day)}: {note}"
    return note if note.casefold().startswith(("correct", "clarif")) else f"Correction: {note}"


def safe_address(url: str) -> str:
    """The address where it is an ordinary http(s) link, or an empty string: no script, no sign-in name, no odd character."""
    try:
        parts = urlsplit(url)
        fair = parts.scheme in ("http", "https") and parts.hostname and "@" not in parts.netloc
    except ValueError:
        return ""
    return url if fair and _IN_ADDRESS.fullmatch(url) else ""


def host_of(address: str) -> str:
    return (urlsplit(address).hostname or "").removeprefix("www.")


def articles_words(count: int) -> str:
    return "1 article" if count == 1 else f"{count:,} articles"
